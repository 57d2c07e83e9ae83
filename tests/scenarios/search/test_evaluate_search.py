"""Is a grid searched whole, once, and the same whether or not it was broken off?"""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syllogym.agents.search.calibrated_game24 import CalibratedGame24
from syllogym.cli import app
from syllogym.envs.tree.tree_json import from_json
from syllogym.errors import UserError
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.search.evaluate import evaluate_search, problems
from syllogym.scenarios.search.run import read_records
from syllogym.scenarios.strict_yaml import load

NAMES = ["tot_bfs", "beam(width=2)", "io", "cot", "self_consistency", "best_of_n"]


def test_every_strategy_meets_every_problem_under_every_budget_from_every_seed(small: str, tmp_path: Path) -> None:
    findings, folder = evaluate_search(small, run_dir=tmp_path / "out")
    every = set(product(NAMES, ["2,000 tokens", "20 nodes"], range(2), range(3)))
    assert {tuple(record.place) for record in findings.records} == every
    assert len(findings.records) == len((folder / "records.jsonl").read_text().splitlines()) == 72
    assert len(findings.rows) == 12 and {row.searches for row in findings.rows} == {6}
    assert sorted(file.name for file in folder.iterdir()) == [
        "curves.png", "findings.json", "pass_at_k.png", "records.jsonl", "search.json", "search.md",
    ]  # fmt: skip


def test_nothing_spends_more_than_its_budget_and_baselines_have_equal_tokens(small: str, tmp_path: Path) -> None:
    findings, _ = evaluate_search(small, run_dir=tmp_path / "out")
    used = {(row.strategy, row.budget): row.usage for row in findings.rows}
    most = max(used[name, "20 nodes"]["tokens"] for name in NAMES[:2])
    for record in findings.records:
        limit = 2000 if record.place.budget == "2,000 tokens" else most + 1
        if record.place.strategy in NAMES[:2] and record.place.budget == "20 nodes":
            assert record.usage.nodes <= 20
        else:
            assert record.usage.tokens <= limit
    assert used["best_of_n", "20 nodes"]["tokens"] > most - 600  # one answer and its grade


def test_a_grid_that_was_broken_off_goes_on_and_ends_with_the_same_numbers(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate_search(small, run_dir=tmp_path / "straight")
    asked, answer = 0, CalibratedGame24._answer

    def counted(self: CalibratedGame24, case: object) -> object:
        nonlocal asked
        asked += 1
        if asked == stop:
            raise KeyboardInterrupt
        return answer(self, case)  # type: ignore[arg-type]

    monkeypatch.setattr(CalibratedGame24, "_answer", counted)
    stop = 150
    with pytest.raises(KeyboardInterrupt):
        evaluate_search(small, run_dir=tmp_path / "broken")
    file = tmp_path / "broken" / "records.jsonl"
    before = file.read_text().splitlines()
    assert 0 < len(before) < 72
    file.write_text("\n".join(before) + '\n{"strategy": "tot_b')  # a line that was being written
    stop = -1
    evaluate_search(small, run_dir=tmp_path / "broken")
    assert file.read_text().splitlines()[: len(before)] == before
    assert len(read_records(file)) == len(file.read_text().splitlines()) == 72
    for name in ("findings.json", "search.md", "curves.png"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()
    asked = 0
    evaluate_search(small, run_dir=tmp_path / "broken")
    assert asked == 0


def test_searches_that_a_fault_ended_are_tried_again(small: str, tmp_path: Path) -> None:
    _, folder = evaluate_search(small, run_dir=tmp_path / "out")
    lines = (folder / "records.jsonl").read_text().splitlines()
    lines[0] = json.dumps({**json.loads(lines[0]), "fault": "gone"})
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n")
    assert len(read_records(folder / "records.jsonl")) == 71
    findings, _ = evaluate_search(small, run_dir=folder)
    assert not any(row.lost for row in findings.rows)


def test_trees_are_kept_as_json_and_as_pages(small: str, tmp_path: Path) -> None:
    findings, folder = evaluate_search(small, ["evaluate.search.seeds=1"], run_dir=tmp_path / "out", trees=True)
    trees = folder / "trees"
    assert len(list(trees.glob("*.json"))) == len(list(trees.glob("*.html"))) == len(findings.records) == 36
    task = problems(load(small, Scenario)[0])[0]
    tree = from_json((trees / "tot_bfs-20_nodes-0-0.json").read_text(), task)
    assert tree.text[0] == task.prompt and 1 < len(tree) <= 21


def test_an_environment_is_searched_by_its_forks(small: str, tmp_path: Path) -> None:
    settings = ["environment.name=games/tictactoe", "evaluate.search.player=random_text", "evaluate.search.seeds=1"]
    budgets = ["evaluate.search.budgets=[{calls: 12}]", "evaluate.search.strategies=[tot_dfs]"]
    findings, _ = evaluate_search(small, [*settings, *budgets], run_dir=tmp_path / "out")
    assert findings.unit == "calls" and len(findings.rows) == 5


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("strategies=[tot_bsf]", "There is no search strategy 'tot_bsf'. Did you mean tot_bfs?"),
        ("strategies=[{name: beam, widht: 3}]", "not widht. Did you mean width?"),
        ("strategies=[beam, beam]", "beam is there twice"),
        ("strategys=[beam]", "not strategys. Did you mean strategies?"),
        ("budgets=[{tokns: 5}]", "not tokns. Did you mean tokens?"),
        ("budgets=[{}]", "a budget limits something"),
        ("budgets=[{tokens: 100}]", "100 tokens: the first request of tot_bfs may use 240 tokens; allow more"),
        ("budgets=[{nodes: 2.5}]", "a budget of nodes is a whole number; it is 2.5"),
        ("player=orcle", "not 'orcle'. Did you mean oracle?"),
        ("player={name: oracle, eror: 1}", "not eror. Did you mean error?"),
        ("player={name: oracle, error: 2}", "oracle.error is from 0 to 1"),
        ("player=oracle", "2,000 tokens: the player counts no tokens"),
        ("player=policy", "the scenario has no policy"),
        ("player=verifier", "the verifier grades answers"),
        ("prompts={propos: x}", "not propos. Did you mean propose?"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(small: str, tmp_path: Path, setting: str, told: str) -> None:
    run_dir = tmp_path / "out"
    command = ["evaluate", small, "--run-dir", str(run_dir), "--set", f"evaluate.search.{setting}"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2 and told in " ".join(done.output.split())
    assert not run_dir.exists()


def test_a_task_that_cannot_be_forked_is_named(small: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fork(self: object) -> object:
        raise TypeError("cannot pickle 'socket' object")

    monkeypatch.setattr("syllogym.envs.core.Core.fork", fork)
    with pytest.raises(UserError, match="games/nim cannot be forked, so it cannot be searched: cannot pickle"):
        evaluate_search(
            small, ["environment.name=games/nim", "evaluate.search.player=oracle"], run_dir=tmp_path / "out"
        )


def test_another_grid_in_the_folder_is_refused(small: str, tmp_path: Path) -> None:
    evaluate_search(small, run_dir=tmp_path / "out")
    with pytest.raises(UserError, match=r"holds searches with another seeds \(2\)"):
        evaluate_search(small, ["evaluate.search.seeds=3"], run_dir=tmp_path / "out")
    with pytest.raises(UserError, match="holds something else already"):
        evaluate_search(small, run_dir=tmp_path)


def test_a_scenario_that_compares_searches_is_not_trained() -> None:
    done = CliRunner().invoke(app, ["train", "game24_search"])
    assert done.exit_code == 2 and "policy: a scenario that is trained needs one" in done.output


def test_what_the_guide_shows_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "search.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "evaluate_search" in block]
    (yaml,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert (tmp_path / "runs" / "search" / "search.md").is_file()
    (tmp_path / "shown.yaml").write_text(yaml, encoding="utf-8")
    assert load(tmp_path / "shown.yaml", Scenario)[0].evaluate.search is not None


def test_the_shipped_scenario_compares_under_equal_tokens(tmp_path: Path) -> None:
    settings = ["evaluate.search.seeds=1", "evaluate.search.budgets=[{tokens: 20000}]"]
    findings, _ = evaluate_search("game24_search", settings, episodes=30, run_dir=tmp_path / "out")
    rows = {row.strategy: row for row in findings.rows}
    assert rows["mcts_puct"].gain is not None and rows["mcts_puct"].gain.low[0] > 0
    assert rows["cot"].accuracy.mean[0] < 0.2
