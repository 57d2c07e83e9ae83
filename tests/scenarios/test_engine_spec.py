"""Is a wrong word about the engine told before anything begins, and is an engine made once for each policy?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from syllogym.agents.engines.local import LocalEngine
from syllogym.errors import UserError
from syllogym.scenarios.engine_spec import EngineSpec
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from tests.agents.models import tiny_policy


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        ("{name: vlm}", r"engine.name is one of local, vllm; not 'vlm'. Did you mean vllm\?"),
        ("{row: 1}", r"engine.row: 'local' takes rows, kept; not row. Did you mean rows\?"),
        ("{rows: 0}", "rows is at least 1; not 0"),
        ("{name: vllm, rows: 8}", "'vllm' takes python, replicas, .*; not rows"),
        ("{name: vllm, replicas: 0}", "replicas is at least 1; not 0"),
        ("{name: vllm, memory: 0.0}", "memory is above 0; not 0.0"),
        ("{name: vllm, dtype: int8}", "vllm.dtype: input should be 'auto', 'float32'"),
        ("{name: vllm, args: {model: other}}", "args: model is the engine's own business"),
    ],
)
def test_a_wrong_engine_is_told_with_its_place(micro: Path, engine: str, told: str) -> None:
    with pytest.raises(UserError, match=rf"--set engine=.*{told}"):
        load(micro, Scenario, [f"engine={engine}"])


def test_an_engine_needs_no_mention(micro: Path) -> None:
    settings, _ = load(micro, Scenario)
    assert isinstance(settings.engine.of(tiny_policy()), LocalEngine)


def test_a_policy_keeps_its_engine_until_it_is_closed() -> None:
    spec, policy, other = EngineSpec(), tiny_policy(), tiny_policy()
    engine = spec.of(policy)
    assert spec.of(policy) is engine
    assert spec.of(other) is not engine
    spec.close(policy)
    assert spec.of(policy) is not engine


def test_a_python_without_vllm_is_told_with_the_line_that_installs_it(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    spec = EngineSpec.model_validate({"name": "vllm", "python": str(bare)})
    with pytest.raises(
        UserError, match=rf"engine.python: {bare} has no vLLM. Install it there with `pip install vllm`"
    ):
        spec.of(tiny_policy())
