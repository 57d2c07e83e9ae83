"""Does a saved model play without learning?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from syllogym.agents import make
from syllogym.agents.asking import ask
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.errors import UserError


@pytest.fixture
def saved(tmp_path: Path) -> str:
    tokenizer = byte_tokenizer()
    Policy(tiny_model(tokenizer, seed=0, width=32), tokenizer).save(tmp_path / "model")
    return str(tmp_path / "model")


def test_a_saved_model_replies_with_its_tokens_counted(saved: str) -> None:
    reply = asyncio.run(ask(make({"name": "local_model", "model": saved, "max_tokens": 5}), "3+4", 1))
    assert reply.tokens is not None and 1 <= reply.tokens.completion <= 5  # type: ignore[attr-defined]


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        asyncio.run(ask(make({"name": "local_model", "model": str(tmp_path / "none")}), "3+4", 1))


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(UserError, match="max_tokens is at least 1"):
        make({"name": "local_model", "model": "m", "max_tokens": 0})
