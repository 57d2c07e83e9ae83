"""Do methods that learn values train by the same door as the others: learn, resume, and refuse what they cannot do?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from syllogym.agents.value_table import ValueTable
from syllogym.errors import UserError
from syllogym.scenarios.evaluate import evaluate
from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers

CLIFF = """
environment: {name: games/cliff_walk}
policy: {table: {}}
context: markov
algorithm: {name: q_learning}
train: {steps: 20, prompts: 25, group: 1, live: 1}
evaluate: {episodes: 1, every: 0}
checkpoint: {every: 0}
threads: 1
"""

SELECTION = """
environment: {name: selection/examples}
policy: {network: {width: 8, buckets: 64}}
context: markov
algorithm: {name: dqn, begin: 8, batch: 4, copy_every: 3, replay: 20}
optimiser: {lr: 0.01, schedule: linear, warmup: 4}
train: {steps: 4, prompts: 8, group: 1}
evaluate: {episodes: 4, every: 2}
checkpoint: {every: 1, keep: 100}
threads: 1
"""

PAIR = """
environment: {name: games/tictactoe}
context: markov
team:
  X: {policy: {table: {initial: 1.0}}, algorithm: {name: sarsa, explore: 0.5}}
  O: {policy: {tiny: {layers: 1, width: 16, heads: 2, context: 128}}, algorithm: {name: grpo, minibatches: 2}}
sampling: {max_tokens: 2}
train: {steps: 2, prompts: 4, group: 4}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 1, keep: 100}
threads: 1
"""


def written(folder: Path, text: str) -> str:
    file = folder / "scenario_here.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def outcome(run: Path) -> tuple[dict[str, bytes], list[dict[str, object]], bytes]:
    """Return everything a run leaves that does not measure time."""
    learnt = [path for path in run.glob("model/**/*") if path.suffix == ".safetensors" or path.name == "values.json"]
    assert learnt
    return (
        {path.relative_to(run).as_posix(): path.read_bytes() for path in learnt},
        numbers(run),
        (run / "episodes.jsonl").read_bytes(),
    )


@pytest.mark.slow
def test_q_learning_walks_along_the_cliff_and_sarsa_at_a_distance_which_costs_less_while_exploring(
    tmp_path: Path,
) -> None:
    walked, online = {}, {}
    for method in ("q_learning", "sarsa"):
        run = train(written(tmp_path, CLIFF), [f"algorithm.name={method}"], tmp_path / method)
        learnt = [row["reward"] for row in numbers(run) if row["kind"] == "train"]
        walked[method] = numbers(run)[-1]["return"]
        online[method] = sum(map(float, learnt[-4:])) / 4  # type: ignore[arg-type]
    assert walked == {"q_learning": -13.0, "sarsa": -17.0}
    assert -80 < online["q_learning"] < -35 < online["sarsa"] < -17


@pytest.mark.slow
def test_dqn_learns_which_examples_to_show_for_questions_it_never_saw(tmp_path: Path) -> None:
    run = train("example_selection_dqn", ["train.steps=20", "evaluate.every=0"], tmp_path / "run")
    trained, _ = evaluate(str(run))
    chance, _ = evaluate("example_selection_dqn", agent="random_text")
    assert trained["accuracy"] > 0.85 > 0.35 > chance["accuracy"]


@pytest.mark.parametrize("scenario", [SELECTION, PAIR], ids=["dqn", "a table beside a language model"])
def test_resuming_from_any_checkpoint_gives_the_same_bits(tmp_path: Path, scenario: str) -> None:
    straight = train(written(tmp_path, scenario), run_dir=tmp_path / "straight")
    saved = sorted((straight / "checkpoints").glob("step-*"))
    assert any(row.get("td_error") or row.get("X/td_error") for row in numbers(straight)), "nothing was learnt from"
    for checkpoint in saved[:-1:2]:
        killed = tmp_path / checkpoint.name
        shutil.copytree(straight, killed)
        shutil.rmtree(killed / "model")
        for later in sorted((killed / "checkpoints").glob("step-*")):
            if later.name > checkpoint.name:
                shutil.rmtree(later)
        train(run_dir=killed, resume=True)
        assert outcome(killed) == outcome(straight)


def test_what_a_researcher_watches_is_logged(tmp_path: Path) -> None:
    run = train(written(tmp_path, SELECTION), run_dir=tmp_path / "run")
    rows = [row for row in numbers(run) if row["kind"] == "train"]
    assert [row["epsilon"] for row in rows][::3] == [1.0, 0.05]
    assert {"td_error", "q_mean", "loss", "updates", "reward", "accuracy"} <= rows[-1].keys()


def test_a_trained_table_is_read_and_evaluated(tmp_path: Path) -> None:
    few = ["train.steps=1", "train.prompts=1", "environment.max_turns=20"]
    run = train(written(tmp_path, CLIFF), few, tmp_path / "run")
    assert ValueTable.load(run / "model").rows
    assert evaluate(str(run))[0]["episodes"] == 1


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("environment={name: games/guess_number}", "takes free text .* give the environment a method `choices"),
        ("algorithm={name: dqn}", r"policy: dqn learns a network of values; write {network: {}}"),
        ("algorithm={name: grpo}", "policy: grpo learns a language model; name a model, or describe a tiny one"),
        ("warmup={steps: 1}", "warmup: q_learning imitates nobody; leave it out"),
        ("train.schedule=[{roles: [agent], steps: 1}]", "train.schedule: q_learning learns while it plays"),
        ("policy={table: {}, network: {}}", "policy takes either .* and exactly one"),
        ("teacher={table: {}}", "teacher: it scores tokens"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_written(tmp_path: Path, override: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        train(written(tmp_path, CLIFF), [override], tmp_path / "run")
    assert not (tmp_path / "run").exists()
