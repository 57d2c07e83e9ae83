"""How good is the best of several replies? That depends on who says which is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from syllogym.agents import make, register
from syllogym.agents.player import Request
from syllogym.agents.several import Several, best
from syllogym.envs import Reply
from syllogym.errors import UserError


@register()
@dataclass(kw_only=True)
class BestOfN(Several):
    """Says the best of `n` replies of the player `of`.

    Attributes:
        by: ``logprob``: the reply whose tokens the policy finds likeliest, on average. ``verifier``: the one that the
            environment pays best at once, tried on a fork. It looks at the answer, so it is an upper bound and no
            method. Or a judge, as in ``{name: judge, of: {name: openai_compatible, ...}}``.
    """

    by: Any

    def __post_init__(self) -> None:
        super().__post_init__()
        self.judge = None if self.by in ("logprob", "verifier") else make(self.by)
        if self.judge is not None and not hasattr(self.judge, "choose"):
            raise UserError(f"best_of_n.by: logprob, verifier or a judge; not {self.by!r}, which judges nothing.")

    async def choose(self, request: Request, replies: Sequence[Reply]) -> int:
        """Return the place of the best reply."""
        if self.judge is not None:
            return int(await self.judge.choose(request, replies))
        value = _logprob if self.by == "logprob" else _pay
        return best([value(request, reply) for reply in replies])


def _logprob(request: Request, reply: Reply) -> float:
    if not reply.logprobs:
        raise UserError("best_of_n.by: logprob needs a policy; what replies here gives no log-probs.")
    return sum(reply.logprobs) / len(reply.logprobs)


def _pay(request: Request, reply: Reply) -> float:
    env, agent = request.env, request.agent
    if env.waiting != (agent,):
        raise UserError(f"best_of_n.by: {env.name} hears several agents at once, so no reply can be verified alone.")
    twin = env.fork()
    rewards, _ = twin.act({agent: reply})
    return float(rewards.get(agent, 0.0)) + float(twin.late_pay().get(agent, 0.0))
