"""Do the tokens, the rewards and the file of an episode fit together?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.episode import Episode, success, summary
from syllogym.envs import Prompt, Reply, Reward, ToolCall


def said(**extras: Any) -> Reply:
    return Reply("hi", **{"prompt_ids": [1, 2], "token_ids": [3, 4], "logprobs": [-0.5, -0.25], **extras})


def forked() -> Episode:
    """Return an episode whose first step is continued twice."""
    episode = Episode("env", 7, {"span": [1, 2]}, "train", 3, 1)
    episode.append("agent", 0, Prompt("é\u2028"), said(finish_reason="stop"))
    episode.append("agent", 1, Prompt("a"), said(prompt_ids=[5], token_ids=[6], logprobs=[-1.0]), 0)
    episode.append("agent", 1, Prompt("b"), said(prompt_ids=[7], token_ids=[8], logprobs=[-2.0]), 0)
    return episode


@pytest.mark.parametrize(
    ("reply", "parent", "words"),
    [
        (said(logprobs=[-1.0]), -1, "sampled 2 tokens but 1 log-probs"),
        (said(prompt_ids=[]), -1, "after an empty prompt"),
        (said(), 5, "step 5 is not an earlier step"),
        (said(), -2, "step -2 is not an earlier step"),
    ],
)
def test_moves_that_do_not_fit_are_refused(reply: Reply, parent: int, words: str) -> None:
    episode = forked()
    with pytest.raises(ValueError, match=words):
        episode.append("agent", 2, Prompt("?"), reply, parent)
    assert len(episode.steps) == 3


def test_nobody_continues_anothers_context() -> None:
    with pytest.raises(ValueError, match="step 0 is not an earlier step of other"):
        forked().append("other", 1, Prompt("?"), said(), 0)


def test_branches_are_the_contexts_an_engine_saw() -> None:
    episode = forked()
    assert list(episode.leaves()) == [1, 2]
    assert episode.chain(2) == [0, 2]
    assert episode.context(1) == [1, 2, 3, 4, 5, 6]
    assert episode.context(2) == [1, 2, 3, 4, 7, 8]
    assert episode.context(-1) == []


texts = st.text() | st.text('\u2028\u2029\x85\r\n\x0c\x1e\0\ud83d\ude00\udfff"\\/é')
numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    prompt=texts,
    reply=texts,
    options=st.dictionaries(texts, st.none() | st.booleans() | st.integers() | numbers | texts),
    parts=st.dictionaries(st.text("abc", min_size=1), st.floats(-1e6, 1e6)),
    logprobs=st.lists(numbers, min_size=2, max_size=2),
    idle=numbers,
)
def test_an_episode_comes_back_from_its_line_to_the_byte(
    prompt: str,
    reply: str,
    options: dict[str, Any],
    parts: dict[str, float],
    logprobs: list[float],
    idle: float,
) -> None:
    episode = Episode("env", 7, options, "train", 3, 1, max_turns=2)
    calls = (ToolCall("price", {"item": reply}),)
    said = Reply(reply, prompt_ids=[1], token_ids=[2, 3], logprobs=logprobs, tool_calls=calls)
    episode.append("agent", 0, Prompt(prompt), said)
    episode.pay("agent", 0, Reward(**parts))
    episode.pay("other", None, idle)
    line = episode.to_json()
    assert line.encode().decode().splitlines() == [line]
    assert Episode.from_json(line).to_json() == line


def test_an_episode_comes_back_from_its_line_as_it_was() -> None:
    episode = forked()
    episode.pay("agent", 1, Reward(correct=1.0, brevity=-0.1))
    episode.pay("other", None, 0.5)
    assert Episode.from_json(episode.to_json()) == episode


@pytest.mark.parametrize("step", [1, None])
@pytest.mark.parametrize("reward", [float("nan"), float("inf"), Reward(correct=float("-inf"))])
def test_a_reward_that_is_no_finite_number_is_refused(reward: float, step: int | None) -> None:
    episode = forked()
    with pytest.raises(ValueError, match=r"agent was paid (nan|inf|-inf), which is not a finite number"):
        episode.pay("agent", step, reward)
    assert episode == forked()


def test_rewards_add_up_by_agent_and_part() -> None:
    episode = forked()
    episode.pay("agent", 1, Reward(correct=1.0, brevity=-0.25))
    episode.pay("agent", 1, Reward(correct=0.5))
    episode.pay("agent", 2, 2.0)
    episode.pay("other", None, -1.0)
    assert episode.reward("agent") == episode.reward() == 3.25
    assert episode.part("correct") == 1.5
    assert episode.part("reward") == 2.0
    assert episode.part("unheard") is None
    assert episode.idle == {"other": -1.0}


def test_parts_that_cancel_out_are_still_told() -> None:
    episode = forked()
    episode.pay("agent", 1, Reward(correct=1.0, cost=-1.0))
    assert episode.part("correct") == 1.0
    assert success(episode, max_return=1.0)


@pytest.mark.parametrize(("pay", "solved"), [(Reward(correct=0.0, style=9.0), False), (1.0, True), (0.9, False)])
def test_success_is_the_part_called_correct_or_the_full_return(pay: float, solved: bool) -> None:
    episode = forked()
    episode.pay("agent", 1, pay)
    assert success(episode, max_return=1.0) is solved


def test_the_summary_by_hand() -> None:
    one, other = forked(), Episode("env", 8)
    one.pay("agent", 1, 1.0)
    other.append("agent", 0, Prompt("?"), said(finish_reason="length"))
    numbers = summary([one, other], max_return=1.0)
    lengths = {"length": 6 / 4, "length_correct": 4 / 3, "length_wrong": 2.0}
    assert numbers == {"reward": 0.5, "accuracy": 0.5, **lengths, "turns": 2.0, "cut_off": 0.25}


def test_a_summary_has_no_length_of_wrong_episodes_when_all_are_right() -> None:
    episode = Episode("env", 0)
    episode.append("agent", 0, Prompt("?"), said())
    episode.pay("agent", 0, 1.0)
    assert "length_wrong" not in summary([episode], max_return=1.0)
