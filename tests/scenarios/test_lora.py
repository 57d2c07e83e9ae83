"""Do scenarios train adapters: alone, in teams over one base, further, and again after a stop?"""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from syllogym.agents.policy import Policy
from syllogym.agents.weights import adapted
from syllogym.errors import UserError
from syllogym.scenarios.build import make_policies
from syllogym.scenarios.evaluate import evaluate
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.agents.models import tiny_policy
from tests.scenarios.test_resume import numbers
from tests.scenarios.test_team import Letters  # noqa: F401

TEAM = """
environment: {name: test-team/letters}
policy: {model: BASE, lora: {rank: 2}}
team:
  first: {algorithm: {name: grpo, kl: 0.1}}
  second: {algorithm: {name: ppo, critic: model}, policy: {model: BASE, lora: {targets: [q_proj]}}}
players: {player_0: first, player_1: second}
train: {steps: 4, prompts: 3, group: 4, schedule: [{roles: [player_1], steps: 1}, {roles: [player_0], steps: 1}]}
sampling: {max_tokens: 3}
optimiser: {lr: 0.01}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 1, keep: 100}
threads: 1
"""

TINY = ["policy.model=null", "policy.tiny={layers: 1, width: 16, heads: 2}", "team.second.policy=null"]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return the folder of a model that adapters are put over."""
    tiny_policy(context=192).save(tmp_path / "plain")
    return tmp_path / "plain"


@pytest.fixture
def team(base: Path, tmp_path: Path) -> Path:
    """Return the file of a scenario in which two policies with adapters over one base learn in turn."""
    file = tmp_path / "team.yaml"
    file.write_text(TEAM.replace("BASE", str(base)), encoding="utf-8")
    return file


def adapter(folder: Path) -> dict[str, torch.Tensor]:
    """Return the adapter that is saved in a folder."""
    return load_file(folder / "adapter_model.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    assert one.keys() == other.keys()
    return all(one[name].equal(other[name]) for name in one)


def cut_back(run: Path, killed: Path, keep: int) -> Path:
    """Copy a run as if it had been stopped after its first `keep` checkpoints."""
    shutil.copytree(run, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[keep:]:
        shutil.rmtree(later)
    return killed


def policies(file: Path, path: Path | None = None, *settings: str) -> dict[str, Policy]:
    scenario, _ = load(str(file), Scenario, settings)
    made = make_policies(scenario, critic=True, path=path)
    return {name: policy for name, policy in made.items() if isinstance(policy, Policy)}


def assert_one_base(first: Policy, second: Policy) -> None:
    mine, theirs = (
        {name.replace(".base_layer", ""): w.data_ptr() for name, w in each.model.named_parameters()}
        for each in (first, second)
    )
    common = {name for name in mine.keys() & theirs.keys() if "lora_" not in name}
    assert len(common) > 9
    assert all(mine[name] == theirs[name] for name in common)
    lora = {place for each in (mine, theirs) for name, place in each.items() if "lora_" in name}
    assert len(lora) == sum("lora_" in name for each in (mine, theirs) for name in each)


@pytest.mark.parametrize("settings", [[], TINY], ids=["model", "tiny"])
def test_members_with_adapters_over_the_same_base_share_it(team: Path, settings: list[str]) -> None:
    assert_one_base(*policies(team, None, *settings).values())


def test_members_share_the_base_when_they_are_loaded_again(team: Path, tmp_path: Path) -> None:
    run = train(str(team), ["train.steps=1"], tmp_path / "run")
    assert_one_base(*policies(team, run / "model").values())
    run = train(str(team), [*TINY, "train.steps=1"], tmp_path / "tiny")
    assert_one_base(*policies(run / "scenario.yaml", run / "model").values())


def test_a_member_without_an_adapter_has_a_model_of_its_own(team: Path) -> None:
    first, second = policies(team, None, "team.second.policy.lora=null").values()
    assert not adapted(second.model)
    assert all(weight.requires_grad for weight in second.parameters())
    places = {weight.data_ptr() for weight in first.parameters()}
    assert not places & {weight.data_ptr() for weight in second.parameters()}


def test_each_role_moves_its_own_adapter_and_nobody_the_base(team: Path, base: Path, tmp_path: Path) -> None:
    run = train(str(team), run_dir=tmp_path / "run")
    saved = sorted((run / "checkpoints").glob("step-*"))
    states = {who: [adapter(folder / who) for folder in saved] for who in ("first", "second")}
    moved = {who: [not same(a, b) for a, b in pairwise(each)] for who, each in states.items()}
    learnt = [
        {key.split("/")[0] for key in row if key.endswith("/loss")}
        for row in map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
        if row["kind"] == "train"
    ]
    assert learnt == [{"second"}, {"first"}] * 2
    assert any(moved["first"]) and any(moved["second"])
    assert not any(one and other for one, other in zip(moved["first"], moved["second"], strict=True))
    with_base = policies(team, run / "model")["second"].model
    plain = load_file(base / "model.safetensors")
    weights = {name.replace(".base_layer", ""): w for name, w in with_base.named_parameters() if "lora_" not in name}
    assert all(weights[name].equal(plain[name]) for name in weights)


def test_a_team_of_adapters_resumes_to_the_same_bits_from_small_checkpoints(
    team: Path, base: Path, tmp_path: Path
) -> None:
    straight = train(str(team), run_dir=tmp_path / "straight")
    saved = sorted((straight / "checkpoints").glob("step-*"))
    size = (base / "model.safetensors").stat().st_size
    for folder in saved:
        assert not list(folder.rglob("model.safetensors"))
        assert max(file.stat().st_size for file in folder.rglob("adapter_model.safetensors")) < size / 4
        names = [name for each in held(folder).values() for name in each]
        assert names and all("lora_" in name or name == "critic.head.weight" for name in names)
    killed = cut_back(straight, tmp_path / "killed", 3)
    train(run_dir=killed, resume=True)
    for member in ("first", "second"):
        assert same(adapter(straight / "model" / member), adapter(killed / "model" / member))
    assert numbers(straight) == numbers(killed)


def held(checkpoint: Path) -> dict[str, dict[str, Any]]:
    """Return the weights of the reference and of the critic that a checkpoint's state holds."""
    trainees = torch.load(checkpoint / "state.pt", weights_only=True)["trainees"]
    return {"reference": trainees["first"]["reference"], "critic": trainees["second"]["critic"]}


def test_a_tiny_base_is_warmed_up_saved_resumed_and_evaluated(micro: Path, tmp_path: Path) -> None:
    straight = train(str(micro), ["policy.lora={}"], tmp_path / "straight")
    bases = [load_file(file) for file in straight.rglob("base/model.safetensors")]
    assert len(bases) > 3 and all(same(bases[0], other) for other in bases)
    killed = cut_back(straight, tmp_path / "killed", 7)
    train(run_dir=killed, resume=True)
    assert same(adapter(straight / "model"), adapter(killed / "model"))
    last = numbers(straight)[-1]
    report, _ = evaluate(str(killed))
    assert (report["accuracy"], report["return"]) == (last["accuracy"], last["return"])


def test_training_goes_on_from_a_saved_adapter(team: Path, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "alone.yaml"
    text = TEAM.replace("BASE", str(base))
    head, tail = text.split("team:\n")[0], text[text.index("sampling:") :]
    file.write_text(f"{head}algorithm: {{name: reinforce}}\ntrain: {{steps: 2, prompts: 3, group: 4}}\n{tail}")
    first = train(str(file), ["policy.lora={rank: 3, targets: [q_proj, up_proj]}"], tmp_path / "first")
    further = [f"policy.model={first / 'model'}", "policy.lora={rank: null}"]
    begun = policies(file, None, *further)["policy"].learnt()
    names = {name.replace("model.", "base_model.model.", 1).replace(".default", ""): name for name in begun}
    assert same({name: begun[mine] for name, mine in names.items()}, adapter(first / "model"))
    second = train(str(file), further, tmp_path / "second")
    assert not same(adapter(first / "model"), adapter(second / "model"))
    shutil.rmtree(first)  # what goes on needs the base alone
    killed = cut_back(second, tmp_path / "killed", 1)
    train(run_dir=killed, resume=True)
    assert same(adapter(second / "model"), adapter(killed / "model"))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["policy.lora={rank: 0}"], r"policy\.lora\.rank is at least 1; not 0"),
        (["policy.lora={rnk: 1}"], r"rnk"),
        (["policy.lora={targets: []}"], r"policy\.lora\.targets names no layer"),
        (["policy.lora={targets: [q_porj]}"], r"policy\.lora\.targets: 'q_porj' .*Did you mean q_proj"),
        (
            ["policy.tiny=null", "policy.table={}", "policy.lora={}"],
            r"policy\.lora adapts .* a table is none",
        ),
        (["policy.tiny=null", "policy.network={}", "policy.lora={}"], r"policy\.lora adapts .* a network is none"),
    ],
)
def test_what_lora_cannot_be_is_told(micro: Path, tmp_path: Path, settings: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        train(str(micro), settings, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_adapter_without_lora_is_told(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), ["policy.lora={}", "train.steps=1", "warmup=null"], tmp_path / "run")
    begin = ["policy.tiny=null", f"policy.model={run / 'model'}"]
    with pytest.raises(UserError, match=r"policy\.model: '.*model' is an adapter; write lora: \{\} beside it"):
        train(str(micro), begin, tmp_path / "other")
    with pytest.raises(UserError, match=r"policy\.lora\.rank: the adapter .* has 8, not 4"):
        train(str(micro), [*begin, "policy.lora={rank: 4}"], tmp_path / "other")
