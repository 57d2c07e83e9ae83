"""Do we find in GPT-4's own runs of the Game of 24 what was found there, and does the agent with its rates do as well?

The numbers are those of the half of the published logs (50 puzzles) that is at hand.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
from math import comb
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents import search
from syllogym.agents.search.calibrated_game24 import CalibratedGame24
from syllogym.agents.search.recorded import read_tot_log
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.agents.search.whole import Whole, answer_of, read_answer
from syllogym.envs.math.goal import Goal
from syllogym.envs.math.number_search import NumberSearch
from syllogym.errors import UserError
from tests.agents.search.numbers import Numbers

TOT = "gpt-4_0.7_propose1_value3_greedy5_start900_end1000.json.gz"
COT = "gpt-4_0.7_naive_cot_sample_100_start900_end1000.json.gz"
IO = "gpt-4_0.7_naive_standard_sample_100_start900_end1000.json"


@pytest.fixture(scope="module")
def logs(shared_data: Path) -> Path:
    return shared_data / "data" / "game24"


@pytest.fixture(scope="module")
def puzzles(logs: Path) -> list[str]:
    """Those of ranks 901 to 1000, in the order of the logs."""
    with (logs / "24.csv").open(encoding="utf-8") as file:
        return [row["Puzzles"] for row in csv.DictReader(file) if 900 < int(row["Rank"]) <= 1000]


def runs_of(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as text:
        runs: list[dict[str, Any]] = json.load(text)
    return runs


def right(puzzle: str, reply: str) -> bool:
    return Numbers(puzzle).score(read_answer(reply).split("=")[0].strip()) == 1.0


def pass_at(k: int, counts: list[int], of: int = 100) -> float:
    """The unbiased estimate (arXiv 2107.03374), in per cent."""
    return round(100 * sum(1 - comb(of - count, k) / comb(of, k) for count in counts) / len(counts), 2)


class Lines:
    """A puzzle whose states are the lines written so far; after four of them it has ended."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt

    def root(self) -> tuple[str, ...]:
        return ()

    def step(self, state: tuple[str, ...], thought: str) -> tuple[str, ...]:
        return (*state, thought)

    def ended(self, state: tuple[str, ...]) -> bool:
        return len(state) == 4

    def answer(self, state: tuple[str, ...]) -> str | None:
        return read_answer(state[-1]) if len(state) == 4 else None


@pytest.mark.parametrize("name", [IO, COT])
def test_replies_are_graded_as_the_log_grades_them(logs: Path, puzzles: list[str], name: str) -> None:
    for run_, puzzle in zip(runs_of(logs / name), puzzles, strict=True):
        graded = run_["accs"] if "accs" in run_ else [info["r"] for info in run_["infos"]]
        assert [right(puzzle, reply) for reply in run_["ys"]] == [bool(grade) for grade in graded]


def test_pass_at_k_of_single_replies_is_the_logs(logs: Path, puzzles: list[str]) -> None:
    rates = {
        name: [
            pass_at(k, [sum(right(puzzle, reply) for reply in run_["ys"]) for run_, puzzle in paired])
            for k in (1, 5, 10, 100)
        ]
        for name in (IO, COT)
        for paired in [list(zip(runs_of(logs / name), puzzles, strict=True))]
    }
    assert rates == {IO: [6.18, 11.69, 14.1, 30.0], COT: [4.2, 14.07, 20.82, 48.0]}


def test_our_breadth_first_search_goes_the_way_the_published_one_went(logs: Path, puzzles: list[str]) -> None:
    """Told what GPT-4 proposed and judged, it keeps the same thoughts of each level, and the same five at the end."""
    published = runs_of(logs / TOT)
    top = any_of_five = 0
    for run_, (puzzle, recorded) in zip(published, read_tot_log(logs / TOT, 60.0), strict=True):
        one = Search(Lines(puzzle), search.make({"name": "tot_bfs", "n": 64}), recorded, recorded)
        asyncio.run(run([one]))
        levels = [[tuple(text.splitlines()) for text in step["select_new_ys"]] for step in run_["steps"]]
        expanded = {one.tree.state[node] for node in range(1, len(one.tree)) if one.tree.children[node]}
        assert expanded == {lines for level in levels[:-1] for lines in level if recorded.thoughts.get(lines)}
        best = one.strategy.best(5)
        assert [one.tree.state[node] for node in best] == levels[-1][: len(best)]
        grades = [right(puzzle, str(one.answer_of(node))) for node in best]
        top += grades[0]
        any_of_five += any(grades)
        assert grades == [bool(info["r"]) for info in run_["infos"]][: len(grades)]
        assert len(one.tree) - 1 == len(recorded.values)
    assert (top, any_of_five) == (28, 32)  # of 50: 56 % and 64 %


@pytest.mark.parametrize(("width", "rate"), [(1, 47), (2, 55), (5, 68), (10, 79)])
def test_the_agent_with_gpt4s_rates_solves_as_many_puzzles(puzzles: list[str], width: int, rate: int) -> None:
    searches, agent = [], CalibratedGame24()
    tasks = [NumberSearch(Goal(24, tuple(map(int, puzzle.split())), "")) for puzzle in puzzles]
    for seed in range(20):
        for number in range(len(puzzles)):
            strategy = search.make({"name": "tot_bfs", "width": width, "n": 16, "write": True})
            searches.append(Search(tasks[number], strategy, agent, agent, seed=1000 * seed + number))
    asyncio.run(run(searches))
    solved = [any(written_right(one, node) for node in range(1, len(one.tree))) for one in searches]
    assert abs(100 * sum(solved) / len(solved) - rate) <= 3


def written_right(one: Search, node: int) -> bool:
    return isinstance(one.tree.state[node], Whole) and one.task.score(answer_of(one.task, one.tree, node)) == 1.0


def test_a_file_that_is_no_such_log_is_named(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text("[{}]")
    with pytest.raises(UserError, match=r"log\.json is no log of tree-of-thought-llm: KeyError"):
        list(read_tot_log(file, 60.0))
