"""What came of an evaluation of routers? All numbers of a report, as plain data that is read back as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from syllogym.scenarios.analysis.bootstrap import Estimate
from syllogym.scenarios.routing.calibration import Calibration


@dataclass(frozen=True)
class Point:
    """An operating point: a router in one setting, or one model that is always asked.

    Attributes:
        name: of the setting. quality: mean. cost: mean, dollars a question. calls: models asked, a question.
        arena: RouterArena's score. v_reference, v_best: RouterEval's quality by the strongest model's, and by that of
            whichever single model is best on these questions.
        entropy: RouterEval's, of the shares. delta_ibc: AutoMix's, between the cheapest and the strongest model.
        shares: how often each model's reply counts. front: whether no other point of the report beats it.
    """

    name: str
    quality: Estimate
    cost: Estimate
    calls: float
    arena: float
    v_reference: float | None
    v_best: float | None
    entropy: float
    delta_ibc: float | None
    shares: dict[str, float]
    front: bool


@dataclass(frozen=True)
class Within:
    """A router that may spend a share of what the strongest model costs.

    Attributes:
        share: of it. quality: mean. cost: dollars a question that were spent. kept: quality by the strongest model's.
    """

    share: float
    quality: Estimate
    cost: float
    kept: Estimate | None


@dataclass(frozen=True)
class Pair:
    """RouteLLM's numbers, where there are two models: APGR, and CPT by the share of the gap that is recovered."""

    apgr: float
    cpt: dict[str, float | None]


@dataclass(frozen=True)
class Found:
    """Everything about one router.

    Attributes:
        name: of it. baseline: whether it is there to be beaten. points: cheapest first.
        within: at shares of the strongest model's cost, without those that it cannot be as cheap as.
        over_strongest: its quality less the strongest model's, paired, where it may spend as much; None: it costs more.
        aiq: RouterBench's, over the budgets of the report. fall: by how much quality falls where more is spent.
        perf_gain, cost_save, pareto_dist: LLMRouterBench's, against the strongest model.
        pair, calibration: where there are two models; where it says what it expects.
    """

    name: str
    baseline: bool
    points: list[Point]
    within: list[Within]
    over_strongest: Estimate | None
    aiq: Estimate
    fall: float
    perf_gain: float | None
    cost_save: float | None
    pareto_dist: float
    pair: Pair | None
    calibration: Calibration | None


@dataclass(frozen=True)
class Contest:
    """A router against a baseline at equal cost.

    Attributes:
        share: of the strongest model's cost, which the router may spend; the baseline has as much as the router spent.
        gain: in quality, paired.
    """

    router: str
    rival: str
    share: float
    gain: Estimate


@dataclass(frozen=True)
class Findings:
    """A report in numbers.

    Attributes:
        title: of it. table: what was routed. questions: how many.
        families: how many task families intervals are drawn over; 0: over questions.
        strongest: the model that was best where routers learnt. budgets: least and largest cost of any point.
        models: each asked alone. routers: baselines first. contests: of each router and each baseline.
        pass_at_k: chance that one of k models, drawn by lot, is right, k from 1; empty where quality is graded.
        warnings: what a reader must not overlook.
    """

    title: str
    table: str
    questions: int
    families: int
    strongest: str
    budgets: tuple[float, float]
    models: list[Point]
    routers: list[Found]
    contests: list[Contest]
    pass_at_k: list[float]
    warnings: list[str]

    @property
    def strong(self) -> Point:
        """The strongest model, asked for everything."""
        return next(point for point in self.models if point.name == self.strongest)

    def contest(self, router: str, rival: str, share: float = 1.0) -> Contest | None:
        """Return the contest of these two at this share; None where one of them cannot be so cheap."""
        wanted = (router, rival, share)
        return next((one for one in self.contests if (one.router, one.rival, one.share) == wanted), None)

    def to_json(self) -> str:
        """Return all numbers as JSON text."""
        return _ADAPTER.dump_json(self, indent=1).decode() + "\n"

    @classmethod
    def from_json(cls, text: str) -> Findings:
        """Read what `to_json` wrote."""
        return _ADAPTER.validate_json(text)


_ADAPTER = TypeAdapter(Findings)
