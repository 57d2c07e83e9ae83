"""Can two agents finish what neither could do alone? A speaker passes on one character, a listener answers."""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register


@register()
class Relay(TeamEnv):
    """Three digits: the speaker sees two and says one character, the listener sees the third and hears that character.

    Both are paid when the listener says the largest of the three.
    """

    agents = ("speaker", "listener")
    levels = {"high": (4, 6, 9)}
    lazy_return = 0.6

    def on_reset(self, rng: random.Random, high: int = 9) -> dict[str, str]:
        self.digits = [str(rng.randint(0, high)) for _ in range(3)]
        self.heard = ""
        return {"speaker": " ".join(self.digits[:2]), "listener": self.digits[2]}

    def on_step(self, agent: str, reply: Reply) -> Turn:
        if agent == "speaker":
            self.heard = reply.strip()[:1]
            return Turn({"listener": self.heard or "?"})
        right = reply.strip() == max(self.digits)
        return Turn(reward={"*": Reward(correct=float(right))}, over=True)

    def solve(self, agent: str) -> str:
        return max(self.digits[:2]) if agent == "speaker" else max(self.digits[2], self.heard)
