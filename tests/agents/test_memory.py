"""Is what a player is no longer shown said, recorded, and the same to the engine, the learner and a replay?"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
import torch

from syllogym import agents, envs
from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.memory import MemoryPlayer, summary_by
from syllogym.agents.player import Context, DemonstrationPlayer, PolicyPlayer, Request
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rerun import differences
from syllogym.agents.rollout import Rollouts, Task
from syllogym.algorithms.core.batch import Batch
from syllogym.envs import Message, Reply, Turn
from tests.agents.models import tiny_policy
from tests.agents.templates import CHAT

TASK = Task("test/long_talk", 0)


@envs.register("test/long_talk")
class LongTalk(envs.TextEnv):
    """Asks eight questions."""

    system = "Be brief."

    def on_reset(self, rng: random.Random) -> str:
        return "The task. Question 0?"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(f"Question {self.turn + 1}?", 1.0, over=self.turn == 7)

    def solve(self) -> str:
        return f"answer {self.turn}"


class Remarks:
    """Says which move it is, and keeps what it was asked."""

    context: Context = "conversation"

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def act(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(f"reply {len(self.asked) - 1}")


def played(**bounds: int) -> Episode:
    return Rollouts({"*": MemoryPlayer(Remarks(), **bounds)}).run([TASK])[0]


def policy_player(context: int = 1024) -> PolicyPlayer:
    policy = tiny_policy(context=context)
    return PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=6))


def test_a_full_context_is_followed_by_a_new_one_with_the_task_the_summary_and_the_last_moves() -> None:
    episode = played(turns=4, keep=2)
    assert [step.parent for step in episode.steps] == [-1, 0, 1, 2, 3, -1, 5, 6]
    assert [bool(step.recalled) for step in episode.steps] == [step.turn == 5 for step in episode.steps]
    assert episode.steps[5].recalled == [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": "The task. Question 0?\n\n(3 earlier turns are left out here.)\n\nQuestion 3?",
        },
        {"role": "assistant", "content": "reply 3"},
        {"role": "user", "content": "Question 4?"},
        {"role": "assistant", "content": "reply 4"},
    ]


def test_the_last_moves_slide_along_where_one_less_than_all_are_kept() -> None:
    episode = played(turns=2, keep=2)
    assert [step.parent for step in episode.steps] == [-1, 0, 1, -1, -1, -1, -1, -1]
    assert "(5 earlier turns are left out here.)" in episode.steps[7].recalled[1]["content"]


def test_within_its_bound_nothing_is_left_out() -> None:
    assert not any(step.recalled for step in played(turns=7, keep=1).steps)


def test_a_policy_is_shown_what_is_recorded_and_its_learner_scores_it_so() -> None:
    player = policy_player()
    episode = Rollouts({"*": MemoryPlayer(player, turns=3, keep=1)}).run([TASK])[0]
    begun = [step for step in episode.steps if step.recalled]
    assert len(begun) == 2
    for step in begun:
        assert step.prompt_ids == player.chat.first([*step.recalled, *step.prompt])
    batch = Batch.of([episode])
    assert len(batch.sequences) == 3
    assert isinstance(player.engine, LocalEngine)
    with torch.no_grad():
        scores = player.engine.policy.score(batch.sequences, batch.sequence, batch.position)
    sampled = torch.tensor([value for step in episode.steps for value in step.logprobs])
    torch.testing.assert_close(scores.logprobs, sampled, rtol=1e-4, atol=1e-5)


def test_a_bound_of_tokens_keeps_a_conversation_in_a_small_model() -> None:
    with pytest.raises(ContextOverflow):
        Rollouts({"*": policy_player(128)}).run([TASK])
    episode = Rollouts({"*": MemoryPlayer(policy_player(160), tokens=90)}).run([TASK])[0]
    assert len(episode.steps) == 8
    assert any(step.recalled for step in episode.steps)


def test_demonstrations_are_in_the_contexts_that_the_policy_would_see() -> None:
    chat = tiny_policy().chat
    shown = Rollouts({"*": MemoryPlayer(DemonstrationPlayer(chat), turns=3)}).run([TASK])[0]
    assert [step.parent for step in shown.steps] == [-1, 0, 1, 2, -1, 4, 5, -1]
    assert "left out" in chat.text(shown.steps[4].prompt_ids)


def test_under_a_template_that_rewrites_earlier_replies_what_is_left_out_stays_left_out() -> None:
    chat = CHAT["qwen3"]
    shown = Rollouts({"*": MemoryPlayer(DemonstrationPlayer(chat), turns=3)}).run([TASK])[0]
    assert {step.parent for step in shown.steps} == {-1}
    later = chat.tokenizer.decode(shown.steps[5].prompt_ids)
    assert "Question 0?" in later and "Question 4?" in later and "Question 1?" not in later


def test_a_replay_begins_contexts_where_the_recording_did_and_remembers_the_same() -> None:
    recorded = Rollouts({"*": MemoryPlayer(policy_player(), turns=3)}).run([TASK])
    again = Rollouts({"*": ReplayPlayer(Remarks(), recorded)}).run([TASK])
    assert [episode.to_json() for episode in again] == [episode.to_json() for episode in recorded]
    assert differences(recorded[0]) == []


def test_a_hook_writes_the_summary_from_all_that_is_left_out() -> None:
    async def hook(left_out: Sequence[Message], seed: int) -> str:
        return " + ".join(str(message["content"]) for message in left_out if message["role"] == "assistant")

    player = MemoryPlayer(Remarks(), turns=3, summarise=hook)
    episode = Rollouts({"*": player}).run([TASK])[0]
    assert "\n\nreply 0 + reply 1 + reply 2\n\n" in episode.steps[4].recalled[1]["content"]


def test_a_player_may_be_asked_for_the_summary() -> None:
    other = Remarks()
    episode = Rollouts({"*": MemoryPlayer(Remarks(), turns=6, summarise=summary_by(other))}).run([TASK])[0]
    assert "(6 earlier turns are left out here. In short: reply 0)" in episode.steps[7].recalled[1]["content"]
    assert "assistant: reply 5" in other.asked[0].prompt and "reply 6" not in other.asked[0].prompt


def test_a_scripted_agent_that_needs_an_environment_cannot_summarise() -> None:
    player = MemoryPlayer(Remarks(), turns=3, summarise=summary_by(agents.get("oracle")()))
    with pytest.raises(ValueError, match="a question outside of the episode has no reference solver"):
        Rollouts({"*": player}).run([TASK])
