"""Can one agent set tasks that are neither too easy nor too hard for others? A proposer, and those who solve."""

from __future__ import annotations

import random
import re

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register
from syllogym.envs.answers import extract, matches
from syllogym.envs.math.expression import evaluate

_NUMBER = re.compile(r"\d+", re.ASCII)


@register()
class ProposerSolver(TeamEnv):
    """The proposer writes an expression with two given numbers in it; the solvers, all at once, say its value.

    A solver is paid for the right value. The proposer is paid what Absolute Zero pays (arXiv 2505.03335), 1 - p where p
    is the share who were right, and nothing where nobody was; an expression that cannot be read, leaves out a given
    number, or has more than `terms` numbers or one above `most` costs it 1 and ends the episode.
    """

    agents = ("proposer", "solver_1", "solver_2", "solver_3")
    levels = {"given": (9, 30, 99)}

    def on_reset(self, rng: random.Random, given: int = 20, terms: int = 4, most: int = 999) -> dict[str, str]:
        self.given = [rng.randint(2, given) for _ in range(2)]
        self.terms, self.most = terms, most
        self.right = 0
        given_ones = f"{self.given[0]} and {self.given[1]}"
        return {"proposer": f"Write an expression with {given_ones} in it, of at most {terms} numbers up to {most}."}

    def to_act(self) -> tuple[str, ...]:
        return self.agents[1:] if self.turn else ("proposer",)

    def on_step(self, agent: str, reply: Reply) -> Turn:
        if agent == "proposer":
            return self._proposed(reply.strip())
        found = extract(reply, "any") or reply.strip()
        correct = matches(found, self.value)
        self.right += correct
        pay = {agent: Reward(correct=float(correct))}
        if agent != self.agents[-1]:
            return Turn(reward=pay)
        share = self.right / (len(self.agents) - 1)
        return Turn(reward={**pay, "proposer": Reward(learnable=1.0 - share if share else 0.0)}, over=True)

    def solve(self, agent: str) -> str:
        return f"{self.given[0]}+{self.given[1]}" if agent == "proposer" else str(self.value)

    def _proposed(self, text: str) -> Turn:
        try:
            self.value, _ = evaluate(text)
        except ValueError as error:
            return self._refused(str(error))
        numbers = [int(number) for number in _NUMBER.findall(text)]
        left = list(numbers)
        for number in self.given:
            if number not in left:
                return self._refused(f"{number} is not in it")
            left.remove(number)
        if len(numbers) > self.terms or max(numbers) > self.most:
            return self._refused(f"it has more than {self.terms} numbers, or one above {self.most}")
        return Turn(dict.fromkeys(self.agents[1:], f"{text} = ?"))

    def _refused(self, why: str) -> Turn:
        return Turn({"proposer": why}, {"proposer": Reward(invalid=-1.0)}, over=True)
