"""Does the kernel judge files that others wrote as they say? The official test suite, and Debian's databases."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from benchmarks.metamath_agreement import compare
from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.kernel import verify
from syllogym.envs.proofs.mm.source import MetamathError

DEBIAN = Path("/usr/share/metamath/databases")
THEOREMS = {"demo0": 1, "hol": 138, "iset": 8990, "miu": 1, "nf": 6001, "peano": 0, "ql": 1138}
needs_databases = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's package metamath-databases")


def test_the_official_suite_is_judged_as_it_expects(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "data" / "metamath"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for path in folder.glob("*.mm*"):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        (tmp_path / path.name.removesuffix(".gz")).write_bytes(text)
    judged = {}
    for name in expected:
        try:
            verify(Database.read(tmp_path / name))
            judged[name] = "pass"
        except MetamathError:
            judged[name] = "fail"
    assert judged == expected


@needs_databases
@pytest.mark.parametrize("name", THEOREMS)
def test_databases_of_debian_are_verified_whole(name: str) -> None:
    assert verify(Database.read(DEBIAN / f"{name}.mm")) == THEOREMS[name]


@needs_databases
@pytest.mark.skipif(shutil.which("metamath") is None, reason="needs Debian's package metamath")
@pytest.mark.parametrize("seed", range(2))
def test_mutated_proofs_are_judged_as_metamath_judges_them(seed: int) -> None:
    judged, refused, differ = compare(DEBIAN / "ql.mm", seed)
    assert (judged, differ) == (1138, {})
    assert 800 < refused < 1100
