"""What do the tests of Lean share? A stand-in for its REPL, and how one is made of rows."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.toolchain import Toolchain

HERE = Path(__file__).parent


def command(script: str, *arguments: object) -> str:
    """Return the command line of a script beside this file."""
    return shlex.join([sys.executable, "-S", "-E", str(HERE / script), *map(str, arguments)])


@pytest.fixture
def modelled(tmp_path: Path) -> Iterator[Callable[..., Lean]]:
    """Make a prover over a stand-in that knows rows: proofs, with what Lean says of them."""
    made = []

    def make(rows: list[dict[str, Any]], **options: Any) -> Lean:
        known = tmp_path / "known.jsonl"
        known.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        made.append(Lean(Toolchain(command("modelled_repl.py", known), isolation="process").start, **options))
        return made[-1]

    yield make
    for lean in made:
        lean.close()
