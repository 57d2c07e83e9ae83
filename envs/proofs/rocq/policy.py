"""Which sentences may a proof be made of? Bullets, braces and tactics that are listed here; nothing else reaches Coq.

What begins with any other word is a command: it could state another theorem, assume an axiom, write a file, load a
plugin, or change what is checked. Every command of Coq 8.16 begins with a word or sign that is not listed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from syllogym.envs.proofs.rocq.sentences import Sentence, Unreadable, split

_WORDS = """
absurd apply assert assert_fails assert_succeeds assumption auto autoapply autorewrite autounfold btauto by case cbn
cbv change clear clearbody cofix compare compute congr congruence constr_eq constructor contradict contradiction cut
cycle debug decide decompose dependent destruct dintuition discrR discriminate do done dtauto eapply eassert
eassumption easy eauto ecase econstructor edestruct ediscriminate eelim eenough eexact eexists einduction einjection
eintros eleft elim elimtype enough epose eremember ereplace eright eset esimplify_eq esplit etransitivity evar exact
exfalso exists f_equal fail field field_simplify field_simplify_eq first firstorder fix fold functional generalize
generalize_eqs generally gfail guard has_evar have hnf idtac if induction info_auto info_eauto injection instantiate
intro intros intuition inversion inversion_clear inversion_sigma is_const is_evar is_var lapply lazy lazymatch left
let lia lra match move multimatch nia now nra nsatz once only pattern pose progress rapply red refine reflexivity
remember rename repeat replace revert revgoals rewrite rewrite_strat right ring ring_simplify rtauto set
setoid_reflexivity setoid_replace setoid_rewrite setoid_symmetry setoid_transitivity simpl simple simplify_eq solve
specialize split split_Rabs split_Rmult stepl stepr subst suff suffices swap symmetry tauto transitivity trivial try
tryif typeclasses unfold unify unshelve vm_compute without wlog zify
"""

TACTICS = frozenset(_WORDS.split())
"""Words that a tactic may begin with: of Ltac, of the standard library, and of ssreflect."""

BANNED = (
    "admit|give_up|shelve|shelve_unifiable|exact_no_check|vm_cast_no_check|native_cast_no_check|native_compute|"
    "change_no_check|abstract|transparent_abstract|ltac2|timeout|with_strategy|psatz\\w*|sos_\\w+|xsos_\\w+|xpsatz\\w*|"
    "proof_admitted|optimize_heap|restart_timer|finish_timing|(?:start|stop|reset|show)\\s+ltac\\s+profile?"
)
"""Words that may stand nowhere in a proof: they leave goals open, skip checks, start programs, or do what outlasts."""

SENTENCES = 5_000
"""Sentences that a proof may have."""

_BANNED = re.compile(rf"(?<![A-Za-z0-9_'])(?:{BANNED})(?![A-Za-z0-9_'])")
_LONE = re.compile(r"(?:[^:]*:\s*)?\{|\}|-+|\++|\*+")
_SELECTOR = re.compile(r"(?:\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*|all|!|\[\s*[A-Za-z_]\w*\s*\])\s*:(?!=)\s*", re.ASCII)
_HEAD = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")
_OWN = re.compile(r"\bLtac\s+([A-Za-z_]\w*)|\bTactic\s+Notation\s*(?:\([^)]*\)\s*)?\"([A-Za-z_]\w*)", re.ASCII)


class Refused(Exception):
    """A sentence that no honest proof needs; `place` is where it stands, `before` how many sentences before it."""

    def __init__(self, message: str, place: int, before: int) -> None:
        super().__init__(message)
        self.place, self.before = place, before


@lru_cache(1_000)
def own_tactics(preamble: str) -> frozenset[str]:
    """Return the tactics that a trusted preamble defines."""
    return frozenset(name or notation for name, notation in _OWN.findall(preamble))


def judged(text: str, own: Collection[str] = (), open_end: bool = False) -> list[Sentence]:
    """Return the sentences of a step or of a proof's body, all of them harmless.

    Args:
        text: what the model wrote.
        own: further words that a tactic may begin with.
        open_end: whether the last full stop may lack.

    Raises:
        Refused: naming the sentence that is not, and why.
    """
    try:
        sentences = split(text, open_end)
    except Unreadable as error:
        raise Refused(str(error), error.place, 0) from error
    if len(sentences) > SENTENCES:
        raise Refused(f"A proof has at most {SENTENCES:,} sentences.", sentences[SENTENCES].start, 0)
    for before, sentence in enumerate(sentences):
        if why := _wrong(sentence.bare, own):
            raise Refused(why, sentence.start, before)
    return sentences


def body(proof: str, own: Collection[str] = ()) -> list[Sentence]:
    """Return the sentences of a whole proof as `judged` does, without the ``Proof.`` and ``Qed.`` around them."""
    return judged(_unwrapped(proof), own)


def _unwrapped(proof: str) -> str:
    """Make ``Proof.`` at the beginning and ``Qed.`` or ``Defined.`` at the end blank; places stay the same."""
    try:
        sentences = split(proof)
    except Unreadable:
        return proof
    wrapping = sentences[:1] if sentences and sentences[0].bare == "Proof." else []
    wrapping += sentences[-1:] if sentences and sentences[-1].bare in ("Qed.", "Defined.") else []
    for one in wrapping:
        proof = f"{proof[: one.start]}{' ' * len(one.text)}{proof[one.start + len(one.text) :]}"
    return proof


def _wrong(bare: str, own: Collection[str]) -> str:
    """Say why a sentence may not stand in a proof; nothing when it may."""
    if banned := _BANNED.search(bare):
        return f"{banned[0]} may not be used."
    if _LONE.fullmatch(bare):
        return ""
    rest = bare
    while (cut := _SELECTOR.match(rest)) or rest.startswith("("):
        rest = rest[cut.end() if cut else 1 :].lstrip()
    head = _HEAD.match(rest)
    if head is None:
        return f"A step begins with a tactic, not with {rest[:1]!r}."
    if head[0] in TACTICS or head[0] in own:
        return ""
    return f"{head[0]} is no tactic that may be used: write only tactics, bullets and braces."
