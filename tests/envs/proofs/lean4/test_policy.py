"""Do honest proofs pass, and is what is sent what was looked at?"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from syllogym.envs.proofs.lean4.policy import Refused, allowed, without_comments
from syllogym.envs.proofs.lean4.statements import proof_in, read_theorem

HONEST = (
    "norm_num [Nat.succ_le_iff]",
    "induction n with\n| zero => simp\n| succ n ih => rw [Finset.sum_range_succ, ih]; ring",
    "rcases h with ⟨x, hx⟩ | ⟨y, hy⟩ <;> nlinarith [sq_nonneg (x - y), mul_self_nonneg (x⁻¹)]",
    "have h₁ : ∀ x ∈ Set.Icc 0 1, f x ≤ 1 := by\n  intro x hx\n  exact?",
    "calc a = b := by omega\n  _ = c := rfl",
    "refine ⟨_, fun x ↦ ?_, λ y => y.2⟩\nexact (h x).elim id (absurd · hn)",
    "simp only [add_comm, add_assoc, ← sub_eq_add_neg] at *\n· ring_nf\n· field_simp; linarith!",
    "conv_lhs => rw [← Nat.div_add_mod n 2]\ndecide",
    "exact (open_set_lemma fun i in_range => by simpa using i).end'".replace(".end'", ""),
    "match n with\n| 0 => rfl\n| n + 1 => exact Nat.rec (by simp) (fun _ _ => by simp) n",
)


@pytest.mark.parametrize("proof", HONEST, ids=map(str, range(len(HONEST))))
def test_an_honest_proof_passes_as_it_is(proof: str) -> None:
    assert allowed(proof) == proof


def test_comments_are_blanks_to_lean_so_that_nothing_is_hidden_in_them() -> None:
    assert without_comments("a -- sorry\nb /- open\n /- Lean -/ -/ c") == "a         \nb        \n               c"


def test_what_is_refused_is_told_with_its_place() -> None:
    with pytest.raises(Refused, match="the word sorry") as told:
        allowed("simp\n  exact sorry")
    assert (told.value.line, told.value.column) == (2, 9)


def test_proofs_of_provers_that_were_published_pass_but_for_those_by_the_compiler(shared_data: Path) -> None:
    folder = shared_data / "data" / "lean4_model_proofs"
    passed, refused = 0, []
    for archive in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(archive) as held:
            for name in held.namelist():
                text = held.read(name).decode() if name.endswith(".lean") else ""
                if not (stated := re.search(r"theorem (?s:.*?):= by\b", without_comments(text))):
                    continue
                try:
                    allowed(proof_in(text, read_theorem(f"{stated[0]} sorry")))
                    passed += 1
                except Refused as error:
                    refused.append(str(error))
    assert passed == 330
    assert refused == ["the word native_decide may not stand in a proof"] * 4
