"""What is learnt from a search, by numbers worked out by hand?"""

from __future__ import annotations

from math import isnan, nan

import pytest
import torch

from syllogym.agents.chat import ChatFormat
from syllogym.agents.search.outcomes import distances, returns
from syllogym.agents.search.trace_episodes import solved, thoughts
from syllogym.agents.search.traces import Pair, Steps, Trace
from syllogym.agents.search.value_targets import value_targets
from syllogym.agents.tiny import byte_tokenizer
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.sft import SFT
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.errors import UserError


class Word:
    """Spell ``ab``, letter by letter; a state is what is spelt, and two letters are an answer."""

    prompt = "Spell ab."

    def answer(self, state: str) -> str | None:
        return state if len(state) == 2 else None

    def score(self, answer: str) -> float:
        return float(answer == "ab")

    def show(self, state: str) -> str:
        return f"So far: {state}"


def grown() -> Trace:
    """Return the search 0 -> 1 a (-> 3 ab, right; 4 ac, wrong), 2 b (-> 5 ba, wrong), 6 c (nobody went on)."""
    tree = ThoughtTree("Spell ab.", "")
    for parent, letter in ((0, "a"), (0, "b"), (1, "b"), (1, "c"), (2, "a"), (0, "c")):
        state = f"{tree.state[parent]}{letter}"
        tree.add(parent, letter, state=state, status=Status.TERMINAL if len(state) == 2 else Status.OPEN)
    return Trace(Word(), tree)


def same(found: list[float], wanted: list[float]) -> bool:
    return found == pytest.approx(wanted, nan_ok=True)


def test_only_ends_have_an_outcome_of_their_own() -> None:
    assert same(grown().outcome, [nan, nan, nan, 1.0, 0.0, 0.0, nan])


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("mean", [1 / 3, 0.5, 0.0, 1.0, 0.0, 0.0, nan]),
        ("sum", [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, nan]),
        ("best", [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, nan]),
    ],
)
def test_returns_gather_the_outcomes_below_a_node(rule: str, wanted: list[float]) -> None:
    trace = grown()
    assert same(returns(trace.tree, trace.outcome, rule), wanted)  # type: ignore[arg-type]


def test_the_best_return_below_a_node_may_be_below_zero() -> None:
    tree = ThoughtTree("", 0)
    tree.add(0, "a", state=1)
    assert returns(tree, [nan, -0.5], "best") == [-0.5, -0.5]


def test_distances_count_the_steps_to_the_nearest_right_answer() -> None:
    assert grown().away == [2, 1, None, 0, None, None, None]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("mc", [1 / 3, 0.5, 0.0, 1.0, 0.0, 0.0, nan]),
        ("min_steps", [1 / 3, 1 / 2, 0.0, 1.0, 0.0, 0.0, nan]),
        # 0 + 1/2; 0 - 1/2 cut to 0; 1/2 + 1/2; 1/2 - 1/2 * 1/1; 0 - 1/2 cut to 0
        ("rest_mcts", [0.0, 0.5, 0.0, 1.0, 0.0, 0.0, nan]),
    ],
)
def test_value_targets(rule: str, wanted: list[float]) -> None:
    trace = grown()
    assert same(value_targets(trace.tree, trace.outcome, rule), wanted)  # type: ignore[arg-type]


def test_a_wrong_step_far_from_the_end_costs_little_under_rest_mcts() -> None:
    tree = ThoughtTree("", "")
    for parent in (0, 1, 2, 1):  # 0 -> 1 -> 2 -> 3, right; 1 -> 4, wrong
        tree.add(parent, "t", state=len(tree))
    found = value_targets(tree, [nan, nan, nan, 1.0, 0.0], "rest_mcts")
    # 1/3; 1/3 + 2/3 * 1/2; 2/3 + 1/3 * 1; 1/3 - 2/3 * 1/2
    assert found == pytest.approx([0.0, 1 / 3, 2 / 3, 1.0, 0.0])
    assert distances(tree, [nan, nan, nan, 1.0, 0.0]) == [3, 2, 1, 0, None]


def test_unknown_rules_are_named() -> None:
    with pytest.raises(UserError, match="rule"):
        value_targets(grown().tree, grown().outcome, "mcts")  # type: ignore[arg-type]


def test_siblings_make_pairs_where_both_are_known_and_differ() -> None:
    trace = grown()
    pairs = list(trace.pairs(value_targets(trace.tree, trace.outcome, "mc")))
    assert pairs == [Pair(0, 1, 2, 0.5), Pair(1, 3, 4, 1.0)]
    assert list(trace.pairs([0.0, 0.5, 0.0, 1.0, 0.0, 0.0, nan], margin=0.5)) == [Pair(1, 3, 4, 1.0)]


def test_labelled_steps_stop_at_the_first_wrong_one() -> None:
    assert list(grown().steps()) == [
        Steps((1, 3), ("a", "b"), (True, True)),
        Steps((1, 4), ("a", "c"), (True, False)),
        Steps((2,), ("b",), (False,)),
    ]


def test_solved_ways_are_chosen_by_number_and_length() -> None:
    assert grown().solved() == [(1, 3)]
    assert grown().solved(most=0) == []
    assert grown().solved(longest=1) == []


def test_a_stream_tells_dead_ends_too() -> None:
    trace = grown()
    trace.tree.mark(6, Status.DEAD)
    assert Trace(trace.task, trace.tree).stream() == ["a; b", "a: b; c", "b: a", "start: c x"]
    assert trace.stream(until=3) == ["a; b", "a: b"]


def test_group_methods_give_thoughts_their_advantage_among_siblings() -> None:
    batch = Batch.of(thoughts(grown(), ChatFormat(byte_tokenizer())))
    advantage = GRPO(scale="none").advantages(batch).advantage
    first = {int(number): float(value) for number, value in zip(batch.trajectory, advantage, strict=True)}
    # a and b are worth 1/2 and 0; ab and ac 1 and 0; ba is alone
    assert [first[at] for at in range(5)] == pytest.approx([0.25, -0.25, 0.5, -0.5, 0.0])


def test_thoughts_are_paid_what_was_found_below_them() -> None:
    chat = ChatFormat(byte_tokenizer())
    episodes = thoughts(grown(), chat, rule="sum", group=100)
    assert [episode.reward() for episode in episodes] == [1.0, 0.0, 1.0, 0.0, 0.0]
    assert [episode.group for episode in episodes] == [100, 100, 101, 101, 102]
    assert not any(isnan(episode.reward()) for episode in episodes)
    assert chat.text(episodes[2].steps[0].prompt_ids) == "Spell ab.\n\nSo far: a"


def test_solved_ways_can_be_imitated() -> None:
    episodes = solved(grown(), ChatFormat(byte_tokenizer()))
    assert [episode.steps[0].reply for episode in episodes] == ["a", "b"]
    batch = Batch.of(episodes)
    assert bool(batch.demonstrated.all())
    assert torch.equal(SFT().advantages(batch).advantage, torch.ones(len(batch)))
