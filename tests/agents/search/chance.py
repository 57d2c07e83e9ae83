"""Those who answer at random, and use up to what was reserved for it, also at random."""

from __future__ import annotations

from collections.abc import Sequence

from syllogym.agents.search.oracle import dice_of
from syllogym.agents.search.request import GROWS, Case, Result
from syllogym.envs.tree.usage import NOTHING, Usage


class Anybody:
    """Proposes moves, some of them no moves, and judges, at random; each request may use `limit`, or less."""

    together = True

    def __init__(self, limit: Usage = NOTHING) -> None:
        self.limit = limit
        self.asked = 0

    def most(self, case: Case) -> Usage:
        return self.limit

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        self.asked += len(cases)
        return [self._result(case) for case in cases]

    def _result(self, case: Case) -> Result:
        request, dice = case.request, dice_of(case.seed)
        limit = self.limit
        free = [dice.randint(0, int(amount)) for amount in (limit.prompt, limit.cached, limit.completion)]
        used = Usage(*free, calls=limit.calls)
        if request.kind not in GROWS:
            return Result((), [round(dice.random(), 2) for _ in request.nodes], used)
        count = dice.randint(0, request.n + 1)
        if request.kind in ("solve", "refine"):
            return Result([f"Answer: {dice.randint(1, 9)}" for _ in range(count)], usage=used)
        moves = [*case.task.moves(case.tree.state[request.nodes[0]]), "nonsense"]
        return Result([dice.choice(moves) for _ in range(count)], usage=used)
