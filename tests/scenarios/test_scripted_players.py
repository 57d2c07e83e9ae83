"""Can a scenario bind a scripted agent with options, and is each of its mistakes named?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.errors import UserError
from syllogym.scenarios.build import make_rollouts
from syllogym.scenarios.evaluate import evaluate
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.agents.faulty_server import serving

GAME = """
environment: {name: games/tictactoe}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 256}}
algorithm: {name: reinforce}
evaluate: {episodes: 4}
"""


def scenario(tmp_path: Path, opponent: str) -> Path:
    file = tmp_path / "game.yaml"
    file.write_text(f"{GAME}players: {{X: policy, O: {opponent}}}\n", encoding="utf-8")
    return file


def read(file: Path) -> Scenario:
    return load(file, Scenario)[0]


def endpoint(**options: Any) -> str:
    return json.dumps({"name": "openai_compatible", "base_url": "http://localhost/v1", "model": "m", **options})


def test_a_scenario_binds_an_endpoint_with_its_options(tmp_path: Path) -> None:
    with serving(reply="nonsense") as server:
        numbers, _ = evaluate(str(scenario(tmp_path, endpoint(base_url=server.base_url))), agent="random_text")
    assert numbers["episodes"] == 4
    assert {body["model"] for body in server.bodies} == {"m"}


def test_all_rollouts_of_a_run_share_the_players_account(tmp_path: Path) -> None:
    settings = read(scenario(tmp_path, endpoint()))
    first, second = (make_rollouts(settings, {"policy": object()}, key) for key in ("train", "eval"))  # type: ignore[dict-item]
    assert first.players["O"] is second.players["O"]


def test_an_agent_that_needs_options_is_not_evaluated_without_them(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="openai_compatible needs the option base_url"):
        evaluate(str(scenario(tmp_path, "random_text")), agent="openai_compatible")


def test_training_logs_what_an_endpoint_used(tmp_path: Path) -> None:
    with serving(reply="nonsense") as server:
        file = scenario(tmp_path, endpoint(base_url=server.base_url))
        brief = ["train.steps=1", "train.prompts=8", "evaluate.every=0", "sampling.max_tokens=2"]
        run = train(str(file), brief, run_dir=tmp_path / "run")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    (row,) = [row for row in rows if row["kind"] == "train"]
    assert row["O/calls"] > 0 and row["O/prompt"] == 100 * row["O/calls"]


@pytest.mark.parametrize("opponent", ["random_text", "{name: random_text}"])
def test_an_agent_without_options_is_bound_by_its_name_alone_or_in_a_mapping(tmp_path: Path, opponent: str) -> None:
    assert read(scenario(tmp_path, opponent)).bound == {"X": "policy", "O": "random_text"}


@pytest.mark.parametrize(
    ("opponent", "told"),
    [
        (endpoint(modle="m"), "not modle. Did you mean model"),
        (endpoint(timeout="long"), "openai_compatible.timeout: input should be a valid number"),
        (endpoint(budget={"mony": 3}), "openai_compatible.budget.mony"),
        (endpoint(concurrency=0), "concurrency is at least 1"),
        ("{name: openai_compatible, model: m}", "openai_compatible needs the option base_url"),
        ("openai_compatible", "openai_compatible needs the option base_url"),
        ("{name: random_text, base_url: x}", "takes no options"),
        ("{name: random_tex}", "Did you mean random_text"),
        ("{name: policy, base_url: x}", "no agent .policy."),
        ("{name: replay, path: nowhere}", "replay.path: there is no file nowhere"),
        ("{name: majority}", "majority: whose replies"),
        ("{name: majority, of: policy}", "policy cannot learn from a choice. Bind policy itself"),
        ("{name: majority, of: oracl}", "Did you mean oracle"),
        ("{name: best_of_n, of: oracle}", "best_of_n needs the option by"),
        ("{name: best_of_n, of: oracle, by: {name: judge}}", "judge needs the option of"),
    ],
)
def test_a_wrong_binding_is_named(tmp_path: Path, opponent: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read(scenario(tmp_path, opponent))


def test_an_opponent_may_choose_among_replies_of_another_agent(tmp_path: Path) -> None:
    file = scenario(tmp_path, "{name: best_of_n, of: random_text, n: 3, by: verifier}")
    assert evaluate(str(file), agent="random_text")[0]["episodes"] == 4


def test_a_judge_behind_an_endpoint_chooses(tmp_path: Path) -> None:
    with serving(reply="Score: 5") as server:
        judge = f"{{name: judge, of: {endpoint(base_url=server.base_url)}}}"
        file = scenario(tmp_path, f"{{name: best_of_n, of: random_text, n: 2, by: {judge}}}")
        evaluate(str(file), ["evaluate.episodes=1"], agent="random_text")
    assert "You judge what an assistant replies" in server.bodies[0]["messages"][0]["content"]
