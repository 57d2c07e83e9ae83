"""How does a search show a policy how a puzzle is solved? As one reply, dead ends and all, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from syllogym.agents.player import Request, reference_reply
from syllogym.agents.search import make
from syllogym.agents.search.oracle import OracleEvaluator, OracleProposer, dice_of
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.agents.search.traces import Trace
from syllogym.agents.search.unaided import Alike, Moves
from syllogym.agents.search.whole import answer_of
from syllogym.envs.answers import FORMS
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.tasks import task_of
from syllogym.errors import UserError, check_choice, check_range


@dataclass(frozen=True, kw_only=True)
class SearchDemonstrator:
    """Searches puzzles and tells how it went.

    Attributes:
        strategy: its name, or a mapping with its name and options. nodes: its budget.
        error: chance that no good thought is proposed, and that a judgement is turned around (see `OracleProposer`).
        blind: it knows nothing: it tries the task's moves in their order, judges all alike, and where all solutions are
            asked for goes on to the end, since it cannot know that it has found them.
        haste: chance that it ends with the first right answer it finds, whether there are others or not.
        tell: ``stream`` tells the whole search (see `Trace.stream`), ``path`` only the ways to right answers.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    strategy: str | dict[str, Any]
    nodes: int = 100
    error: float = 0.0
    blind: bool = False
    haste: float = 0.0
    tell: Literal["stream", "path"] = "stream"

    def __post_init__(self) -> None:
        make(self.strategy)
        check_range("search.nodes", self.nodes, 1, 1_000_000)
        check_choice("search.tell", self.tell, ("stream", "path"))
        for name, chance in (("error", self.error), ("haste", self.haste)):
            if not 0 <= chance <= 1:
                raise UserError(f"search.{name} is a chance, from 0 to 1; not {chance!r}.")
        if self.blind and self.error:
            raise UserError("search.error is of an oracle, and a blind search asks none; leave one of them out.")

    async def reply(self, request: Request) -> str:
        """Search the puzzle that is asked; write how it went, and every right answer that was found.

        Where none was found, or not all that are asked for, the reference solver answers.
        """
        trace = await self.searched(request)
        found = {str(answer_of(trace.task, trace.tree, way[-1])): way for way in _ways(trace)}
        if not found or trace.task.score("\n".join(found)) < trace.enough:
            return reference_reply(request)
        hasty = self.haste > 0 and dice_of(request.seed).random() < self.haste
        if hasty:
            first = min(found, key=lambda answer: found[answer][-1])
            found = {first: found[first]}
        only = hasty or (len(found) == 1 and not (self.blind and trace.task.solutions() is not None))
        told = trace.stream(max(way[-1] for way in found.values()) if only else None)
        if self.tell == "path":
            told = [" ".join(trace.texts(way)) for way in found.values()]
        if getattr(request.env, "tot", False):
            told = ["<tot>", *told, "</tot>"]
        return "\n".join([*told, FORMS["tag"].write % ("\n".join(found),)])

    async def searched(self, request: Request) -> Trace:
        """Return the search of the puzzle that is asked."""
        task = task_of(request.env)
        proposer: Any = Moves() if self.blind else OracleProposer(error=self.error)
        judge: Any = Alike() if self.blind else OracleEvaluator(error=self.error)
        search = Search(task, make(self.strategy), proposer, judge, budget=Budget(nodes=self.nodes), seed=request.seed)
        await run([search])
        if search.fault is not None:
            raise search.fault
        return Trace(task, search.tree)


def _ways(trace: Trace) -> list[tuple[int, ...]]:
    """Return the ways to right answers: all that are asked for, where a set is, else the shortest."""
    right = trace.task.solutions() or ()
    ends = ((node, answer_of(trace.task, trace.tree, node)) for node in range(len(trace.tree)))
    ways = [tuple(trace.tree.path(node))[1:] for node, answer in ends if answer is not None and answer in right]
    return ways or trace.solved(most=1)
