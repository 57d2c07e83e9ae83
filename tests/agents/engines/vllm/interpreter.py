"""Which Python has vLLM? Tests that need one are skipped where there is none."""

from __future__ import annotations

import pytest

from syllogym.agents.engines.vllm.launch import check_installed
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.errors import UserError


def python_with_vllm() -> str:
    """Return it: $SYLLOGYM_VLLM_PYTHON, or this one."""
    python = VLLMOptions().interpreter
    try:
        check_installed(python)
    except UserError as error:
        pytest.skip(str(error))
    return python
