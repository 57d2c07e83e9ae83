"""Does Lean say that this is proved? A `Prover` over REPLs: steps by their tactic mode, proofs by whole theorems.

A theorem counts as proved when all of this holds: the proof says no forbidden word; the statement, written by us under
a name that nobody knows beforehand, is accepted with it by Lean in a fresh environment without an error and with
nothing left out; and another command, behind it, says that it rests on no other axioms than Lean's own three. That no
goal is left (``goals == []``) counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from syllogym.envs.proofs.lean4.answers import Answer
from syllogym.envs.proofs.lean4.policy import Refused, allowed
from syllogym.envs.proofs.lean4.pool import Late, Lost, Pool, Session
from syllogym.envs.proofs.lean4.process import Process
from syllogym.envs.proofs.lean4.statements import lines_above, proof_in, renamed, theorem_text
from syllogym.envs.proofs.lean4.verdicts import audited, failed, refused, told_of
from syllogym.envs.proofs.prover import ProofState, ProofVerdict, Theorem, WrongStep
from syllogym.envs.values import Fault
from syllogym.errors import UserError

T = TypeVar("T")

CHECKER = "Lean (REPL)"
TRIES = 2
"""A process lost so often in a row is a fault."""


class Handle(NamedTuple):
    """What a state is known by: its theorem, the session that has it, and its number there."""

    theorem: Theorem
    session: int
    number: int


class Lean:
    """Lean by the REPL's protocol.

    Args:
        start: starts a REPL (see `syllogym.envs.proofs.lean4.toolchain`).
        seconds: that a step or a proof may take; one that takes longer is not proved, and the process is replaced.
        size: processes. started: seconds that a preamble may take. memory: bytes above which a process is replaced.
    """

    def __init__(
        self,
        start: Callable[[], Process],
        *,
        seconds: float = 60.0,
        size: int = 1,
        started: float = 300.0,
        memory: int = 16 << 30,
    ) -> None:
        self.seconds = seconds
        self.pool = Pool(start, size, started, memory)

    def open(self, theorem: Theorem) -> ProofState:
        """Return the state in which nothing is proved; its goal is shown as Lean shows it."""
        return self._with(lambda session: self._opened(session, theorem))

    def apply(self, state: ProofState, step: str) -> ProofState:
        """Apply a tactic; `WrongStep` where Lean does not take it, or leaves no goal without having proved it."""
        try:
            tactic = allowed(step)
        except Refused as error:
            raise WrongStep(f"refused: {error}", error.line, error.column) from error
        return self._with(lambda session: self._applied(session, state, tactic), state.handle.session)

    def check(self, theorem: Theorem, proof: str) -> ProofVerdict:
        """Check a whole proof, the body or the theorem with it, in an environment without anything of other proofs."""
        try:
            body = allowed(proof_in(proof, theorem))
        except Refused as error:
            return refused(error, CHECKER)
        named = renamed(theorem)
        return told_of(self._with(lambda session: self._checked(session, named, body)), named.name, theorem.name)

    def proof(self, state: ProofState) -> str:
        """Return the proof that a state's steps are."""
        return "\n".join(state.steps)

    def close(self) -> None:
        """End the processes."""
        self.pool.close()

    def _with(self, work: Callable[[Session], T], number: int | None = None) -> T:
        """Do some work with a session, once again in another one where its process is lost."""
        for left in reversed(range(TRIES)):
            try:
                with self.pool.session(number) as session:
                    return work(session)
            except Lost as error:
                if not left:
                    raise Fault(f"Lean was lost {TRIES} times in a row: {error}.") from error
            except Late as error:
                raise Fault(f"Lean did not answer in {self.seconds:g} s what it always can.") from error
        raise AssertionError("not reached")

    def _opened(self, session: Session, theorem: Theorem) -> ProofState:
        text = theorem_text(renamed(theorem), "sorry")
        answer = self._command(session, theorem, text)
        wrong = next((one.text for one in answer.messages if one.severity == "error"), answer.wrong)
        goal, number = answer.sorries[0] if len(answer.sorries) == 1 else ("", None)
        if wrong or number is None:
            raise UserError(f"Lean does not take the statement of {theorem.name}: {wrong or 'it shows no goal'}")
        return ProofState((goal,), Handle(theorem, session.number, number))

    def _applied(self, session: Session, state: ProofState, tactic: str) -> ProofState:
        handle: Handle = state.handle
        number = handle.number
        if session.number != handle.session:  # its process is gone or busy: go the same way again
            again = self._opened(session, handle.theorem)
            for step in state.steps:
                again = self._applied(session, again, step)
            number = again.handle.number
        try:
            answer = session.ask(self.seconds, tactic=tactic, proofState=number)
        except Late as error:
            raise WrongStep(f"not done after {self.seconds:g} s") from error
        return ProofState(
            _goals(answer), Handle(handle.theorem, session.number, answer.state or 0), (*state.steps, tactic)
        )

    def _checked(self, session: Session, named: Theorem, body: str) -> ProofVerdict:
        lines = body.count("\n") + 1
        env = session.environment(named.preamble)
        try:
            answer = _ask(session, self.seconds, theorem_text(named, body), env)
        except Late:
            return ProofVerdict(False, f"not done after {self.seconds:g} s", checker=CHECKER)
        wrong = failed(answer, lines, lines_above(named), CHECKER)
        if wrong is not None:
            return wrong
        if answer.env is None:
            raise Lost("an answer to a command without an environment")
        audit = _ask(session, self.seconds, f"#print axioms {named.name}", answer.env)
        return audited(audit, named.name, lines, CHECKER)

    def _command(self, session: Session, theorem: Theorem, text: str) -> Answer:
        return _ask(session, self.seconds, text, session.environment(theorem.preamble))


def _ask(session: Session, seconds: float, command: str, env: int | None) -> Answer:
    return session.ask(seconds, cmd=command) if env is None else session.ask(seconds, cmd=command, env=env)


def _goals(answer: Answer) -> tuple[str, ...]:
    """Return the goals that a tactic leaves.

    Raises:
        WrongStep: if Lean did not take it, or says that nothing is left though the proof is not complete.
    """
    if answer.error is not None:
        raise WrongStep(answer.error.text)
    if answer.goals is None or answer.state is None:
        raise Lost("an answer to a tactic without a state")
    if not answer.goals and not answer.completed:
        raise WrongStep(f"no goal is left, but the proof is not complete: {answer.status or 'Lean does not say why'}")
    return answer.goals
