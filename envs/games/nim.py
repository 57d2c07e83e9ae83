"""Can two agents play Nim with two heaps? They take from one heap in turn; who takes the last wins."""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register


@register()
class Nim(TeamEnv):
    """Say what you leave: one heap as it is, the other smaller. The last to take wins 1 and costs the other 1.

    The heaps begin unequal, so the first can win: always leave them equal. Any other reply ends the game. It costs
    the mover 2, more than to lose, so that nobody gives up; and pays the other nothing, so that nobody waits for it.
    """

    agents = ("first", "second")
    instance_hidden = True  # there are so few beginnings that both splits need all of them
    levels = {"high": (3, 5, 7, 9)}

    def on_reset(self, rng: random.Random, high: int = 9) -> str:
        small = rng.randint(0, high - 1)
        self.heaps = rng.sample([small, rng.randint(small + 1, high)], 2)
        return self._shown()

    def choices(self, agent: str) -> list[str]:
        a, b = self.heaps
        return [f"{less} {b}" for less in range(a)] + [f"{a} {less}" for less in range(b)]

    def on_step(self, agent: str, reply: Reply) -> Turn:
        if reply.strip() not in self.choices(agent):
            return Turn(f"{agent} made an illegal move.", Reward(illegal=-2.0), over=True)
        self.heaps = [int(heap) for heap in reply.split()]
        other = "second" if agent == "first" else "first"
        if any(self.heaps):
            return Turn({other: self._shown()})
        return Turn(f"{agent} wins.", {agent: Reward(win=1.0), other: Reward(loss=-1.0)}, over=True)

    def solve(self, agent: str) -> str:
        least = min(self.heaps)
        return f"{least} {least}" if max(self.heaps) > least else f"{least - 1} {least}"

    def _shown(self) -> str:
        return f"Heaps {self.heaps[0]} {self.heaps[1]}"
