"""Do scenario files merge by the rules, and does every mistake get a sentence that names file, line, key and fix?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from syllogym.errors import UserError, check_options
from syllogym.scenarios.strict_yaml import load


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Train(Section):
    steps: int
    prompts: int = 4
    group: int = Field(8, gt=0)
    rate: float = 1.0
    betas: tuple[float, ...] = ()


class Method(Section):
    name: str
    clip: float = 0.2


class Scenario(Section):
    env: str
    train: Train | None = None
    algorithm: str | Method = "grpo"
    mode: Literal["fast", "full"] = "fast"
    agents: dict[str, Train] = {}
    phases: list[Train] = []
    options: dict[str, Any] = {}
    shuffle: bool = False
    log: Path | None = None

    @field_validator("options")
    def known_options(cls, options: dict[str, Any]) -> dict[str, Any]:
        check_options("grpo", ["clip", "epochs"], options)
        return options


@pytest.fixture(autouse=True)
def inside_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def resolved(text: str, *overrides: str, **others: str) -> dict[str, Any]:
    for name, other in others.items():
        Path(f"{name}.yaml").write_text(other)
    Path("my.yaml").write_text(text)
    return load("my.yaml", Scenario, overrides)[1]


def complaint(text: str, *overrides: str, **others: str) -> str:
    with pytest.raises(UserError) as error:
        resolved(text, *overrides, **others)
    return str(error.value)


def test_the_model_holds_the_values_and_the_defaults() -> None:
    Path("my.yaml").write_text("env: x\ntrain: {steps: 3, rate: 1e-3, betas: [1, 0.5]}\nlog: a/b\n")
    settings, plain = load("my.yaml", Scenario)
    assert settings.train == Train(steps=3, rate=0.001, betas=(1.0, 0.5))
    assert settings.log == Path("a/b")
    assert plain == {"env": "x", "train": {"steps": 3, "rate": 0.001, "betas": [1, 0.5]}, "log": "a/b"}


def test_an_extending_file_is_laid_on_top_key_by_key() -> None:
    base = "env: x\ntrain: {steps: 3, betas: [1, 2]}\n"
    assert resolved("extends: base\ntrain:\n  betas: [5]\n", base=base) == {
        "env": "x",
        "train": {"steps": 3, "betas": [5]},
    }


def test_an_extended_file_is_found_beside_the_one_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/base.yaml").write_text("env: y\n")
    (tmp_path / "deep/my.yaml").write_text("extends: base.yaml\n")
    assert load("deep/my.yaml", Scenario)[1] == {"env": "y"}


def test_the_options_of_another_name_are_not_inherited() -> None:
    base = "env: x\nalgorithm: {name: grpo, clip: 0.3}\n"
    assert resolved("extends: base\nalgorithm: {name: ppo}\n", base=base)["algorithm"] == {"name": "ppo"}


def test_overrides_come_last_in_order_and_are_yaml() -> None:
    plain = resolved("env: x\n", "train.steps=1", "train.rate=1e-2", "train.steps=2", "train.betas=[1, 2]")
    assert plain["train"] == {"steps": 2, "rate": 0.01, "betas": [1, 2]}


def test_an_override_inside_a_bare_name_keeps_the_name() -> None:
    assert resolved("env: x\nalgorithm: ppo\n", "algorithm.clip=0.1")["algorithm"] == {"name": "ppo", "clip": 0.1}


TRAIN = "'train' takes steps, prompts, group, rate, betas"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("env: x\ntrain:\n  stpes: 3\n", f"my.yaml:3: train.stpes: {TRAIN}; not stpes. Did you mean steps?"),
        ("env: x\ntrain:\n  rate: 2.0\n", "my.yaml:2: train.steps: this key is missing, and it has no default."),
        ("mode: fast\n", "my.yaml:1: env: this key is missing, and it has no default."),
        ("env: x\ntrain: {steps: '3'}\n", 'my.yaml:2: train.steps: "3" should be a whole number.'),
        ("env: x\ntrain: {steps: 3.5}\n", "my.yaml:2: train.steps: 3.5 should be a whole number."),
        ("env: x\ntrain: {steps: 1, rate: true}\n", "my.yaml:2: train.rate: true should be a number."),
        ("env: x\ntrain: {steps: 1, group: 0}\n", "my.yaml:2: train.group: 0 should be greater than 0."),
        ("env: 3\n", "my.yaml:1: env: 3 should be text."),
        ("env: x\nshuffle: yes\n", 'my.yaml:2: shuffle: "yes" should be true or false.'),
        ("env: x\ntrain: 3\n", "my.yaml:2: train: 3 should be a mapping."),
        ("env: x\nphases: 3\n", "my.yaml:2: phases: 3 should be a list."),
        ("env: x\nmode: fats\n", "my.yaml:2: mode: \"fats\" should be 'fast' or 'full'. Did you mean fast?"),
        ("env: x\nalgorithm: 3\n", "my.yaml:2: algorithm: 3 should be text or a mapping."),
        (
            "env: x\nalgorithm:\n  name: grpo\n  clpi: 1\n",
            "my.yaml:4: algorithm.clpi: 'algorithm' takes name, clip; not clpi. Did you mean clip?",
        ),
        (
            "env: x\nagents:\n  solver: {steps: 1, gruop: 1}\n",
            "my.yaml:3: agents.solver.gruop: 'agents.solver' takes steps, prompts, group, rate, betas; "
            "not gruop. Did you mean group?",
        ),
        ("env: x\nphases:\n- steps: 1\n- steps: x\n", 'my.yaml:4: phases.1.steps: "x" should be a whole number.'),
        (
            "env: x\noptions:\n  epochs: 1\n  clpi: 3\n",
            "my.yaml:4: options.clpi: 'grpo' takes clip, epochs; not clpi. Did you mean clip?",
        ),
        ("env: x\nenv: y\n", "my.yaml:2: env stands twice in this mapping (first in line 1)."),
        ("", "my.yaml: this file is empty; a scenario is a mapping of keys to values."),
        ("# nothing\n", "my.yaml: this file is empty; a scenario is a mapping of keys to values."),
        ("- a\n", "my.yaml:1: a scenario is a mapping of keys to values, not a list."),
        ("hello\n", "my.yaml:1: a scenario is a mapping of keys to values, not one value."),
        ("env: {\n", "my.yaml:2:1: this is not YAML: expected the node content, but found '<stream end>'."),
        ("extends: [a]\n", "my.yaml:1: extends: this takes one name or path of a scenario."),
    ],
)
def test_a_mistake_in_the_file_gets_one_sentence(text: str, sentence: str) -> None:
    assert complaint(text) == sentence


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("train.stpes=3", f"--set train.stpes=3: train.stpes: {TRAIN}; not stpes. Did you mean steps?"),
        ("train.steps=x", '--set train.steps=x: train.steps: "x" should be a whole number.'),
        (
            "train",
            "--set train: write a key and its value with = between them, as in --set train.steps=300.",
        ),
        ("train={", "--set train={: this is not YAML: expected the node content, but found '<stream end>'."),
        ("env.x=1", '--set env.x=1: env: {"name": "x", "x": 1} should be text.'),
    ],
)
def test_a_mistake_in_an_override_is_told_of_the_option(override: str, sentence: str) -> None:
    assert complaint("env: x\ntrain: {steps: 1}\n", override) == sentence


def test_a_mistake_in_an_extended_file_names_that_file_and_its_line() -> None:
    text = complaint("extends: base\nenv: x\n", base="env: y\ntrain:\n  stpes: 3\n")
    assert text == f"base.yaml:3: train.stpes: {TRAIN}; not stpes. Did you mean steps?"


def test_scenarios_cannot_extend_in_a_circle() -> None:
    text = complaint("extends: other\n", other="env: x\nextends: my\n")
    assert text == (
        "other.yaml:2: extends: scenarios cannot extend in a circle: my.yaml extends other.yaml extends my.yaml."
    )


def test_a_missing_parent_is_told_with_the_nearest_file_beside() -> None:
    assert complaint("extends: bsae\n", base="env: x\n").startswith(
        "my.yaml:1: extends: There is no scenario 'bsae'. Did you mean base?"
    )


def test_a_missing_file_is_told_with_the_nearest_one() -> None:
    Path("my.yaml").write_text("env: x\n")
    with pytest.raises(UserError, match=r"^There is no file 'mi\.yaml'\. Did you mean my\.yaml\?"):
        load("mi.yaml", Scenario)
