"""Does a search that was broken off go on as if nothing had happened, without asking anything twice?"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from syllogym.agents import search
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.agents.search.search_file import SearchFile
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError
from tests.agents.search.chance import Anybody
from tests.agents.search.numbers import Numbers

NAMES = search.names()


class Interrupt(Exception):
    """The process is killed."""


def begun(name: str, asked: Anybody, seed: int = 5) -> Search:
    budget = Budget(tokens=900, nodes=60)
    return Search(Numbers("4 5 6 10"), search.make(name), asked, asked, budget=budget, seed=seed)


def outcome(one: Search) -> str:
    tree = one.tree
    return repr((tree.text, tree.value, tree.visits, tree.total, one.curve, one.meter.spent, one.refused, one.answer))


def run_until(one: Search, file: SearchFile, rounds: int) -> None:
    left = rounds

    def after() -> None:
        nonlocal left
        file.save()
        left -= 1
        if not left:
            raise Interrupt

    asyncio.run(run([one], most=3, after=after))


@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_search_equals_the_uninterrupted_one(name: str, tmp_path: Path) -> None:
    limit = Usage(5, 5, 5, 1)
    straight = begun(name, whole := Anybody(limit))
    asyncio.run(run([straight]))
    for rounds in (1, 2, 5):
        path = tmp_path / f"{rounds}.jsonl"
        first = begun(name, before := Anybody(limit))
        with contextlib.suppress(Interrupt):
            run_until(first, SearchFile(first, path), rounds)
        second = begun(name, later := Anybody(limit))
        file = SearchFile(second, path)
        assert outcome(second) == outcome(first)
        run_until(second, file, 10**6)
        assert outcome(second) == outcome(straight)
        assert before.asked + later.asked == whole.asked


def test_a_line_that_was_being_written_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    first = begun("tot_bfs", Anybody())
    run_until(first, SearchFile(first, path), 10**6)
    path.write_text(path.read_text()[:-9])
    second = begun("tot_bfs", asked := Anybody())
    run_until(second, SearchFile(second, path), 10**6)
    assert outcome(second) == outcome(first) and asked.asked == 1


def test_the_file_of_another_search_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    SearchFile(begun("tot_bfs", Anybody()), path)
    for other in (begun("tot_bfs", Anybody(), seed=6), begun("tot_dfs", Anybody())):
        with pytest.raises(UserError, match=r"search\.jsonl keeps another search"):
            SearchFile(other, path)


def test_a_file_that_does_not_fit_the_search_any_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "search.jsonl"
    first = begun("tot_bfs", Anybody())
    run_until(first, SearchFile(first, path), 10**6)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[2], *lines[3:]]) + "\n")
    with pytest.raises(UserError, match="asked otherwise"):
        SearchFile(begun("tot_bfs", Anybody()), path)
