r"""Can the agent prove theorems in Lean 4, whole or tactic by tactic, and repair a proof when it is told its errors?

``envs.make("proofs/lean", preset="minif2f", file="minif2f.jsonl")`` proves that set's theorems. Lean itself does not
come with this package: `syllogym.envs.proofs.lean4.toolchain` tells how one is named. With ``reasoning`` replies keep
the pattern of Kimina-Prover (`syllogym.envs.proofs.interleaving`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.interleaving import interleaved
from syllogym.envs.proofs.lean4.choice import LeanProver, lean_prover
from syllogym.envs.proofs.lean4.rows import read_exercises
from syllogym.envs.proofs.prover import ProofVerdict, WrongStep
from syllogym.errors import UserError, check_choice, check_range

_BLOCK = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_ASK = {
    "whole": "Reply with the proof, the lines behind `:= by`, or with the whole theorem; where the reply holds a block "
    "between ``` and ```, the last one counts.",
    "reasoning": "Reason between <think> and </think>, and try each piece of the proof there between ```tactics and "
    "```. Behind it write the theorem with its proof between ```lean4 and ```.",
    "steps": "Reply with one tactic for the first goal. Where the reply holds a block between ``` and ```, the last "
    "one counts, else its last line.",
}


@register()
class Lean(TextEnv):
    """Prove a theorem. In `whole` each reply is a proof; in `steps` each is a tactic.

    The part `proved` is paid for a proof that Lean accepts: a whole theorem with our statement, put to it anew, which
    rests on Lean's own axioms and nothing else.

    Options:
        preset, file, part: which theorems (see `syllogym.envs.proofs.lean4.rows`). mode: ``whole`` or ``steps``.
        tries: whole proofs that may be said; after a wrong one its first error is told.
        reasoning: whole proofs keep the pattern of words and snippets, and are paid for nothing otherwise.
        process: paid for what is not proved, times the share of goals closed (part `closed`) or of lines before the
            first error (`prefix`).
        lean, project, isolation, seconds: which Lean, and what a step or a proof may take (`lean4/choice.py`).
    """

    max_turns = 40
    blocking = True

    def on_reset(
        self,
        rng: random.Random,
        preset: str = "",
        file: str = "",
        part: str = "",
        mode: str = "whole",
        tries: int = 1,
        reasoning: bool = False,
        process: float = 0.0,
        lean: str = "",
        project: str = "",
        isolation: str = "auto",
        seconds: float = 60.0,
    ) -> str:
        check_choice("mode", mode, ("whole", "steps"))
        check_range("tries", tries, 1, 1_000)
        if not 0.0 <= process < 1.0:
            raise UserError(f"process is a number from 0 to less than 1; not {process!r}.")
        if reasoning and mode == "steps":
            raise UserError("reasoning: true goes with mode: whole; in steps a reply is one tactic.")
        self.mode, self.tries, self.reasoning, self.process = mode, tries, reasoning, process
        self.asked = (lean, project, isolation, seconds)
        self.prover  # noqa: B018 - whoever has no Lean is told before anything is drawn
        self.exercise = rng.choice(read_exercises(preset, file, part))
        self.closed = 0
        theorem = self.exercise.theorem
        shown = f"{theorem.preamble}\n\ntheorem {theorem.name} {theorem.statement} := by".strip()
        said = "\n".join(part for part in (self.exercise.words, "```lean4", shown, "```") if part)
        if mode == "steps":
            self.state = self.prover.open(theorem)
            return f"{said}\n{_ASK[mode]}\n{self._goals()}"
        return f"{said}\n{_ASK['reasoning' if reasoning else mode]}"

    def instance(self, first: str | Mapping[str, str]) -> str:
        return self.exercise.theorem.name

    @property
    def prover(self) -> LeanProver:
        """The Lean that is asked; nothing of it is in an environment's copies and snapshots."""
        return lean_prover(*self.asked)

    def on_step(self, reply: Reply) -> Turn:
        return self._on_tactic(reply) if self.mode == "steps" else self._on_proof(reply)

    def _on_proof(self, reply: str) -> Turn:
        blocks, wrong = _BLOCK.findall(reply), ""
        proof = blocks[-1] if blocks else reply
        if self.reasoning:
            said = interleaved(reply)
            proof, wrong = said.proof, said.wrong
        if wrong:
            return self._unproved(wrong, 0.0)
        verdict = self.prover.check(self.exercise.theorem, proof)
        if verdict.proved:
            return Turn("", Reward(proved=1.0), over=True, depends=verdict.depends)
        lines = sum(bool(line.strip()) for line in proof.split("\n"))
        return self._unproved(_told(verdict), min(1.0, verdict.valid_steps / max(1, lines)))

    def _unproved(self, told: str, share: float) -> Turn:
        if self.turn + 1 < self.tries:
            return Turn(f"{told}\nTry again.", wrong=told)
        return Turn(told, Reward(proved=0.0, prefix=self.process * share), over=True, wrong=told)

    def _on_tactic(self, reply: str) -> Turn:
        blocks, lines = _BLOCK.findall(reply), reply.strip().splitlines()
        last = self.turn + 1 == self.max_turns
        before = len(self.state.goals)
        try:
            self.state = self.prover.apply(self.state, blocks[-1] if blocks else lines[-1] if lines else "")
        except WrongStep as wrong:
            told = str(wrong)
            return self._unfinished(told) if last else Turn(f"{told}\n{self._goals()}", wrong=told)
        self.closed += max(0, before - len(self.state.goals))
        if self.state.goals:
            return self._unfinished() if last else Turn(self._goals())
        verdict = self.prover.check(self.exercise.theorem, self.prover.proof(self.state))
        return Turn(
            _told(verdict), Reward(proved=float(verdict.proved)), over=True, proof=self.prover.proof(self.state)
        )

    def _unfinished(self, told: str = "") -> Turn:
        share = self.closed / max(1, self.closed + len(self.state.goals))
        return Turn(told, Reward(proved=0.0, closed=self.process * share))

    def _goals(self) -> str:
        return "\n\n".join(self.state.goals)

    def solve(self) -> str:
        """Return the proof that comes with the theorem, or the next line of it; there is none for most sets."""
        proof = self.exercise.proof
        if not proof:
            raise NotImplementedError("no proof of this theorem is known")
        if self.mode == "steps":
            lines, taken = proof.split("\n"), self.state.steps
            if taken != tuple(lines[: len(taken)]):
                raise NotImplementedError("the steps taken are not those of the proof that is known")
            return lines[len(taken)]
        theorem = self.exercise.theorem
        body = "\n".join(f"  {line}" for line in proof.split("\n"))
        whole = f"```lean4\ntheorem {theorem.name} {theorem.statement} := by\n{body}\n```"
        return f"<think>\nThis should do.\n```tactics\n{proof}\n```\n</think>\n{whole}" if self.reasoning else whole


def _told(verdict: ProofVerdict) -> str:
    place = "" if verdict.line is None else f"Line {verdict.line} of the proof, column {verdict.column}: "
    return f"{place}{verdict.message}" if verdict.message else ""
