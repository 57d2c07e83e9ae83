"""Do whole episodes read as they did? Rewrite the transcripts with SYLLOGYM_REWRITE=1 and read the difference."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.envs.math.test_playthroughs import transcript

FOLDER = Path(__file__).parent / "playthroughs"
PLAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "entailment": ("proofs/entailment", {"derivation": 0.5}),
    "horn_backward": ("proofs/horn", {"chaining": "backward"}),
    "horn_one_by_one": ("proofs/horn", {"chaining": "one-by-one", "steps": 2}),
    "natural_deduction": ("proofs/natural_deduction", {"logic": "equality", "tries": 2}),
    "natural_deduction_by_line": ("proofs/natural_deduction", {"by_line": True, "explain": False, "tries": 2}),
}


@pytest.mark.parametrize("play", PLAYS)
def test_an_episode_reads_as_it_did(play: str) -> None:
    path = FOLDER / f"{play}.txt"
    if os.environ.get("SYLLOGYM_REWRITE"):
        path.write_text(transcript(*PLAYS[play]), encoding="utf-8")
    assert transcript(*PLAYS[play]) == path.read_text(encoding="utf-8")
