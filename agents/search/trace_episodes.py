"""How does a learner see a search? As episodes of one move: a thought, said where its parent had led.

Siblings are a group, and a thought is paid what the search found below it. So methods that compare the replies of a
group (GRPO and others) give it its advantage among its siblings, and the others its return; no method knows of trees.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import TypeAlias

from syllogym.agents.chat import ChatFormat
from syllogym.agents.episode import Episode
from syllogym.agents.search.outcomes import Rule, returns
from syllogym.agents.search.traces import Trace
from syllogym.envs import Prompt, Reply

Asked: TypeAlias = Callable[[Trace, int], str]
"""Takes a trace and a node; returns what is asked of the one who thinks on from there."""


def next_step(trace: Trace, node: int) -> str:
    """Tell the task, and what is known at a node."""
    return f"{trace.task.prompt}\n\n{trace.task.show(trace.tree.state[node])}"


def thoughts(
    trace: Trace, chat: ChatFormat, rule: Rule = "mean", asked: Asked = next_step, group: int = 0
) -> list[Episode]:
    """Return an episode for every thought of which it is known what came of it.

    Args:
        trace: of the search. chat: of the policy that learns. rule: see `syllogym.agents.search.outcomes.returns`.
        asked: the prompt of a thought. group: number of the root's children; each further parent counts on by its node.
    """
    tree, paid = trace.tree, returns(trace.tree, trace.outcome, rule)
    return [
        _said(trace, chat, node, asked, group + tree.parent[node], paid[node])
        for node in range(1, len(tree))
        if not isnan(paid[node])
    ]


def solved(trace: Trace, chat: ChatFormat, most: int | None = 1, asked: Asked = next_step) -> list[Episode]:
    """Return an episode for every thought on the `most` shortest ways to right answers, to be imitated."""
    nodes = sorted({node for way in trace.solved(most) for node in way})
    episodes = [_said(trace, chat, node, asked, node, 1.0) for node in nodes]
    for episode in episodes:
        episode.demonstrated = True
    return episodes


def _said(trace: Trace, chat: ChatFormat, node: int, asked: Asked, group: int, reward: float) -> Episode:
    prompt, text = Prompt(asked(trace, trace.tree.parent[node])), trace.tree.text[node]
    reply = Reply(text, prompt_ids=chat.first(prompt.messages), token_ids=chat.reply(text), finish_reason="stop")
    episode = Episode("", 0, group=group, index=node, terminated=True)
    episode.append("agent", 0, prompt, reply)
    episode.pay("agent", 0, reward)
    return episode
