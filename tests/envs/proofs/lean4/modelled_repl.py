"""A stand-in for Lean's REPL: it knows by heart which proofs are right, and speaks the protocol as the real one does.

It is no Lean: it is what the client and the environment are tried out with where there is none. Run as a script with a
file of JSON lines: ``proof``, and where that is not simply right, the ``messages``, ``sorries`` or ``axioms`` that Lean
has for it (``status`` in tactic mode), put down after recorded answers of the real REPL.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

_THEOREM = re.compile(r"theorem (\S+) (.*?) := by\n(.*)\Z", re.DOTALL)
_PREAMBLE = re.compile(r"(import|open|set_option|universe|variable|namespace|def|abbrev|noncomputable)\b")


def info(text: str) -> dict[str, Any]:
    return {"severity": "info", "pos": {"line": 1, "column": 0}, "endPos": {"line": 1, "column": 6}, "data": text}


def error(text: str, line: int = 1) -> dict[str, Any]:
    return {**info(text), "severity": "error", "pos": {"line": line, "column": 2}}


class ModelledRepl:
    """Answers one request after the other."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = {row["proof"].strip(): row for row in rows}
        self.envs: list[dict[str, list[str]]] = []
        self.states: list[tuple[str, ...]] = []

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if "tactic" in request:
            return self.tactic(request["tactic"], request["proofState"])
        env = request.get("env")
        if env is not None and env >= len(self.envs):
            return {"message": "Unknown environment."}
        return self.command(request["cmd"], {} if env is None else self.envs[env])

    def command(self, text: str, known: dict[str, list[str]]) -> dict[str, Any]:
        if text.startswith("#print axioms "):
            return self.made(known, messages=[self.axioms(text.removeprefix("#print axioms "), known)])
        if _PREAMBLE.match(text):
            return self.made(known)
        theorem = _THEOREM.fullmatch(text)
        if theorem is None or ":" not in theorem[2]:
            return self.made(known, messages=[error("unexpected token")])
        name, statement, body = theorem.groups()
        proof = "\n".join(line[2:] for line in body.split("\n")).strip()
        if proof == "sorry":
            self.states.append(())
            goal = statement.rpartition(" : ")[2]
            left_out = {"proofState": len(self.states) - 1, "pos": {"line": 1, "column": 9}, "goal": f"⊢ {goal}"}
            warned = {**info("declaration uses `sorry`"), "severity": "warning"}
            return self.made({**known, name: ["sorryAx"]}, sorries=[left_out], messages=[warned])
        row = self.rows.get(proof, {"messages": [error("unsolved goals\n⊢ False", 2)]})
        told = {key: row[key] for key in ("messages", "sorries") if key in row}
        return self.made({**known, name: row.get("axioms", [])}, **told)

    def axioms(self, name: str, known: dict[str, list[str]]) -> dict[str, Any]:
        if name not in known:
            return error(f"Unknown constant `{name}`")
        axioms = known[name]
        rests = f"depends on axioms: [{', '.join(axioms)}]" if axioms else "does not depend on any axioms"
        return info(f"'{name}' {rests}")

    def tactic(self, tactic: str, state: int) -> dict[str, Any]:
        if state >= len(self.states):
            return {"message": "Unknown proof state."}
        steps = (*self.states[state], tactic)
        proof = "\n".join(steps)
        if proof in self.rows:
            row, goals, status = self.rows[proof], [], "Completed"
        elif any(known.startswith(f"{proof}\n") for known in self.rows):
            row, goals, status = {}, ["⊢ True"], "Incomplete: open goals remain"
        else:
            return {"message": f"Lean error:\n{tactic[:40]} failed"}
        self.states.append(steps)
        told = {key: row[key] for key in ("messages", "sorries") if key in row}
        status = str(row.get("status", status))
        return {"proofStatus": status, "proofState": len(self.states) - 1, "goals": goals, **told}

    def made(self, known: dict[str, list[str]], **told: Any) -> dict[str, Any]:
        self.envs.append(known)
        return {**{key: value for key, value in told.items() if value}, "env": len(self.envs) - 1}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        repl = ModelledRepl([json.loads(line) for line in file])
    asked = ""
    for line in sys.stdin:
        if line.strip():
            asked += line
            continue
        if asked:
            sys.stdout.write(json.dumps(repl.answer(json.loads(asked)), ensure_ascii=False, indent=1) + "\n\n")
            sys.stdout.flush()
        asked = ""


if __name__ == "__main__":
    main()
