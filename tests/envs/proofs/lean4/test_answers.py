"""Are the answers of the real REPL read for what they say? Its recorded transcripts are played back."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs.proofs.lean4.answers import Answer, NotAnAnswer, axioms_of, read_answer
from syllogym.envs.proofs.lean4.process import Process
from tests.envs.proofs.lean4.conftest import command
from tests.envs.proofs.lean4.transcripts import transcripts


def test_of_33_recorded_answers_without_a_goal_15_complete_a_proof(shared_data: Path) -> None:
    answers = [read_answer(told) for _, _, recorded in transcripts(shared_data) for told in recorded]
    without = [answer for answer in answers if answer.goals == ()]
    assert len(without) == 33
    assert sum(answer.completed for answer in without) == 15
    assert not any(answer.completed for answer in answers if answer.goals != ())


def test_recorded_transcripts_go_through_the_pipe_unchanged(shared_data: Path, tmp_path: Path) -> None:
    asked = 0
    for _, requests, answers in transcripts(shared_data):
        for name, what in (("requests", requests), ("answers", answers)):
            (tmp_path / name).write_text(json.dumps(what), encoding="utf-8")
        words = shlex.split(command("replaying_repl.py", tmp_path / "requests", tmp_path / "answers"))
        process = Process(words, "/", {})
        for request, answer in zip(requests, answers, strict=True):
            assert process.ask(request, 20.0) == read_answer(answer)
            asked += 1
        process.close()
    assert asked >= 200


def test_an_error_a_sorry_and_a_refusal_are_errors() -> None:
    error = {"severity": "error", "pos": {"line": 1, "column": 0}, "data": "no"}
    warning = {**error, "severity": "warning", "data": "declaration uses 'sorry'"}
    for told in (
        {"message": "Unknown environment."},
        {"env": 0, "messages": [error]},
        {"env": 0, "messages": [warning]},
    ):
        assert read_answer(told).error is not None
    assert read_answer({"env": 0, "sorries": [{"goal": "⊢ False", "proofState": 0}]}).error is not None
    assert read_answer({"env": 0, "messages": [{**warning, "data": "unused variable"}]}).error is None


@pytest.mark.parametrize(
    "raw",
    [
        [],
        7,
        None,
        "text",
        {"env": "0"},
        {"env": True},
        {"env": -1},
        {"goals": "none"},
        {"messages": [{}]},
        {"goals": [1]},
    ],
    ids=str,
)
def test_what_is_not_in_the_form_of_the_protocol_is_no_answer(raw: Any) -> None:
    with pytest.raises(NotAnAnswer):
        read_answer(raw)


def said(*texts: str, severity: str = "info") -> Answer:
    place = {"line": 1, "column": 0}
    return read_answer({"env": 1, "messages": [{"severity": severity, "pos": place, "data": text} for text in texts]})


def test_axioms_are_read_from_the_one_message_about_the_very_name() -> None:
    assert axioms_of("t", said("'t' does not depend on any axioms").messages) == ()
    assert axioms_of("t", said("'t' depends on axioms: [propext,\n Quot.sound]").messages) == ("Quot.sound", "propext")
    assert axioms_of("t", said("'A.t' depends on axioms: [propext]").messages) == ("propext",)


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("'u' does not depend on any axioms",),
        ("'t' does not depend on any axioms of mine",),
        ("'t' does not depend on any axioms", "'t' depends on axioms: [sorryAx]"),
        ("No: 't' does not depend on any axioms",),
    ],
    ids=str,
)
def test_anything_else_says_nothing_about_axioms(texts: tuple[str, ...]) -> None:
    assert axioms_of("t", said(*texts).messages) is None


def test_a_warning_says_nothing_about_axioms() -> None:
    assert axioms_of("t", said("'t' does not depend on any axioms", severity="warning").messages) is None
