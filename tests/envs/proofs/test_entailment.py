"""Are answers and derivations judged, of rows of our own and of the known sets?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.proofs.english import Literal, NotUnderstood, Rule, meaning_of, understand, wrong_line
from syllogym.envs.proofs.problems import folio_theorem, read_problems
from syllogym.errors import UserError

TEXT = "Ada is a wumpus. Every wumpus is a yumpus. Yumpuses are not shy. " + (
    "If someone is not shy and they see the cat then the cat is big."
)
FOLIO = {
    "premises": ["All men are mortal.", "Socrates is a man."],
    "premises-FOL": ["∀x (Man(x) → Mortal(x))", "Man(soc-rates)"],
    "conclusion": "Socrates is not mortal.",
    "conclusion-FOL": "¬Mortal(soc-rates)",
    "label": "False",
}
PROOF = (
    "3. Man(soc_rates) -> Mortal(soc_rates) by allE 1\n4. Mortal(soc_rates) by impE 3, 2\n"
    "5. | ~Mortal(soc_rates) by assume\n6. | false by notE 4, 5\n7. ~~Mortal(soc_rates) by notI 5-6"
)


def begin(tmp_path: Path, row: dict[str, Any], preset: str, **options: Any) -> Any:
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.jsonl"  # a file is read once
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    env = sg.make("proofs/entailment", preset=preset, file=str(file), **options)
    env.reset(seed=0)
    return env


def options_row(question: str, answer: str) -> dict[str, Any]:
    return {"context": TEXT, "question": question, "options": ["A) True", "B) False", "C) Unknown"], "answer": answer}


@pytest.mark.parametrize("derivation", [0.0, 0.5])
def test_the_solver_earns_everything_on_rows_of_our_own(derivation: float) -> None:
    env = sg.make("proofs/entailment", derivation=derivation)
    for seed in range(40):
        env.reset(seed=seed)
        assert env.step(env.solve())[1] == 1.0


def test_rows_of_our_own_have_the_answer_that_follows() -> None:
    env = sg.make("proofs/entailment", derivation=1.0)
    assert len(read_problems("", "")) == 40
    for seed in range(40):
        env.reset(seed=seed)
        assert env.share == 1.0


@pytest.mark.parametrize(
    ("said", "paid"), [("A", 1.0), ("true", 1.0), ("A) True", 1.0), ("B", 0.0), ("True or False", 0.0)]
)
def test_a_choice_is_given_by_letter_or_text(tmp_path: Path, said: str, paid: float) -> None:
    env = begin(tmp_path, options_row("Is this true? Ada is a yumpus.", "A"), "proofwriter")
    assert env.step(rf"\boxed{{{said}}}")[1] == paid


@pytest.mark.parametrize(
    ("derivation", "paid"),
    [
        ("Ada is a wumpus.\nEvery wumpus is a yumpus.\nAda is a yumpus.\nAda is not shy.", 1.0),
        ("Ada is a yumpus.\nAda is not shy.", 1.0),
        ("Ada is not shy.", 0.5),
        ("Ada is a yumpus.", 0.5),
        ("Every wumpus is not shy.\nAda is not shy.", 0.5),
        ("Ada is a yumpus.\nAda is not shy.\nAda is shy.", 0.5),
        ("", 0.5),
    ],
)
def test_a_derivation_of_the_denial_shows_that_a_statement_is_false(
    tmp_path: Path, derivation: str, paid: float
) -> None:
    env = begin(tmp_path, options_row("Is this true? Ada is shy.", "B"), "prontoqa", derivation=0.5)
    assert env.step(f"<derivation>\n{derivation}\n</derivation>\n\\boxed{{B}}")[1] == paid


def test_no_derivation_is_paid_beside_a_wrong_answer(tmp_path: Path) -> None:
    env = begin(tmp_path, options_row("Is this true? Ada is a wumpus.", "A"), "prontoqa", derivation=0.5)
    assert env.step("<derivation>Ada is a wumpus.</derivation> \\boxed{C}")[1] == 0.0


def test_the_prompt_does_not_tell_whether_there_is_anything_to_derive(tmp_path: Path) -> None:
    asked = set()
    for statement, answer in (("Ada is a yumpus.", "A"), ("Ada is big.", "C")):
        env = begin(tmp_path, options_row(f"Is this true? {statement}", answer), "proofwriter", derivation=0.5)
        asked.add(env.observe("agent").replace(statement, ""))
        assert env.step(env.solve())[1] == 1.0
    assert len(asked) == 1


def test_folio_is_proved_in_natural_deduction(tmp_path: Path) -> None:
    env = begin(tmp_path, FOLIO, "folio", derivation=0.4)
    assert "Man(soc_rates)" in env.observe("agent")
    assert env.step(f"<derivation>\n{PROOF}\n</derivation>\\boxed{{False}}")[1] == 1.0
    env.reset(seed=0)
    assert env.step("<derivation>\n3. ~~Mortal(soc_rates) by reit 2\n</derivation>\\boxed{False}")[1] == pytest.approx(
        0.6
    )


def test_unknown_is_another_word_for_uncertain(tmp_path: Path) -> None:
    env = begin(tmp_path, {**FOLIO, "label": "Unknown"}, "folio")
    assert env.step(r"\boxed{uncertain}")[1] == 1.0


def test_a_row_of_folio_whose_formulas_cannot_be_read_has_no_theorem() -> None:
    assert folio_theorem({**FOLIO, "conclusion-FOL": "Man("}) == ""


@pytest.mark.parametrize(("said", "paid"), [("yumpus", 1.0), ("Ada is a yumpus.", 1.0), ("shumpus", 0.0)])
def test_prosqa_is_answered_by_word_or_sentence(tmp_path: Path, said: str, paid: float) -> None:
    row = {
        "question": "Ada is a wumpus. Every wumpus is a yumpus. Is Ada a yumpus or shumpus?",
        "answer": "Ada is a yumpus.",
    }
    assert begin(tmp_path, row, "prosqa").step(rf"\boxed{{{said}}}")[1] == paid


@pytest.mark.parametrize(
    ("row", "preset", "message"),
    [
        (options_row("Is it? Ada is a wumpus.", "D"), "proofwriter", "Row 1 of .* 'D' is none of the options A, B, C"),
        ({"context": "x"}, "prontoqa", "Row 1 of .* has no field 'options'"),
        ({**FOLIO, "label": "Maybe"}, "folio", "the label 'Maybe'"),
        ({"question": "Is it?", "answer": "Yes."}, "prosqa", "do not fit"),
        (FOLIO, "folioo", "Did you mean folio"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path: Path, row: dict[str, Any], preset: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        begin(tmp_path, row, preset)


def test_a_preset_needs_its_rows() -> None:
    with pytest.raises(UserError, match="name a file"):
        sg.make("proofs/entailment", preset="folio").reset(seed=0)


@pytest.mark.parametrize(
    ("sentence", "meaning"),
    [
        ("The cat does not eat the cow.", Literal("the cat", "eat the cow", False)),
        ("Ada is an impus.", Literal("ada", "is impus")),
        (
            "Rough, big people are cold.",
            Rule((Literal("any", "is rough"), Literal("any", "is big")), Literal("any", "is cold")),
        ),
        ("Jompuses are not shy.", Rule((Literal("any", "is jompus"),), Literal("any", "is shy", False))),
        (
            "If something is red and not smart then it likes the cow.",
            Rule((Literal("any", "is red"), Literal("any", "is smart", False)), Literal("any", "like the cow")),
        ),
    ],
)
def test_a_sentence_is_understood(sentence: str, meaning: Any) -> None:
    assert meaning_of(sentence) == meaning


@pytest.mark.parametrize("sentence", ["", "Ada.", "If it rains then.", "x" * 10_000, "and " * 120 + "x", "Is it?"])
def test_what_is_no_such_sentence_is_not_understood(sentence: str) -> None:
    with pytest.raises(NotUnderstood):
        meaning_of(sentence)


def test_a_line_that_rests_on_what_was_not_shown_is_wrong() -> None:
    goal = Literal("the cat", "is big")
    assert wrong_line(understand(TEXT), goal, ["Ada is a yumpus.", "Ada is not shy.", "The cat is big."]) == 3
