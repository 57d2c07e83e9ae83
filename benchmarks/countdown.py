"""How fast are countdown puzzles made and answers scored, beside reasoning-gym?

Held equal: 4 to 6 numbers up to 100, targets from 100 to 999; each scores its own solutions and one wrong answer. Ours
is a whole reset, or the grading with its extraction from the reply's box; theirs the data set's item, or score_answer.
"""

from __future__ import annotations

import importlib.metadata
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.measure import Row, peer, race
from syllogym.envs import make_plain

MADE, MADE_BY_PEER = 2_000, 20
"""Puzzles made in a round; rates are compared, and rounds should take about as long on both sides."""
SCORED, SCORED_BY_PEER = 2_000, 200


def rows() -> Iterator[Row]:
    gym = peer("reasoning_gym", "reasoning-gym==0.1.25")
    version = f"reasoning-gym {importlib.metadata.version('reasoning-gym')}"
    ours = make_plain("math/countdown")
    ours.reset(seed=0)
    data = gym.create_dataset("countdown", seed=1, size=10_000_000)
    number = itertools.count()
    row = Row("a countdown puzzle", "puzzles/s", version, goal=100)
    yield race(row, lambda: make(ours), lambda: draw(data, number))
    drawn = []
    for _ in range(SCORED // 2):
        ours.reset()
        drawn.append((ours.solve(), ours.answer))
    items = [data[next(number)] for _ in range(SCORED_BY_PEER // 2)]
    row = Row("scoring an answer to countdown", "answers/s", version, goal=10)
    yield race(row, lambda: grade(ours, drawn), lambda: score(data, items))


def make(env: Any) -> int:
    for _ in range(MADE):
        env.reset()
    return MADE


def draw(data: Any, number: Iterator[int]) -> int:
    for _ in range(MADE_BY_PEER):
        data[next(number)]
    return MADE_BY_PEER


def grade(env: Any, drawn: Sequence[tuple[str, Any]]) -> int:
    right = sum(env.grade(reply, answer) + env.grade("\\boxed{1 + 1}", answer) for reply, answer in drawn)
    if right != len(drawn):
        raise AssertionError(f"{right} of {2 * len(drawn)} answers scored 1; half of them are right.")
    return 2 * len(drawn)


def score(data: Any, items: Sequence[Any]) -> int:
    for item in items:
        data.score_answer(item["answer"], item)
        data.score_answer("1 + 1", item)
    return 2 * len(items)
