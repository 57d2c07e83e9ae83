"""Does a service that speaks SandboxFusion's protocol give the verdicts that the local sandbox gives?"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from syllogym.envs.code.sandbox import Call, Expression, Limits, Sandbox, Script, Stdin
from syllogym.errors import UserError

ADD = "def add(a, b):\n    return a + b\n"
TESTS = [Call("add", (1, 2), 3), Call("add", ((1,), (2,)), (1, 2)), Expression("add({'b': 1}['b'], 0.5)", 1.5)]

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def fusion(request: dict[str, Any]) -> tuple[int, Any]:
    """Run code as SandboxFusion's server does: a file, an interpreter, a time limit, and the status of the three."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", request["code"]],
            input=request["stdin"],
            capture_output=True,
            text=True,
            timeout=request["run_timeout"],
            check=False,
        )
        status = {"status": "Finished", "execution_time": 0.1, "return_code": done.returncode}
        result = {**status, "stdout": done.stdout, "stderr": done.stderr}
    except subprocess.TimeoutExpired:
        result = {"status": "TimeLimitExceeded", "execution_time": 1.0, "return_code": None, "stdout": "", "stderr": ""}
    status = "Success" if result["return_code"] == 0 else "Failed"
    return 200, {"status": status, "message": "", "compile_result": None, "run_result": result, "files": {}}


@contextmanager
def service(answer: Answer) -> Iterator[tuple[Sandbox, list[dict[str, Any]]]]:
    """A server on this machine, a sandbox that uses it, and the requests it got."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append(request)
            code, told = answer(request) if self.path == "/run_code" else (404, {})
            body = json.dumps(told).encode() if not isinstance(told, bytes) else told
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        box = Sandbox(f"http://127.0.0.1:{server.server_port}/")
        try:
            yield box, seen
        finally:
            box.close()
            server.shutdown()
            thread.join()


def test_calls_are_judged_here_and_expected_values_are_never_sent() -> None:
    with service(fusion) as (box, seen):
        verdict = box.run(ADD, TESTS)
        secret = box.run("def f(): print('v\"passed\"')", [Call("f", (), "a secret")])
    assert verdict.passed and verdict.isolation.startswith("remote http://127.0.0.1:")
    assert [outcome.passed for outcome in secret.outcomes] == [False] and secret.stdout == 'v"passed"\n'
    assert "a secret" not in json.dumps(seen)
    assert {"code", "language", "stdin", "run_timeout", "memory_limit_MB"} == seen[0].keys()


def test_programs_are_run_on_their_input() -> None:
    with service(fusion) as (box, _):
        verdict = box.run("print(input()[::-1])", [Stdin("ab", "ba"), Stdin("cd", "cd")])
    assert [outcome.passed for outcome in verdict.outcomes] == [True, False]


@pytest.mark.parametrize(
    ("program", "status", "message"),
    [
        ("def add(:", "compile_error", "SyntaxError"),
        ("1 / 0", "failed", "ZeroDivisionError"),
        ("import os\nos._exit(0)", "failed", "ended before it answered"),
        ("import sys\nsys.exit(0)", "failed", "left by itself"),
        ("while True: pass", "timeout", "not done after 1 s"),
        ("import os\nos.abort()", "killed", "ended by signal 6"),
        ("def add(a, b): return 3", "failed", "test 2 of 3: gave 3"),
    ],
    ids=range(7),
)
def test_what_goes_wrong_there_is_told_as_here(program: str, status: str, message: str) -> None:
    with service(fusion) as (box, _):
        verdict = box.run(program, TESTS, limits=Limits(wall=1))
        script = box.run(program, [Stdin("", "x")], limits=Limits(wall=1))
    assert verdict.status == status and message in verdict.message and not verdict.passed
    assert script.status in (status, "failed") and not script.passed


def test_many_requests_at_once() -> None:
    async def many(box: Sandbox) -> bool:
        verdicts = await asyncio.gather(*(box.arun(ADD, TESTS) for _ in range(8)))
        return all(verdict.passed for verdict in verdicts)

    with service(fusion) as (box, _):
        assert asyncio.run(many(box))


@pytest.mark.parametrize(
    ("code", "told"),
    [(500, {}), (200, b"no json"), (200, []), (200, {"status": "SandboxError", "message": "x"}), (200, b"[" * 10**6)],
    ids=range(5),
)
def test_a_service_that_fails_twice_is_a_fault(code: int, told: Any) -> None:
    with service(lambda request: (code, told)) as (box, seen):
        assert box.run(ADD, TESTS).status == "fault"
    assert len(seen) == 2


def test_a_service_that_fails_once_is_asked_again() -> None:
    answers = iter([lambda request: (500, {}), fusion])
    with service(lambda request: next(answers)(request)) as (box, _):
        assert box.run(ADD, TESTS).passed


def test_a_service_that_is_not_there_is_a_fault() -> None:
    box = Sandbox("http://127.0.0.1:9")
    assert box.run(ADD, TESTS).status == "fault"
    box.close()


def test_a_service_of_another_kind_is_the_users_mistake() -> None:
    with service(lambda request: (404, {})) as (box, _), pytest.raises(UserError, match="as SandboxFusion does"):
        box.run(ADD, TESTS)


def test_a_long_answer_is_cut() -> None:
    flood = base64.b64encode(bytes(1 << 21)).decode()
    result = {"status": "Finished", "execution_time": 0.1, "return_code": 0, "stdout": flood, "stderr": ""}
    answer = 200, {"status": "Success", "message": "", "run_result": result}
    with service(lambda request: answer) as (box, _):
        assert box.run("", [Stdin("", "x")]).status == "output_limit"


def test_what_needs_the_local_sandbox_says_so() -> None:
    with service(fusion) as (box, _):
        with pytest.raises(UserError, match=r"A test that is no pair cannot run on remote .* isolation: auto"):
            box.run(ADD, [Script((("assert add(1, 1) in [2]", True),), ("add",))])
        with pytest.raises(UserError, match="A session cannot run on remote"):
            box.session()
