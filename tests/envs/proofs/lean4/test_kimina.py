"""Is a Kimina Lean Server asked in its protocol, and is its word taken for no more than it says?"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from syllogym.envs.proofs.lean4.kimina import KiminaServer
from syllogym.envs.proofs.prover import Theorem
from syllogym.envs.values import Fault
from syllogym.errors import UserError

GOAL = Theorem("(p : Prop) (h : p) : p", "self", "import Mathlib\nopen Nat")
Answer = Callable[[str, dict[str, Any]], tuple[int, Any]]


@pytest.fixture
def server() -> Iterator[Any]:
    """Serve what `server.answer(path, request)` says; `server.asked` holds the requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.asked.append((self.path, request, self.headers.get("Authorization")))  # type: ignore[attr-defined]
            status, answer = self.server.answer(self.path, request)  # type: ignore[attr-defined]
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            with contextlib.suppress(OSError):  # nobody waits any more
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    served: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.asked, served.answer = [], right
    served.address = f"http://127.0.0.1:{served.server_port}"
    thread = threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join(5)


def message(severity: str, line: int, text: str, column: int = 0) -> dict[str, Any]:
    return {"severity": severity, "pos": {"line": line, "column": column}, "endPos": None, "data": text}


def judged(code: str, offset: int = 0) -> dict[str, Any]:
    """Judge a text as Lean would: `exact h` is right, `exact bad` rests on an axiom, all else is wrong."""
    lines = code.split("\n")
    name = re.search(r"theorem (\S+)", code)
    assert name is not None and lines[-1] == f"#print axioms {name[1]}"
    axioms = "does not depend on any axioms" if "exact h" in code else "depends on axioms: [Foo.bad]"
    told = [message("info", len(lines) - offset, f"'{name[1]}' {axioms}")]
    if "exact" not in code:
        told.insert(0, message("error", len(lines) - 1 - offset, f"{name[1]}: unsolved goals", 2))
    return {"messages": told, "env": 1, "time": 0.1}


def right(path: str, request: dict[str, Any]) -> tuple[int, Any]:
    if path != "/api/check":
        return 404, {}
    (one,) = request["snippets"]
    return 200, {"results": [{"id": one["id"], "time": 0.1, "response": judged(one["code"], offset=1)}]}


def of_old(path: str, request: dict[str, Any]) -> tuple[int, Any]:
    if path != "/verify":
        return 404, {"detail": "Not Found"}
    (one,) = request["codes"]
    return 200, {"results": [{"custom_id": one["custom_id"], "error": None, "response": judged(one["proof"])}]}


@pytest.mark.parametrize("answer", [right, of_old], ids=["api/check", "verify"])
def test_proofs_are_judged_by_a_server_new_or_old(answer: Answer, server: Any) -> None:
    server.answer = answer
    lean = KiminaServer(server.address)
    assert lean.check(GOAL, "exact h").proved
    verdict = lean.check(GOAL, "simp\nring")
    assert (verdict.proved, verdict.line, verdict.column, verdict.message) == (False, 2, 1, "self: unsolved goals")
    assert "rests on Foo.bad" in lean.check(GOAL, "exact bad").message


def test_the_text_is_ours_from_the_preamble_to_the_question_what_it_rests_on(server: Any) -> None:
    KiminaServer(server.address, key="secret").check(GOAL, "theorem self (p : Prop) (h : p) : p := by exact h")
    _, request, key = server.asked[-1]
    lines = request["snippets"][0]["code"].split("\n")
    assert lines[:2] == ["import Mathlib", "open Nat"]
    assert re.fullmatch(r"theorem t_self_\w{16} \(p : Prop\) \(h : p\) : p := by", lines[2])
    assert lines[3] == "  exact h"
    assert lines[4].startswith("#print axioms t_self_")
    assert key == "Bearer secret"


def test_a_forbidden_word_is_not_sent(server: Any) -> None:
    assert "refused" in KiminaServer(server.address).check(GOAL, "sorry").message
    assert server.asked == []


def test_valid_without_a_word_on_axioms_is_not_proved(server: Any) -> None:
    server.answer = lambda _, request: (
        200,
        {"results": [{"id": request["snippets"][0]["id"], "time": 0.1, "response": {"env": 0}}]},
    )
    verdict = KiminaServer(server.address).check(GOAL, "exact h")
    assert not verdict.proved
    assert "cannot be read" in verdict.message


def test_a_proof_that_the_server_gives_up_on_is_not_proved(server: Any) -> None:
    told = "Lean REPL command timed out in 60 seconds"
    server.answer = lambda _, request: (200, {"results": [{"id": request["snippets"][0]["id"], "error": told}]})
    assert "not done" in KiminaServer(server.address).check(GOAL, "exact h").message


FAILING: dict[str, tuple[int, Any]] = {
    "an error of its own": (500, {}),
    "busy": (429, {}),
    "no JSON": (200, b"<html>"),
    "no results": (200, {}),
    "no result": (200, {"results": []}),
    "another's result": (200, {"results": [{"id": "x", "response": {"env": 0}}]}),
    "a list": (200, []),
    "half": (200, b'{"results": [{'),
}


@pytest.mark.parametrize("how", FAILING)
def test_a_server_that_fails_twice_is_a_fault(how: str, server: Any) -> None:
    server.answer = lambda *_: FAILING[how]
    with pytest.raises(Fault, match="2 times in a row"):
        KiminaServer(server.address).check(GOAL, "exact h")
    assert len(server.asked) == 2


def test_a_server_that_fails_once_is_asked_again(server: Any) -> None:
    server.answer = lambda path, request: right(path, request) if len(server.asked) > 1 else (500, {})
    assert KiminaServer(server.address).check(GOAL, "exact h").proved


def test_a_server_that_hangs_is_a_fault_in_time(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.envs.proofs.lean4.kimina._ROOM", 0.1)
    server.answer = lambda path, request: (time.sleep(1.0), right(path, request))[1]
    began = time.monotonic()
    with pytest.raises(Fault):
        KiminaServer(server.address, seconds=0.1).check(GOAL, "exact h")
    assert time.monotonic() - began < 5.0


def test_a_server_that_wants_a_key_says_so(server: Any) -> None:
    server.answer = lambda *_: (401, {})
    with pytest.raises(UserError, match="SYLLOGYM_LEAN_KEY"):
        KiminaServer(server.address).check(GOAL, "exact h")


def test_nobody_there_is_a_fault() -> None:
    with pytest.raises(Fault):
        KiminaServer("http://127.0.0.1:9").check(GOAL, "exact h")


def test_a_server_has_no_steps() -> None:
    with pytest.raises(UserError, match="whole proofs only"):
        KiminaServer("http://127.0.0.1:9").open(GOAL)
