"""Are proofs split where Coq would split them, and which sentences may they be made of?"""

from __future__ import annotations

import pytest

from syllogym.envs.proofs.rocq.policy import BANNED, TACTICS, Refused, body, judged, own_tactics
from syllogym.envs.proofs.rocq.sentences import position, split
from tests.envs.proofs.rocq.cheats import HONEST


def texts(proof: str) -> list[str]:
    return [sentence.text for sentence in split(proof)]


@pytest.mark.parametrize(
    ("proof", "sentences"),
    [
        ("intros. split.", ["intros.", "split."]),
        ("- auto.\n-- auto.\n+++ auto. ** auto.", ["-", "auto.", "--", "auto.", "+++", "auto.", "**", "auto."]),
        ("{ auto. } }", ["{", "auto.", "}", "}"]),
        ("2: { auto. } [goal]: { auto. }", ["2: {", "auto.", "}", "[goal]: {", "auto.", "}"]),
        ("rewrite Nat.add_comm.\nauto.", ["rewrite Nat.add_comm.", "auto."]),
        ("exact {| a := 1 |}.", ["exact {| a := 1 |}."]),
        ("auto...\nauto.", ["auto...", "auto."]),
        ('idtac "a. b". auto.', ['idtac "a. b".', "auto."]),
        ('idtac "a "" . b". auto.', ['idtac "a "" . b".', "auto."]),
        ("auto. (* . (* . *) *) auto.", ["auto.", "auto."]),
        ("auto(* . *). auto.", ["auto       .", "auto."]),
        ('(* "*)" *) auto.', ["auto."]),
        ("auto.(* x *)auto.", ["auto.", "auto."]),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_sentence_ends_where_it_does_in_coq(proof: str, sentences: list[str]) -> None:
    assert texts(proof) == sentences


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "(* one\ntwo *)\n  auto.\n- auto."
    assert [position(text, sentence.start) for sentence in split(text)] == [(3, 3), (4, 1), (4, 3)]


def test_the_last_full_stop_may_lack_where_that_is_allowed() -> None:
    assert [sentence.text for sentence in judged("intros. split (* x *)", open_end=True)] == ["intros.", "split."]


def test_proof_and_qed_may_stand_around_a_proof_and_nowhere_else() -> None:
    assert [sentence.text for sentence in body("Proof.\nauto.\nQed.")] == ["auto."]
    with pytest.raises(Refused, match="Qed is no tactic"):
        body("auto. Qed. auto. Qed.")


def test_a_refused_sentence_is_told_with_its_place_and_what_stands_before_it() -> None:
    with pytest.raises(Refused) as refused:
        body("intros.\nsplit.\nAxiom x : False.")
    assert (refused.value.place, refused.value.before) == (15, 2)


def test_tactics_that_a_preamble_defines_may_be_used() -> None:
    own = own_tactics('Ltac finish := auto. Tactic Notation "crush" constr(x) := auto. Ltac other x := idtac.')
    assert own == {"finish", "crush", "other"}
    assert judged("finish. crush 1. other 2.", own)


def test_a_preamble_makes_no_banned_word_good() -> None:
    with pytest.raises(Refused):
        judged("admit.", own_tactics("Ltac admit := idtac."))


def test_no_tactic_that_may_be_used_is_a_command_or_banned() -> None:
    assert all(name[0].islower() for name in TACTICS)
    assert not TACTICS & set(BANNED.split("|"))


@pytest.mark.parametrize("honest", HONEST)
def test_an_honest_proof_is_let_through(honest: str) -> None:
    assert body(HONEST[honest][1])
