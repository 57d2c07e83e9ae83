"""Does a scenario bound what its policies remember, from the warm-up to the evaluation, and name what does not fit?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syllogym.agents.episode import Episode
from syllogym.errors import UserError
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train


def test_a_run_whose_policy_remembers_two_turns_records_what_it_was_shown(micro: Path, tmp_path: Path) -> None:
    settings = ["memory={turns: 2}", "environment.max_turns=5", "environment.high=9", "policy.tiny.context=512"]
    run = train(str(micro), [*settings, "train.steps=1"], run_dir=tmp_path / "run")
    lines = (run / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    long = [episode for episode in map(Episode.from_json, lines) if len(episode.steps) > 3]
    assert long
    for episode in long:
        assert [bool(step.recalled) for step in episode.steps[:4]] == [False, False, False, True]
        assert episode.steps[3].parent == -1


def test_a_run_may_end_episodes_whose_context_is_full_and_counts_them(micro: Path, tmp_path: Path) -> None:
    settings = ["train.overflow=end", "environment.max_turns=9", "environment.high=9", "policy.tiny.context=160"]
    run = train(str(micro), [*settings, "train.steps=1"], run_dir=tmp_path / "run")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [0 < row["overflowed"] <= 1 for row in rows if row["kind"] == "train"] == [True]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["memory={}"], "say how much a context may hold, in turns or in tokens"),
        (["memory={turns: 2, keep: 3}"], r"keep \(3\) cannot exceed turns \(2\)"),
        (["memory={turns: 2}", "context=markov"], "every turn is a prompt of its own"),
        (["memory={turns: 2, summary: oracl}"], "Did you mean oracle"),
        (["memory={turns: 2, summary: {name: openai_compatible}}"], "openai_compatible needs the option base_url"),
        (["memory={turn: 2}"], "turn"),
        (["tool_calls=mistrall"], "Did you mean mistral"),
        (["train.overflow=cut"], "overflow"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(micro: Path, settings: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        load(micro, Scenario, settings)
