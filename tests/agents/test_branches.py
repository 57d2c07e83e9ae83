"""Does a conversation under a template that rewrites history show the model what the template would have it see?"""

from __future__ import annotations

import random
from typing import Any

import pytest

from syllogym import envs
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import DemonstrationPlayer, PolicyPlayer
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rollout import Rollouts, Task
from syllogym.algorithms.core.batch import Batch
from syllogym.envs import Reply, Turn, tool
from tests.agents.templates import CHAT

THOUGHT = "<think>\nhm {}\n</think>\n\nreply {}"


@envs.register("test/three_questions")
class ThreeQuestions(envs.TextEnv):
    """Asks three questions."""

    def on_reset(self, rng: random.Random) -> str:
        return "question 0"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(f"question {self.turn + 1}", 1.0, over=self.turn == 2)

    def solve(self) -> str:
        return THOUGHT.format(self.turn, self.turn)


@envs.register("test/tool_between")
class ToolBetween(ThreeQuestions):
    """Has a tool."""

    @tool
    def price(self, item: str) -> str:
        """Return the price of an item."""
        return f"{item} costs 3"


class Says:
    """Samples given texts, one after the other, and remembers what it was shown."""

    def __init__(self, style: str, texts: list[str]) -> None:
        self.tokenizer = CHAT[style].tokenizer
        self.texts = texts
        self.shown: list[list[int]] = []

    async def generate(self, prompt: list[int], *, seed: int, sampling: Sampling) -> Sample:
        ids = [*self.tokenizer.encode(self.texts[len(self.shown)]), self.tokenizer.eos_token_id]
        self.shown.append(prompt)
        return Sample(ids, [-0.5] * len(ids), "stop", 0)


def played(style: str, env: str, texts: list[str]) -> tuple[Episode, Says]:
    engine = Says(style, texts)
    player = PolicyPlayer(engine, CHAT[style], Sampling())
    return Rollouts({"*": player}).run([Task(env, 0)])[0], engine


def rendered(style: str, episode: Episode, at: int) -> list[int]:
    """Return the ids of the whole conversation before a step as its template writes them."""
    told: list[dict[str, Any]] = []
    for step in episode.steps[:at]:
        told += [*step.prompt, {"role": "assistant", "content": step.reply}]
    messages = [*told, *episode.steps[at].prompt]
    tools = episode.steps[0].tools or None
    ids: list[int] = CHAT[style].tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_dict=False, tools=tools
    )
    return ids


@pytest.mark.parametrize("style", ["chatml", "llama3", "mistral", "qwen3"])
def test_the_model_is_shown_every_turn_as_the_template_renders_the_whole(style: str) -> None:
    episode, engine = played(style, "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    assert engine.shown == [rendered(style, episode, at) for at in range(3)]


def test_where_thoughts_are_dropped_every_question_begins_a_context() -> None:
    episode, engine = played("qwen3", "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    assert [step.parent for step in episode.steps] == [-1, -1, -1]
    last = CHAT["qwen3"].tokenizer.decode(engine.shown[2])
    assert "hm" not in last
    assert "reply 0<|im_end|>" in last


def test_where_nothing_is_rewritten_the_context_grows() -> None:
    episode, _ = played("chatml", "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    assert [step.parent for step in episode.steps] == [-1, 0, 1]


def test_a_tool_result_goes_on_in_the_context_and_the_next_question_begins_anew_with_the_tools_shown() -> None:
    call = '<think>\nlook\n</think>\n\n<tool_call>\n{"name": "price", "arguments": {"item": "tea"}}\n</tool_call>'
    texts = [call, *(THOUGHT.format(at, at) for at in range(3))]
    episode, engine = played("qwen3", "test/tool_between", texts)
    assert [step.parent for step in episode.steps[:3]] == [-1, 0, -1]
    assert engine.shown == [rendered("qwen3", episode, at) for at in range(len(episode.steps))]
    assert "Return the price" in CHAT["qwen3"].tokenizer.decode(engine.shown[2])


def test_each_context_is_learnt_from_as_a_sequence_and_earlier_replies_in_it_are_prompt() -> None:
    episode, engine = played("qwen3", "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    batch = Batch.of([episode])
    said = [step.token_ids for step in episode.steps]
    assert [ids.tolist() for ids in batch.sequences] == [
        [*shown, *ids] for shown, ids in zip(engine.shown, said, strict=True)
    ]
    learnt = [
        batch.sequences[sequence][position].item()
        for sequence, position in zip(batch.sequence.tolist(), batch.position.tolist(), strict=True)
    ]
    assert learnt == [token for ids in said for token in ids]


def test_a_replay_begins_contexts_where_the_recording_did() -> None:
    episode, _ = played("qwen3", "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    player = PolicyPlayer(Says("qwen3", []), CHAT["qwen3"], Sampling())
    again = Rollouts({"*": ReplayPlayer(player, [episode])}).run([Task("test/three_questions", 0)])
    assert [one.to_json() for one in again] == [episode.to_json()]


def test_a_demonstration_is_in_the_contexts_that_the_policy_would_see() -> None:
    episode, engine = played("qwen3", "test/three_questions", [THOUGHT.format(at, at) for at in range(3)])
    player = DemonstrationPlayer(CHAT["qwen3"])
    shown = Rollouts({"*": player}).run([Task("test/three_questions", 0)])[0]
    assert [step.prompt_ids for step in shown.steps] == engine.shown
    assert [step.token_ids for step in shown.steps] == [step.token_ids for step in episode.steps]
