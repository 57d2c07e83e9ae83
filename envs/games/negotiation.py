"""Can two agents agree on who gets what? Each knows only what the things are worth to itself."""

from __future__ import annotations

import random
import re
from itertools import product

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register

_OFFER = re.compile(r"offer((?: \d+)+)", re.ASCII)


@register()
class Negotiation(TeamEnv):
    """Things of three kinds are to be shared, in the manner of Deal or No Deal (arXiv 1706.05125).

    In turn an agent says `offer 1 0 2`, what it would leave to the other of each kind, or `accept` to the last offer.
    A deal pays each the worth of its share, of 10 in all, over 10; nobody is paid without one, and a reply that is
    neither costs the speaker 0.5 and ends it. With `shared` above 0 each is paid that share of the other's worth, too.
    """

    agents = ("first", "second")
    max_turns = 6
    levels = {"kinds": (2, 3)}

    def on_reset(self, rng: random.Random, kinds: int = 3, shared: float = 0.0) -> dict[str, str]:
        self.shared = shared
        self.amounts, self.worth = _drawn(rng, kinds)
        self.offer: list[int] = []
        return {"first": self._shown("first")}

    def on_step(self, agent: str, reply: Reply) -> Turn:
        other = "second" if agent == "first" else "first"
        said = reply.strip()
        if said == "accept" and self.offer:
            return Turn("Agreed.", self._shares(agent, other), over=True)
        found = _OFFER.fullmatch(said)
        offer = [int(count) for count in found[1].split()] if found and len(said) < 100 else []
        fits = len(offer) == len(self.amounts) and all(a <= b for a, b in zip(offer, self.amounts, strict=True))
        if not fits:
            return Turn(f"{agent} said what is no offer.", {agent: Reward(illegal=-0.5)}, over=True)
        self.offer = offer
        return Turn({other: f"{self._shown(other)} {agent}: {said}."})

    def choices(self, agent: str) -> list[str]:
        """List all offers, and `accept` where there is one to accept."""
        offers = product(*(range(count + 1) for count in self.amounts))
        return [*(["accept"] if self.offer else []), *(f"offer {' '.join(map(str, offer))}" for offer in offers)]

    def slip(self, agent: str, rng: random.Random, rate: float) -> str:
        """Accept what is worth half of all, or leave the other what is worth least; at `rate`, offer anything."""
        if rng.random() < rate:
            return f"offer {' '.join(str(rng.randint(0, count)) for count in self.amounts)}"
        mine = self.worth[agent]
        if self.offer and sum(a * b for a, b in zip(self.offer, mine, strict=True)) >= 5:
            return "accept"
        cheap = min(range(len(mine)), key=mine.__getitem__)
        left = [count if kind == cheap else 0 for kind, count in enumerate(self.amounts)]
        return f"offer {' '.join(map(str, left))}"

    def _shares(self, taker: str, giver: str) -> dict[str, float]:
        kept = [count - given for count, given in zip(self.amounts, self.offer, strict=True)]
        worth = {
            who: sum(a * b for a, b in zip(share, self.worth[who], strict=True)) / 10
            for who, share in ((taker, self.offer), (giver, kept))
        }
        return {
            who: Reward(deal=worth[who], others=self.shared * worth[other])
            for who, other in ((taker, giver), (giver, taker))
        }

    def _shown(self, agent: str) -> str:
        each = zip(self.amounts, self.worth[agent], strict=True)
        return f"There are {'; '.join(f'{count} worth {worth}' for count, worth in each)}."


def _drawn(rng: random.Random, kinds: int) -> tuple[list[int], dict[str, list[int]]]:
    """Draw counts and, for each agent, worths that come to 10."""
    while True:
        counts = [rng.randint(1, 4) for _ in range(kinds)]
        fitting = _worths(counts, 10)
        if len(fitting) > 1:
            return counts, {agent: rng.choice(fitting) for agent in Negotiation.agents}


def _worths(counts: list[int], total: int) -> list[list[int]]:
    """List all worths of things in these counts that come to `total`."""
    if not counts:
        return [[]] if total == 0 else []
    count, *rest = counts
    return [[worth, *others] for worth in range(total // count + 1) for others in _worths(rest, total - worth * count)]
