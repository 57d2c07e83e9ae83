"""The Coq prover: theorems proved tactic by tactic or checked whole, by the kernel of an installed Coq.

The statement is written here, under a name that nobody can guess; of the model's text only tactics reach Coq (see
`syllogym.envs.proofs.rocq.policy`). A whole proof is checked behind the preamble alone, compared with the statement as
it was before, and audited for axioms.
"""

from __future__ import annotations

import hmac
import os
import shutil
import subprocess
import time
from collections.abc import Collection
from functools import cache, lru_cache

from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.server import Lost
from syllogym.envs.proofs.prover import ProofState, ProofVerdict, Theorem, WrongStep
from syllogym.envs.proofs.rocq.assumptions import STANDARD, assumptions, forbidden
from syllogym.envs.proofs.rocq.document import Document, Stopped
from syllogym.envs.proofs.rocq.policy import Refused, body, judged, own_tactics
from syllogym.envs.proofs.rocq.process import LIFETIME, PROGRAM, TooMuch
from syllogym.envs.proofs.rocq.sentences import Sentence, Unreadable, position, split
from syllogym.envs.proofs.rocq.workers import Workers
from syllogym.envs.values import Fault
from syllogym.errors import UserError

PREAMBLE_SECONDS = 60.0
MESSAGE = 2_000
"""Characters that are told of an error."""

_KEPT = 10_000
_SECRET = os.urandom(16)


class CoqProver:
    """Proves by processes of Coq that are kept warm.

    A proof, or a step, that needs too much is wrong, and says so; a process lost for any other reason is replaced, and
    the job done again; lost twice, it is a `Fault`.

    Args:
        seconds: bound of a step, or of a whole proof.
        memory: bytes of address space of one process.
        processes: how many there are at most; one for each core.
        axioms: names of those a proof may rest on.
        isolation: of the sandbox, ``auto`` or ``process``.

    Raises:
        UserError: if Coq is not installed, or there is no sandbox on this machine.
    """

    def __init__(
        self,
        seconds: float = 5.0,
        memory: int = 2 << 30,
        processes: int | None = None,
        axioms: Collection[str] = STANDARD,
        isolation: str = "auto",
    ) -> None:
        limits = Limits(
            wall=LIFETIME, cpu=LIFETIME, memory=memory, output=16 << 20, threads=8, files=64, storage=64 << 20
        )
        self.seconds, self.axioms = seconds, frozenset(axioms)
        self._audited: dict[tuple[object, ...], tuple[str, ...]] = {}
        self.workers = Workers(isolation, processes or len(os.sched_getaffinity(0)), limits)

    def open(self, theorem: Theorem) -> ProofState:
        """Return the state in which nothing is proved yet.

        Raises:
            UserError: if Coq does not take the preamble or the statement.
        """
        return self._reached(theorem, (), ())

    def apply(self, state: ProofState, step: str) -> ProofState:
        """Apply tactics, each ended by a full stop (which the last may lack); all of them or none."""
        theorem: Theorem = state.handle
        try:
            sentences = _step(step, theorem.preamble)
        except Refused as error:
            raise WrongStep(str(error), *position(step, error.place)) from error
        if not sentences:
            raise WrongStep("There is no tactic.")
        return self._reached(theorem, state.steps, (step,))

    def check(self, theorem: Theorem, proof: str) -> ProofVerdict:
        """Check the body of a proof: tactics, bullets and braces, with or without ``Proof.`` and ``Qed.`` around."""
        try:
            sentences = body(proof, own_tactics(theorem.preamble))
        except Refused as error:
            return self._verdict(str(error), proof, error.place, error.before)
        beginning = _beginning(theorem)
        try:
            return self.workers.run(beginning[:-1], lambda document: self._checked(document, theorem, sentences, proof))
        except TooMuch as error:
            return self._verdict(self._why(error), proof, None, 0)

    def proof(self, state: ProofState) -> str:
        """Return the steps of a state as the body of a proof."""
        return "\n".join(one.text for step in state.steps for one in _step(step, state.handle.preamble))

    def close(self) -> None:
        """End every process; a later call starts anew."""
        self.workers.close()

    def _reached(self, theorem: Theorem, steps: tuple[str, ...], new: tuple[str, ...]) -> ProofState:
        beginning = _beginning(theorem)
        before = [*beginning, *(one.text for step in steps for one in _step(step, theorem.preamble))]
        added = [one for step in new for one in _step(step, theorem.preamble)]

        def job(document: Document) -> tuple[str, ...]:
            self._prepare(document, beginning)
            until = time.monotonic() + self.seconds
            if steps and document.shared(before) < len(before):
                self._again(document, before, until + self.seconds * (1 + len(steps)))
                until = time.monotonic() + self.seconds
            return document.goals([*before, *(one.text for one in added)], until)

        try:
            goals = self.workers.run(before, job)
        except Stopped as error:
            number = error.number - len(before)
            if number >= 0:
                raise WrongStep(_told(error.message), *_at(new[0], added[number], error.place)) from error
            if error.number < len(beginning):
                raise UserError(f"Coq does not take the statement of {theorem.name}: {_told(error.message)}") from error
            raise Fault(f"Coq no longer takes a step that it took: {_told(error.message)}") from error
        except TooMuch as error:
            if not new:
                raise UserError(f"Coq does not take the statement of {theorem.name}: {self._why(error)}") from error
            raise WrongStep(self._why(error), 1, 1) from error
        return ProofState(goals, theorem, (*steps, *new))

    def _again(self, document: Document, sentences: list[str], until: float) -> None:
        """Take sentences that were taken before; that they need too much now is nobody's fault."""
        try:
            document.goals(sentences, until)
        except TooMuch as error:
            raise Lost(f"steps that were taken before are not taken again: {self._why(error)}") from error

    def _checked(self, document: Document, theorem: Theorem, sentences: list[Sentence], proof: str) -> ProofVerdict:
        beginning, name = _beginning(theorem), _name(theorem)
        self._prepare(document, beginning)
        asked = [*beginning[:-1], f"Definition asked_{name} := ({theorem.statement}).", beginning[-1]]
        whole = [
            *asked,
            *(one.text for one in sentences),
            "Qed.",
            f"Definition proved_{name} : asked_{name} := {name}.",
        ]
        depends = self._audited.get((theorem, *whole))  # the same proof rests on the same
        audit = [] if depends is not None else [f"Print Assumptions proved_{name}."]
        until = time.monotonic() + self.seconds
        try:
            told = document.finish([*whole, *audit], until, keep=len(beginning) - 1)
        except Stopped as error:
            number = error.number - len(asked)
            if number < 0:
                raise UserError(f"Coq does not take the statement of {theorem.name}: {_told(error.message)}") from error
            if number >= len(sentences):
                return self._verdict(_told(error.message), proof, len(proof.rstrip()), len(sentences))
            place = sentences[number].start + _characters(sentences[number].text, error.place)
            return self._verdict(_told(error.message), proof, place, number)
        if depends is None:
            depends = self._audited[theorem, *whole] = assumptions(told)
        if len(self._audited) > _KEPT:
            self._audited.clear()
        message = ""
        if wrong := forbidden(depends, self.axioms):
            message = f"The proof rests on what is not allowed: {', '.join(wrong)}."
        return ProofVerdict(not message, message, depends=depends, checker=checker(), valid_steps=len(sentences))

    def _prepare(self, document: Document, beginning: tuple[str, ...]) -> None:
        """Have a process hold the preamble, carried out."""
        preamble = beginning[:-1]
        if document.shared(preamble) == len(preamble):
            return
        until = time.monotonic() + PREAMBLE_SECONDS
        try:
            document.finish(preamble, until, keep=len(preamble))
        except Stopped as error:
            raise UserError(
                f"Coq does not take {preamble[error.number]!r} of the preamble: {_told(error.message)}"
            ) from error
        except TooMuch as error:
            raise UserError(f"Coq is not done with the preamble after {PREAMBLE_SECONDS:g} s.") from error

    def _verdict(self, message: str, proof: str, place: int | None, right: int) -> ProofVerdict:
        line, column = (None, None) if place is None else position(proof, place)
        return ProofVerdict(False, message, line, column, checker=checker(), valid_steps=right)

    def _why(self, error: TooMuch) -> str:
        return str(error) or f"Not done after {self.seconds:g} s."


@cache
def checker() -> str:
    """Return the name of the checker with its version."""
    done = subprocess.run(
        [shutil.which(PROGRAM) or PROGRAM, "--print-version"], capture_output=True, text=True, timeout=60, check=False
    )
    return f"coq {(done.stdout.split() or ['?'])[0]}"


@lru_cache(_KEPT)
def _beginning(theorem: Theorem) -> tuple[str, ...]:
    """Return the sentences of the preamble, and the one that asks for the theorem."""
    asking = f"Theorem {_name(theorem)} : ({theorem.statement})."
    try:
        preamble, statement = split(theorem.preamble), split(asking)
    except Unreadable as error:
        raise UserError(f"The theorem {theorem.name} cannot be read: {error}") from error
    if len(statement) != 1:
        raise UserError(f"The statement of {theorem.name} is more than one sentence.")
    return (*(one.text for one in preamble), statement[0].text)


@lru_cache(_KEPT)
def _name(theorem: Theorem) -> str:
    """Return a name for a theorem that nobody outside of this process can guess, the same each time."""
    return f"t{hmac.digest(_SECRET, repr(theorem).encode('utf-8', 'surrogatepass'), 'sha256').hex()[:24]}"


@lru_cache(_KEPT)
def _step(step: str, preamble: str) -> list[Sentence]:
    return judged(step, own_tactics(preamble), open_end=True)


def _characters(text: str, place: int | None) -> int:
    """Return a place that was told in bytes in characters."""
    return len(text.encode()[: place or 0].decode("utf-8", "ignore"))


def _at(step: str, sentence: Sentence, place: int | None) -> tuple[int, int]:
    return position(step, sentence.start + _characters(sentence.text, place))


def _told(message: str) -> str:
    """Return a message of Coq's, of bounded length, without the names that are ours."""
    return message if len(message) <= MESSAGE else f"{message[:MESSAGE]} ..."
