"""Does a Kimina Lean Server say that this is proved? Over HTTP: ``POST /api/check``, or ``POST /verify`` of older ones.

The server reads a whole text at a time, and what it calls valid says neither which theorem was proved nor from what; so
the theorem is written here, and what it rests on is asked for in the last line of the same text. It keeps imports warm
itself. There is no tactic mode.
"""

from __future__ import annotations

import json
import math
import secrets
import urllib.error
import urllib.request
from typing import Any

from syllogym.envs.proofs.lean4.answers import Answer, NotAnAnswer, axioms_of, read_answer
from syllogym.envs.proofs.lean4.policy import Refused, allowed
from syllogym.envs.proofs.lean4.process import LONGEST
from syllogym.envs.proofs.lean4.statements import lines_above, proof_in, renamed, theorem_text
from syllogym.envs.proofs.lean4.verdicts import audited, failed, refused, told_of
from syllogym.envs.proofs.prover import ProofState, ProofVerdict, Theorem
from syllogym.envs.values import Fault
from syllogym.errors import UserError

TRIES = 2
_ROOM = 60.0
"""Seconds for which a server that is busy is waited for, beyond those of the proof."""


class KiminaServer:
    """A `Prover` of whole proofs.

    Args:
        address: such as ``http://localhost:8000``. seconds: that a proof may take. key: of the server's API, if any.
    """

    def __init__(self, address: str, *, seconds: float = 60.0, key: str = "") -> None:
        self.address, self.seconds, self.key = address.rstrip("/"), seconds, key
        self.checker = f"Lean ({self.address})"

    def open(self, theorem: Theorem) -> ProofState:
        """Refuse: steps need a REPL of one's own."""
        raise UserError(
            f"{self.address} checks whole proofs only. For steps name a REPL's command: lean: 'lake env ...'."
        )

    def apply(self, state: ProofState, step: str) -> ProofState:
        """Refuse as `open` does."""
        raise UserError(f"{self.address} checks whole proofs only.")

    def proof(self, state: ProofState) -> str:
        """Return the proof that a state's steps are."""
        return "\n".join(state.steps)

    def check(self, theorem: Theorem, proof: str) -> ProofVerdict:
        """Check a whole proof, the body or the theorem with it."""
        try:
            body = allowed(proof_in(proof, theorem))
        except Refused as error:
            return refused(error, self.checker)
        named = renamed(theorem)
        head = f"{theorem.preamble}\n" if theorem.preamble else ""
        answer = self._answer(f"{head}{theorem_text(named, body)}\n#print axioms {named.name}")
        if answer is None:
            return ProofVerdict(False, f"not done after {self.seconds:g} s", checker=self.checker)
        return told_of(self._verdict(answer, named, body, head), named.name, theorem.name)

    def close(self) -> None:
        """There is nothing to end."""

    def _verdict(self, answer: Answer, theorem: Theorem, body: str, head: str) -> ProofVerdict:
        name, lines = theorem.name, body.count("\n") + 1
        # The last line says where the server counts from: some leave the imports out, some do not.
        audit = next((one for one in answer.messages if axioms_of(name, [one]) is not None), None)
        above = audit.line - lines - 1 if audit else head.count("\n") + lines_above(theorem)
        return failed(answer, lines, above, self.checker) or audited(answer, name, lines, self.checker)

    def _answer(self, text: str) -> Answer | None:
        """Return the answer to a text; None where it took too long."""
        for left in reversed(range(TRIES)):
            try:
                result = self._result(text)
                if "timed out" in str(result.get("error") or ""):
                    return None
                return read_answer(result["response"])
            except UserError:
                raise
            except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, NotAnAnswer) as error:
                if not left:
                    raise Fault(f"The Lean server {self.address} failed {TRIES} times in a row: {error!r}.") from error
        raise AssertionError("not reached")

    def _result(self, text: str) -> dict[str, Any]:
        """Return what the server says of a text, by the newer way, or the older one where it knows no other."""
        number, patience = secrets.token_hex(8), math.ceil(self.seconds)
        new = {"snippets": [{"id": number, "code": text}], "timeout": patience, "reuse": True}
        old = {"codes": [{"custom_id": number, "proof": text}], "timeout": patience}
        try:
            answer = self._post("api/check", new)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (401, 403):
                raise UserError(f"{self.address} wants a key: set $SYLLOGYM_LEAN_KEY.") from error
            if error.code not in (404, 405):
                raise
            answer = self._post("verify", old)
        (result,) = answer["results"]
        if number not in (result.get("id"), result.get("custom_id")):
            raise ValueError("an answer to something else")
        return result  # type: ignore[no-any-return]

    def _post(self, way: str, request: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        asked = urllib.request.Request(f"{self.address}/{way}", json.dumps(request).encode(), headers)
        with urllib.request.urlopen(asked, timeout=self.seconds + _ROOM) as response:
            return json.loads(response.read(LONGEST))
