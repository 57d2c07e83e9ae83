r"""Can the agent prove theorems in Coq, tactic by tactic or by a whole proof, checked by Coq's kernel?

``envs.make("proofs/coq")`` draws theorems of its own; ``file="theorems.jsonl"`` reads others. Coq must be installed:
``apt-get install coq`` on Debian and Ubuntu. It runs in the sandbox of model-written programs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.prover import ProofState, Theorem, WrongStep
from syllogym.envs.proofs.rocq.policy import Refused, body, own_tactics
from syllogym.envs.proofs.rocq.process import missing
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.envs.proofs.rocq.theorems import TOPICS, Proven, draw_theorem
from syllogym.envs.tables import NoField, load, text
from syllogym.errors import UserError, check_choice, check_range

_BLOCK = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_LINES = 60
_ASK = {
    "steps": "Reply with the next tactic, or some, each ended by a full stop. Where the reply holds a block between "
    "``` and ```, the last one counts, else its last line.",
    "whole": "Reply with the proof: tactics, bullets and braces only. Where the reply holds a block between ``` and "
    "```, the last one counts.",
}
_WORD = re.compile(r"[A-Za-z_][\w']*")


@register()
class Coq(TextEnv):
    """Prove a theorem. In `steps` each reply is a tactic, or some, for the goals shown; in `whole` it is the proof.

    Options:
        mode: ``steps`` or ``whole``.
        topic, size: of theorems that are drawn (`envs/proofs/rocq/theorems.py`).
        file: rows with a `statement`, and perhaps a `preamble` (imports, definitions: trusted), a `name` and a `proof`.
        process: paid for what is not proved, times the share of goals closed (`steps`), or of sentences that are right
            before the first wrong one (`whole`).
        tries: whole proofs that may be said; after a wrong one its error is told.
        seconds: bound of a step, or of a whole proof.
        isolation: of the sandbox.
    """

    max_turns = 40
    levels = {"size": (1, 2, 4, 8)}
    blocking = True

    def on_reset(
        self,
        rng: random.Random,
        mode: str = "steps",
        topic: str = "mixed",
        size: int = 2,
        file: str = "",
        process: float = 0.0,
        tries: int = 1,
        seconds: float = 5.0,
        isolation: str = "auto",
    ) -> str:
        check_choice("mode", mode, _ASK)
        check_choice("topic", topic, TOPICS)
        check_range("size", size, 1, 50)
        check_range("tries", tries, 1, 1_000)
        if not 0.1 <= seconds <= 3_600:
            raise UserError(f"seconds is a number from 0.1 to 3600; not {seconds!r}.")
        if not 0.0 <= process < 1.0:
            raise UserError(f"process is a number from 0 to less than 1; not {process!r}.")
        self.mode, self.process, self.tries = mode, process, tries
        self.asked = float(seconds), isolation
        self.proven = rng.choice(_read(file)) if file else draw_theorem(rng, topic, size)
        theorem = self.proven.theorem
        self.state = ProofState((theorem.statement,), theorem)
        self.closed = 0
        _prover(*self.asked)  # tells of a machine without Coq; it reads the statement with the first reply
        return f"{theorem.preamble}\nProve {theorem.statement}\n{_ASK[mode]}".strip()

    def instance(self, first: str | Mapping[str, str]) -> str:
        return f"{self.proven.theorem.preamble}\n{self.proven.theorem.statement}"

    @classmethod
    def lacking(cls) -> str:
        return missing()

    @property
    def prover(self) -> CoqProver:
        """The prover, which this process shares; nothing of it is in an environment's copies and snapshots."""
        return _prover(*self.asked)

    def on_step(self, reply: Reply) -> Turn:
        blocks = _BLOCK.findall(reply)
        if self.mode == "whole":
            return self._on_proof((blocks[-1] if blocks else reply).strip())
        lines = reply.strip().splitlines()
        return self._on_tactics(blocks[-1] if blocks else lines[-1] if lines else "")

    def _on_tactics(self, step: str) -> Turn:
        before, last = self.state, self.turn + 1 == self.max_turns
        try:
            after = self.prover.apply(before, step.strip())
        except WrongStep as wrong:
            told = str(wrong)
            return self._unproved(told) if last else Turn(f"{told}\n{self._shown()}", wrong=told)
        self.state = after
        self.closed += max(0, len(before.goals) - len(after.goals))
        if not after.goals:
            proof = self.prover.proof(after)
            verdict = self.prover.check(self.proven.theorem, proof)
            reward = Reward(proved=float(verdict.proved))
            return Turn(verdict.message, reward, over=True, proof=proof, depends=verdict.depends)
        return self._unproved() if last else Turn(self._shown())

    def _unproved(self, told: str = "") -> Turn:
        share = self.closed / (self.closed + len(self.state.goals))
        return Turn(told, Reward(proved=0.0, closed=self.process * share))

    def _on_proof(self, proof: str) -> Turn:
        verdict = self.prover.check(self.proven.theorem, proof)
        if verdict.proved:
            return Turn("", Reward(proved=1.0), over=True, depends=verdict.depends)
        place = f"Line {verdict.line}, column {verdict.column}: " if verdict.line else ""
        told = f"{place}{verdict.message}"
        if self.turn + 1 < self.tries:
            return Turn(f"{told}\nTry again.", wrong=told)
        share = verdict.valid_steps / max(verdict.valid_steps + 1, len(self.proven.steps))
        return Turn(told, Reward(proved=0.0, prefix=self.process * share), over=True, wrong=told)

    def _shown(self) -> str:
        first, *others = self.state.goals
        lines = first.split("\n")
        if len(lines) > _LINES:
            lines = [f"({len(lines) - _LINES} lines before)", *lines[-_LINES:]]
        return "\n".join(("Goal", *lines, *(f"then {goal.rpartition('=' * 28)[2].strip()}" for goal in others)))

    def solve(self) -> str:
        """Return the next step of the proof that is known, or all of it; there is none off its way."""
        steps = self.proven.steps
        if not steps:
            raise NotImplementedError("no proof of this theorem is known")
        if self.mode == "whole":
            return "\n".join(steps)
        if self.state.steps != steps[: len(self.state.steps)]:
            raise NotImplementedError("the steps taken are not those of the proof that is known")
        return steps[len(self.state.steps)]

    def slip(self, rng: random.Random, rate: float) -> str:
        """Take, with chance `rate`, another word of the same proof for each word."""
        words = _WORD.findall(" ".join(self.proven.steps))
        return _WORD.sub(lambda word: rng.choice(words) if rng.random() < rate else word[0], self.solve())


@cache
def _prover(seconds: float, isolation: str) -> CoqProver:
    return CoqProver(seconds, isolation=isolation)


@lru_cache(16)
def _read(file: str) -> tuple[Proven, ...]:
    """Return the theorems of a file."""
    found = []
    for place, row in enumerate(load(file), start=1):
        try:
            statement = text(row, "statement")
        except NoField as error:
            raise UserError(f"Row {place} of {file} {error}") from error
        preamble, name, proof = (str(row.get(key) or "").strip() for key in ("preamble", "name", "proof"))
        try:
            steps = tuple(one.text for one in body(proof, own_tactics(preamble)))
        except Refused as error:
            raise UserError(f"Row {place} of {file} has a proof that may not be used: {error}") from error
        found.append(Proven(Theorem(statement, name or "goal", preamble), steps))
    return tuple(found)
