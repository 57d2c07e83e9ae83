"""Can four agents learn from one mark? Each has a task of its own, and all get the share that is right."""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register


@register()
class Quartet(TeamEnv):
    """All four answer at once with the larger of their own two digits; everybody is paid the share of right answers."""

    agents = ("soprano", "alto", "tenor", "bass")
    levels = {"high": (4, 6, 9)}
    lazy_return = 0.5

    def on_reset(self, rng: random.Random, high: int = 9) -> dict[str, str]:
        self.digits = {agent: [str(rng.randint(0, high)) for _ in range(2)] for agent in self.agents}
        self.right = 0
        return {agent: " ".join(pair) for agent, pair in self.digits.items()}

    def to_act(self) -> tuple[str, ...]:
        return self.agents

    def on_step(self, agent: str, reply: Reply) -> Turn:
        self.right += reply.strip() == self.solve(agent)
        over = agent == self.agents[-1]
        return Turn(reward={"*": Reward(share=self.right / 4)} if over else 0.0, over=over)

    def solve(self, agent: str) -> str:
        return max(self.digits[agent])
