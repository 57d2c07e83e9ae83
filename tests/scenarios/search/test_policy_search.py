"""Does a policy that was trained search, and is its grid the same whether or not it was broken off?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.agents.search.model import Model
from syllogym.scenarios.search.evaluate import evaluate_search
from syllogym.scenarios.search.run import read_records
from syllogym.scenarios.train import train

TINY = """
environment: {name: tree/coloring, nodes: 3}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 1024}}
warmup: {steps: 2, batch: 2}
algorithm: {name: grpo}
train: {steps: 1, prompts: 1, group: 2}
sampling: {max_tokens: 12}
evaluate: {episodes: 2, every: 0}
threads: 1
"""

GRID = [
    "evaluate.search={strategies: [tot_bfs, mcts_uct], budgets: [{calls: 12}]}",
    "evaluate.search.prompts={value: '{state} {labels}', cot: '{problem}', io: '{problem}'}",
]


@pytest.fixture
def run(tmp_path: Path) -> str:
    """Return the folder of a tiny run that is over."""
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY, encoding="utf-8")
    return str(train(str(file), run_dir=tmp_path / "run"))


def test_a_trained_policy_searches_within_its_budget_and_its_answers_differ(run: str, tmp_path: Path) -> None:
    findings, folder = evaluate_search(run, GRID, run_dir=tmp_path / "grid")
    assert {row.strategy for row in findings.rows} >= {"tot_bfs", "mcts_uct", "best_of_n"}
    assert not any(row.lost for row in findings.rows)
    for record in findings.records:
        if record.place.strategy in ("tot_bfs", "mcts_uct"):
            assert 0 < record.usage.calls <= 12 and record.usage.tokens > record.usage.calls
    drawn = {record.answer for record in findings.records if record.place.strategy in ("io", "cot")}
    assert len(drawn) > 1
    assert (folder / "curves.png").stat().st_size > 1000


def test_a_policys_grid_that_was_broken_off_goes_on_and_asks_nothing_twice(
    run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, str]] = []
    stop, answer = -1, Model._answer

    async def counted(self: Model, case: object) -> object:
        asked.append((case.seed, str(case.request)))  # type: ignore[attr-defined]
        if len(asked) == stop:
            raise KeyboardInterrupt
        return await answer(self, case)  # type: ignore[arg-type]

    monkeypatch.setattr(Model, "_answer", counted)
    evaluate_search(run, GRID, run_dir=tmp_path / "straight")
    every = len(asked)
    asked.clear()
    stop = every // 2
    with pytest.raises(KeyboardInterrupt):
        evaluate_search(run, GRID, run_dir=tmp_path / "broken")
    stop = -1
    evaluate_search(run, GRID, run_dir=tmp_path / "broken")
    assert every <= len(asked) <= every + 4  # what was under way when it broke off is asked again
    for name in ("findings.json", "search.md"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()
    assert len(read_records(tmp_path / "broken" / "records.jsonl")) == 12
