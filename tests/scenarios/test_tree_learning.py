"""Does searching get learnt: from searches that are shown, from rewards, in one role and in several?"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import syllogym as sg
from syllogym.agents.search.demonstrator import SearchDemonstrator
from syllogym.errors import UserError
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train

DEPTH_FIRST = {"name": "tot_dfs", "n": 9, "branch": 9, "prune": -1.0, "enough": 2}

TINY = """
environment: {name: tree/coloring, nodes: 3}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 512}}
warmup: {steps: 2, batch: 2, search: {strategy: tot_dfs, nodes: 40}}
algorithm: {name: grpo}
train: {steps: 1, prompts: 1, group: 2}
sampling: {max_tokens: 4}
evaluate: {episodes: 1, every: 0}
threads: 1
"""

TEMPLATE = (
    "{% for m in messages %}{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt and not enable_thinking %}<think></think>{% endif %}"
)

TEAM = """
environment: {name: tree/team, task: tree/cave, task_options: {depth: 1}, budget: {nodes: 4}, step: 0.5, max_turns: 6}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 2048}}
team: {controller: {}, proposer: {}}
players: {evaluator: oracle}
warmup: {steps: 1, batch: 2}
algorithm: {name: grpo}
train: {steps: 1, prompts: 1, group: 2}
sampling: {max_tokens: 4}
evaluate: {episodes: 1, every: 0}
threads: 1
"""


def numbers(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def shown(env: Any, **settings: Any) -> str:
    demonstrator = SearchDemonstrator(**settings)
    return asyncio.run(demonstrator.reply(SimpleNamespace(env=env, seed=5)))  # type: ignore[arg-type]


def puzzle(name: str, **options: Any) -> Any:
    env = sg.make(name, **options)
    env.reset(seed=3)
    return env


@pytest.mark.parametrize("tell", ["stream", "path"])
def test_a_search_that_is_shown_gives_every_solution(tell: str) -> None:
    env = puzzle("tree/alphametics", length=2, solutions=(3, 3))
    reply = shown(env, strategy=DEPTH_FIRST, nodes=500, tell=tell)
    assert env.step(reply)[1] == 1.0


def test_a_stream_holds_the_dead_ends_that_a_path_leaves_out() -> None:
    env = puzzle("tree/alphametics", length=2, solutions=(3, 3))
    stream, path = (shown(env, strategy=DEPTH_FIRST, nodes=500, tell=tell) for tell in ("stream", "path"))
    assert " x" in stream and " x" not in path
    assert stream.rpartition("<answer>")[2] == path.rpartition("<answer>")[2]


BLIND = {"strategy": {"name": "tot_dfs", "branch": 9}, "blind": True}


def test_a_blind_search_tries_the_moves_in_order_dead_ends_and_all_to_the_end() -> None:
    env = puzzle("tree/subset_sum", solutions=(1, 1))
    task = env.search_task()
    first, *others = shown(env, **BLIND).splitlines()
    moves = task.moves(task.root())
    assert first == "; ".join(move + " x" * task.ended(task.step((), move)) for move in moves)
    assert len([line for line in others if ": " in line]) >= sum(not task.ended(task.step((), move)) for move in moves)


@pytest.mark.parametrize("tell", ["stream", "path"])
def test_a_hasty_search_ends_with_the_first_solution(tell: str) -> None:
    env = puzzle("tree/subset_sum", solutions=(2, 3))
    hasty, patient = (shown(env, **BLIND, tell=tell, haste=haste) for haste in (1.0, 0.0))
    first = env.search_task().solve().splitlines()
    told = hasty.rpartition("<answer>")[2].removesuffix("</answer>").splitlines()
    assert len(told) == 1 and told[0] in first
    assert patient.startswith(hasty.rpartition("\n")[0]) and len(patient.splitlines()) > len(hasty.splitlines())


@pytest.mark.parametrize(
    ("settings", "named"), [({"haste": 1.5}, "search.haste"), ({"blind": True, "error": 0.1}, "an oracle")]
)
def test_settings_that_a_shown_search_cannot_have_are_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(UserError, match=named):
        SearchDemonstrator(strategy="tot_dfs", **settings)


def test_where_the_search_finds_too_little_the_reference_solver_answers() -> None:
    env = puzzle("tree/alphametics", length=2, solutions=(3, 3))
    assert shown(env, strategy=DEPTH_FIRST, nodes=1) == env.solve()


def test_a_shown_search_keeps_the_form_that_is_asked_for() -> None:
    env = puzzle("tree/coloring", nodes=3, tot=True)
    assert env.step(shown(env, strategy="tot_dfs"))[1] == 1.0


@pytest.mark.parametrize(
    ("settings", "named"), [({"strategy": "tot_dsf"}, "tot_dfs"), ({"strategy": "io", "nodes": 0}, "nodes")]
)
def test_a_wrong_setting_of_a_shown_search_is_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(UserError, match=named):
        SearchDemonstrator(**settings)


def test_a_warm_up_imitates_searches(tmp_path: Path) -> None:
    stage = make_stage("warmup", load(written(tmp_path / "s.yaml", TINY), Scenario, [])[0])
    stage.advance()
    env = puzzle("tree/coloring", nodes=3)
    assert env.name == stage.episodes[0].env and stage.episodes[0].demonstrated
    assert ";" in stage.episodes[0].steps[0].reply and stage.episodes[0].reward() == 1.0


def test_a_warm_up_by_search_takes_no_slips(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="noise"):
        load(written(tmp_path / "s.yaml", TINY), Scenario, ["warmup.noise=0.5"])


def test_a_controller_and_a_proposer_both_learn_by_their_own_pay(tmp_path: Path) -> None:
    run = train(written(tmp_path / "s.yaml", TEAM), run_dir=tmp_path / "run")
    warm = next(row for row in numbers(run) if row["kind"] == "warmup")
    assert warm["controller/reward"] == 1.0  # the outcome
    assert warm["proposer/reward"] == 0.5  # one promising thought
    assert {"controller/loss", "proposer/loss"} <= warm.keys()


def test_each_stage_of_totrl_asks_by_its_own_template(tmp_path: Path) -> None:
    stages = "{steps: 1, once: true, template: {enable_thinking: false}}, {steps: 1, template: {enable_thinking: true}}"
    scenario = load(written(tmp_path / "s.yaml", TINY), Scenario, ["train.steps=2", f"train.schedule=[{stages}]"])[0]
    stage = make_stage("train", scenario)
    policy = stage.policies["policy"]
    policy.tokenizer.chat_template = TEMPLATE
    opened = []
    for _ in range(2):
        stage.advance()
        opened.append("<think>" in policy.tokenizer.decode(stage.episodes[0].steps[0].prompt_ids))
    assert opened == [True, False]


@pytest.mark.parametrize("name", ["totrl_sudoku", "totrl_alphametics"])
def test_totrl_first_leaves_the_thought_empty(name: str) -> None:
    scenario = load(name, Scenario, [])[0]
    first, second = scenario.train.schedule
    assert (first.template, second.template) == ({"enable_thinking": False}, {"enable_thinking": True})
    env = sg.make(name=scenario.environment.name, **scenario.environment.options)
    prompt, _ = env.reset(seed=0)
    assert "<tot>" in prompt
    assert [env.step(reply)[1] for reply in ("<answer>1</answer>",)] == [-1.0]


@pytest.mark.slow
def test_a_controller_learns_to_search_better_than_by_rule(tmp_path: Path) -> None:
    """By rule, with the same nodes: breadth first 0 %, or 73 % with two kept; depth first 70 %; best first 78 %."""
    began = time.process_time()
    run = train("tree_search_dqn", ["train.steps=24", "evaluate={episodes: 128, every: 0}"], tmp_path / "run")
    before, after = (row["accuracy"] for row in numbers(run) if row["kind"] == "evaluate")
    assert before < 0.25 < 0.8 < after
    assert time.process_time() - began < 120
