"""Do three answer better after reading one another? Multi-agent debate (arXiv 2305.14325) over any question."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from syllogym import envs
from syllogym.envs import Reply, Reward, TeamEnv, TextEnv, Turn, register
from syllogym.envs.answers import vote
from syllogym.errors import UserError, check_range


@register()
class Debate(TeamEnv):
    """All answer at once; then, in each further round, each reads what the others said and answers again.

    Each is paid what its own last answer earns in `task`, an environment that asks one question, and `majority` times
    what the answer that most of them give in the end does.
    """

    agents = ("debater_1", "debater_2", "debater_3")
    levels = {"rounds": (1, 2, 3)}

    def on_reset(
        self,
        rng: random.Random,
        task: str = "math/arithmetic",
        task_options: Mapping[str, Any] | None = None,
        rounds: int = 2,
        majority: float = 0.0,
    ) -> str:
        check_range("rounds", rounds, 1, 100)
        self.question = envs.make_plain(task, **(task_options or {}))
        if not isinstance(self.question, TextEnv) or self.question.max_turns != 1:
            raise UserError(f"task: {task} does not ask one agent one question, which is what can be debated.")
        prompt, _ = self.question.reset(seed=rng.getrandbits(62))
        self.rounds, self.majority = rounds, majority
        self.answers: list[dict[str, Reply]] = [{}]
        return str(prompt)

    def to_act(self) -> tuple[str, ...]:
        return self.agents

    def on_step(self, agent: str, reply: Reply) -> Turn:
        said = self.answers[-1]
        said[agent] = reply
        if agent != self.agents[-1]:
            return Turn()
        if len(self.answers) == self.rounds:
            return Turn(reward=self._earned(said), over=True)
        self.answers.append({})
        return Turn({who: _heard(who, said) for who in self.agents})

    def solve(self, agent: str) -> str:
        return str(self.question.solve())

    def _earned(self, said: Mapping[str, Reply]) -> dict[str, float]:
        earned = {who: self._earns(reply) for who, reply in said.items()}
        form = getattr(self.question, "answer_in", None)
        votes = {who: vote(reply, form) for who, reply in said.items()}
        count = Counter(answer for answer in votes.values() if answer is not None)
        chosen = count.most_common(1)[0][0] if count else None
        team = next((earned[who] for who in self.agents if chosen is not None and votes[who] == chosen), 0.0)
        return {who: Reward(correct=earned[who], majority=self.majority * team) for who in self.agents}

    def _earns(self, reply: Reply) -> float:
        _, reward, *_ = self.question.fork().step(reply)
        return float(reward)


def _heard(who: str, said: Mapping[str, Reply]) -> str:
    others = "\n\n".join(f"{other} says:\n{reply}" for other, reply in said.items() if other != who)
    return f"{others}\n\nAnswer again, with what they say in mind."
