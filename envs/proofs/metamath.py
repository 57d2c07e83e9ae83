r"""Can the agent prove theorems of a Metamath database, step by step or by a whole proof?

``envs.make("proofs/metamath")`` proves in a small database of our own, ``database="set.mm"`` in that file. Only what
stands before a theorem may be used for it, and Metamath's kernel has the last word on every proof.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.mm.library import Library, library
from syllogym.envs.proofs.prover import ProofState, WrongStep
from syllogym.errors import UserError, check_choice, check_range, check_span

_SLIPS = 8
_BLOCK = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_ASK = {
    "steps": "Reply with the label of a statement that proves the first goal; what it needs becomes the next goals. "
    "Behind it, '$ VARIABLE EXPRESSION' chooses what stands for a variable. The last line of the reply counts.",
    "whole": "Reply with a Metamath proof: labels in reverse Polish order, or a compressed proof. "
    "Where the reply holds a block between ``` and ```, the last one counts.",
}


@register()
class Metamath(TextEnv):
    """Prove a theorem. In `steps` each reply is one step backwards from the first goal; in `whole` it is the proof.

    Options: the `database`, a path, or "" for our own; the `mode`; the `steps` (from, to) of the database's own proof;
    how many labels that fit the goal are shown as `candidates`, with what they say where `explained`; `process`, which
    is paid for what is not proved: times the share of goals closed (`steps`), or of steps that are right (`whole`);
    `tries`, how many whole proofs may be said, after the first one with what was wrong with the last.
    """

    max_turns = 40
    levels = {"steps": ((1, 2), (2, 4), (4, 8), (8, 16))}

    def on_reset(
        self,
        rng: random.Random,
        database: str = "",
        mode: str = "steps",
        steps: tuple[int, int] = (1, 6),
        candidates: int = 8,
        explained: bool = False,
        process: float = 0.0,
        tries: int = 1,
    ) -> str:
        check_choice("mode", mode, _ASK)
        check_span("steps", steps, 1, 2_000)
        check_range("candidates", candidates, 0, 1_000)
        check_range("tries", tries, 1, 1_000)
        if not 0.0 <= process < 1.0:
            raise UserError(f"process is a number from 0 to less than 1; not {process!r}.")
        self.database, self.mode, self.process, self.tries = database, mode, process, tries
        self.candidates, self.explained = candidates, explained
        self.label = self.library.drawn(rng, *steps)
        self.taken: tuple[str, ...] = ()
        self.closed = 0
        return f"Prove {self._said(self.label)}\n{_ASK[mode]}\n{self._shown()}"

    def instance(self, first: str | Mapping[str, str]) -> str:
        return self.label

    @property
    def library(self) -> Library:
        """The database with what is shared of it; nothing of it is in an environment's copies and snapshots."""
        return library(self.database)

    @property
    def state(self) -> ProofState:
        """What is left to prove."""
        return self.library.reached(self.label, self.taken)

    def on_step(self, reply: Reply) -> Turn:
        return self._on_proof(reply) if self.mode == "whole" else self._on_label(reply)

    def _on_label(self, reply: str) -> Turn:
        prover, before = self.library.prover, self.state
        lines = reply.strip().splitlines()
        last = self.turn + 1 == self.max_turns
        try:
            after = prover.apply(before, lines[-1].strip() if lines else "")
            proof = "" if after.goals else prover.proof(after)
        except WrongStep as wrong:
            told = str(wrong)
            return self._unproved(told) if last else Turn(f"{told}\n{self._shown()}", wrong=told)
        self.taken = after.steps
        self.closed += len(after.goals) < len(before.goals)
        if proof:
            verdict = prover.check(prover.theorem(self.label), proof)
            return Turn(verdict.message, Reward(proved=float(verdict.proved)), over=True, proof=proof)
        return self._unproved() if last else Turn(self._shown())

    def _unproved(self, told: str = "") -> Turn:
        share = self.closed / (self.closed + len(self.state.goals))
        return Turn(told, Reward(proved=0.0, closed=self.process * share))

    def _on_proof(self, reply: str) -> Turn:
        prover, blocks = self.library.prover, _BLOCK.findall(reply)
        verdict = prover.check(prover.theorem(self.label), (blocks[-1] if blocks else reply).strip())
        if verdict.proved:
            return Turn("", Reward(proved=1.0), over=True, depends=verdict.depends)
        told = f"Line {verdict.line}, column {verdict.column}: {verdict.message}"
        if self.turn + 1 < self.tries:
            return Turn(f"{told}\nTry again.", wrong=told)
        whole = max(verdict.valid_steps + 1, len(self.library.steps(self.label) or ()))
        share = verdict.valid_steps / whole
        return Turn(told, Reward(proved=0.0, prefix=self.process * share), over=True, wrong=told)

    def _shown(self) -> str:
        first, *others = self.state.goals
        lines = [f"Goal {first}", *(f"then {goal}" for goal in others)]
        if self.candidates:
            fitting = self.library.retrieval.fitting(self.state, self.candidates)
            lines.append(f"Fitting: {' '.join(fitting)}")
            if self.explained:
                own = self.state.handle.setting.hypotheses
                lines += [f"  {label} says {self._said(label)}" for label in fitting if label not in own]
        return "\n".join(lines)

    def _said(self, label: str) -> str:
        theorem = self.library.prover.theorem(label)
        given = " ".join(theorem.preamble.split())
        return f"{theorem.statement} where {given}" if given else theorem.statement

    def solve(self) -> str:
        """Return the next step of the database's own proof, or all of it; there is none off its way."""
        if self.mode == "whole":
            return " ".join(self.library.theorem(self.label).proof.split())
        own = tuple(self.library.steps(self.label) or ())
        if self.taken != own[: len(self.taken)]:
            raise NotImplementedError("the steps taken are not those of the database's own proof")
        return own[len(self.taken)]

    def slip(self, rng: random.Random, rate: float) -> str:
        """Name a statement that does not fit, with chance `rate`; in a whole proof leave a word out."""
        said = self.solve()
        if rng.random() >= rate:
            return said
        words = said.split()
        if self.mode == "whole":
            del words[rng.randrange(len(words))]
            return " ".join(words)
        for _ in range(_SLIPS):
            label = rng.choice(self.library.theorems).label
            try:
                self.library.prover.apply(self.state, label)
            except WrongStep:
                return label
        return f"{said} $"
