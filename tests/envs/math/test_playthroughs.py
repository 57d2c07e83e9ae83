"""Do whole episodes read as they did? Rewrite the transcripts with SYLLOGYM_REWRITE=1 and read the difference."""

import os
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg

FOLDER = Path(__file__).parent / "playthroughs"
PLAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "arithmetic": ("math/arithmetic", {"operation": "any"}),
    "arithmetic_scratchpad": ("math/arithmetic", {"operation": "any", "scratchpad": True}),
    "column_addition": ("math/column_addition", {}),
    "countdown_two_tries": ("math/countdown", {"max_turns": 2}),
    "game24": ("math/game24", {}),
    "linear_equation": ("math/linear_equation", {"rational": True}),
    "number_theory": ("math/number_theory", {}),
    "quadratic_equation": ("math/quadratic_equation", {"below": 3}),
    "word_problem": ("math/word_problem", {"steps": 4, "distractors": 2}),
}
SEEDS = range(4)


def transcript(name: str, options: dict[str, Any]) -> str:
    """Let the solver play seeds 0, 1, ...; with more than one turn the first reply of odd seeds is wrong."""
    lines = [f"{name} {options}"]
    env = sg.make(name, **options)
    for seed in SEEDS:
        told, _ = env.reset(seed=seed)
        lines += ["", f"seed {seed}"]
        while not env.over:
            lines += [f"  env   | {line}" for line in told.splitlines()]
            wrong = seed % 2 and env.turn == 0 and env.max_turns != 1
            reply = ("10" if name == "math/column_addition" else "\\boxed{1 + 1}") if wrong else env.solve()
            told, reward, _, _, info = env.step(reply)
            lines += [f"  agent | {reply}"]
        lines += [f"  paid  | {reward:g} {info.get('reward', {})}"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("play", PLAYS)
def test_an_episode_reads_as_it_did(play: str) -> None:
    path = FOLDER / f"{play}.txt"
    if os.environ.get("SYLLOGYM_REWRITE"):
        path.write_text(transcript(*PLAYS[play]), encoding="utf-8")
    assert transcript(*PLAYS[play]) == path.read_text(encoding="utf-8")
