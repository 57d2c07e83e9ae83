"""Can two agents bluff? Kuhn's poker: three cards, one of which each holds, and one bet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import permutations
from typing import Any

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register

_DEALS = tuple("".join(cards) for cards in permutations("JQK", 2))


@register()
class KuhnPoker(TeamEnv):
    """Each puts 1 into the pot and holds one of J, Q, K. Say `pass` or `bet`; who passes after a bet gives up the pot.

    After two passes or two bets the higher card wins what the other put in: 1, or with bets 2 (Kuhn 1950). In
    equilibrium the first loses 1/18 a game. Any other reply ends the game; it costs the mover 3, and pays nobody.
    `deal` fixes the cards, the first's and the second's: `KQ`.
    """

    agents = ("first", "second")
    instance_hidden = True  # six deals are the whole game

    def on_reset(self, rng: random.Random, deal: str = "") -> dict[str, str]:
        self.cards = dict(zip(self.agents, deal or rng.choice(_DEALS), strict=True))
        self.said: list[str] = []
        return {"first": self._shown("first")}

    @classmethod
    def beginnings(cls) -> list[Mapping[str, Any]]:
        """Return the options of every beginning; all are equally likely."""
        return [{"deal": deal} for deal in _DEALS]

    def slip(self, agent: str, rng: random.Random, rate: float) -> str:
        """Bet with the king alone, neither bluff nor call; with chance `rate` say either word."""
        return rng.choice(self.choices(agent)) if rng.random() < rate else "bet" if self.cards[agent] == "K" else "pass"

    def _shown(self, agent: str) -> str:
        return " ".join([f"{self.cards[agent]}:", *self.said])

    def choices(self, agent: str) -> list[str]:
        return ["pass", "bet"]

    def on_step(self, agent: str, reply: Reply) -> Turn:
        if reply.strip() not in self.choices(agent):
            return Turn(f"{agent} made an illegal move.", Reward(illegal=-3.0), over=True)
        self.said.append(reply.strip())
        other = "second" if agent == "first" else "first"
        ends = self.said[-2:]
        if ends not in (["pass", "pass"], ["bet", "bet"], ["bet", "pass"]):
            return Turn({other: self._shown(other)})
        winner = other if ends == ["bet", "pass"] else max(self.agents, key=lambda who: "JQK".index(self.cards[who]))
        loser = "second" if winner == "first" else "first"
        stake = 2.0 if ends == ["bet", "bet"] else 1.0
        return Turn(f"{winner} wins {stake:g}.", {winner: Reward(win=stake), loser: Reward(loss=-stake)}, over=True)
