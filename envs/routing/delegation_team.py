"""Can the experts learn beside those who ask them? Delegation in which they are agents of the team."""

from __future__ import annotations

from collections.abc import Sequence

from syllogym.envs import Reply, Reward, Turn, register
from syllogym.envs.routing.delegation import Delegation
from syllogym.envs.routing.pool import Question
from syllogym.envs.tree.usage import Usage
from syllogym.envs.waiting import Soon
from syllogym.errors import UserError


@register()
class DelegationTeam(Delegation):
    """As ``routing/delegation``, with the experts small, medium and large in seats of their own.

    `experts` says what their cards are; who plays them, trained or not, the scenario says. Experts whose steps are
    ready act at once, each on one step a turn. A step of a sum that is solved rightly pays its expert 1.
    """

    agents = ("decomposer", "allocator", "small", "medium", "large", "aggregator")

    @property
    def names(self) -> list[str]:
        """Names of the experts."""
        names = [card.name for card in self.pool.cards]
        if set(names) != set(self.agents) - set(self.roles):
            raise UserError(f"experts of {self.name} are small, medium and large; not {', '.join(names)}.")
        return names

    def to_act(self) -> Sequence[str]:
        return tuple(self.under_way) if self.stage == "experts" else (self.stage,)

    def on_step(self, agent: str, reply: Reply) -> Soon[Turn]:
        if agent in self.roles:
            return super().on_step(agent, reply)
        assert self.execution is not None
        at, question = self.under_way[agent]
        card = next(card for card in self.pool.cards if card.name == agent)
        prompt, completion, cached = reply.tokens or (len(question.text.split()), len(reply.split()), 0)
        cost, seconds = card.cost(prompt, completion), card.seconds(completion)
        self.execution.book(
            at, question, reply.strip(), Usage(prompt - cached, cached, completion, 1, money=cost, seconds=seconds)
        )
        right = question.answer is not None and reply.strip() == question.answer
        told = self._solved() if agent == self.waiting[-1] else {}
        return Turn(told, Reward(step=float(right)))

    def solve(self, agent: str) -> str:
        """Do as the labels say; as an expert, solve the step."""
        return super().solve(agent) if agent in self.roles else self.under_way[agent][1].answer or "?"

    def _solved(self) -> dict[str, str]:
        """Ask every expert that has a step which is ready; when none has, the results are collected."""
        run = self.execution
        assert run is not None
        self.stage = "experts"
        self.under_way: dict[str, tuple[int, Question]] = {}
        while not self.under_way and (ready := run.ready()):
            for at in ready:
                model = run.models[at]
                if model not in self.under_way and run.admit(at, self.pool):
                    self.under_way[str(model)] = (at, self._question(at, run.results))
        if not self.under_way:
            return self._collected()
        return {agent: question.text for agent, (_, question) in self.under_way.items()}
