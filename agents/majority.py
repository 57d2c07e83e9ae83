"""What do most of several replies answer? Self-consistency (arXiv 2203.11171)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from syllogym.agents import register
from syllogym.agents.player import Request
from syllogym.agents.several import Several
from syllogym.envs import Reply
from syllogym.envs.answers import vote
from syllogym.envs.tools import parse_tool_calls


@register()
@dataclass(kw_only=True)
class Majority(Several):
    """Says the first of `n` replies of the player `of` that answers what most of them answer.

    An answer is read as the environment reads it; numbers of the same value are the same. In environments without a
    form of answer, whole replies vote, upper and lower case and white space apart. Who answers nothing has no vote.
    """

    async def choose(self, request: Request, replies: Sequence[Reply]) -> int:
        """Return the place of the first reply with the most frequent answer; of equally frequent ones the first."""
        votes = [_vote(request, reply) for reply in replies]
        count = Counter(vote for vote in votes if vote is not None)
        return votes.index(count.most_common(1)[0][0]) if count else 0


def _vote(request: Request, reply: Reply) -> Hashable:
    if request.tools() and (calls := parse_tool_calls(reply)):
        return repr(calls)
    return vote(reply, getattr(request.env, "answer_in", None))
