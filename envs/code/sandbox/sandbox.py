"""How does a reward run a model's program? `Sandbox.run` gives a verdict; nothing the program does can make it lie."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import replace

from syllogym.envs.code.sandbox.cases import Call, Expression, Stdin, Test, expected_text, size
from syllogym.envs.code.sandbox.examination import examine
from syllogym.envs.code.sandbox.layers import place_for
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.outcomes import of_calls, of_output
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.remote import Remote
from syllogym.envs.code.sandbox.running import Local, Ran, Steps, finish, finish_async
from syllogym.envs.code.sandbox.server import Lost
from syllogym.envs.code.sandbox.session import Session
from syllogym.envs.code.sandbox.verdict import Outcome, Verdict, together
from syllogym.errors import UserError

DEFAULT = Limits()


class Sandbox:
    """Runs programs, each in a fresh process that is confined; safe from any thread and any event loop.

    Args:
        isolation: ``auto`` takes the strongest layers that hold on this machine and refuses to run without; ``process``
            runs without protection; the address of a SandboxFusion service, ``http://...``, runs programs there.
        servers: fork servers, which bound how many programs run at a time; one for each core.
        queue: how many runs may wait.
    """

    def __init__(self, isolation: str = "auto", servers: int | None = None, queue: int = 10_000) -> None:
        self.asked = isolation
        self.servers = servers or len(os.sched_getaffinity(0))
        self.queue = queue
        self._lock = threading.Lock()
        self._backend: Local | Remote | None = None

    @property
    def backend(self) -> Local | Remote:
        """Where programs run; the first use finds out which layers this machine gives.

        Raises:
            UserError: if it gives none that protects. The message tells how to get one.
        """
        with self._lock:
            if self._backend is None:
                if self.asked.startswith(("http://", "https://")):
                    self._backend = Remote(self.asked)
                else:
                    self._backend = Local(Pool(place_for(self.asked), self.servers, queue=self.queue))
            return self._backend

    @property
    def isolation(self) -> str:
        """The layers that hold programs, such as ``bubblewrap+landlock+seccomp``."""
        return self.backend.name

    def run(
        self, program: str, tests: Sequence[Test] = (), *, stdin: str = "", setup: str = "", limits: Limits = DEFAULT
    ) -> Verdict:
        """Run a program against tests, or without any from standard input to standard output.

        Args:
            program: Python source.
            tests: calls and expressions are put to one process, each `Stdin` and `Script` has its own.
            stdin: what a run without tests reads.
            setup: source that is run after the program, among its names, before calls and expressions.
            limits: bounds of each process.

        Raises:
            UserError: if a test cannot be put to a program, or there is no sandbox on this machine.
        """
        return finish(self._run(program, tests, stdin, setup, limits))

    async def arun(
        self, program: str, tests: Sequence[Test] = (), *, stdin: str = "", setup: str = "", limits: Limits = DEFAULT
    ) -> Verdict:
        """Do as `run` without holding up the event loop. Cancelling ends the program."""
        return await finish_async(self._run(program, tests, stdin, setup, limits))

    def session(self, limits: Limits = DEFAULT, program: str = "") -> Session:
        """Open a process that runs one cell after the other; close it when done.

        Args:
            limits: `wall` is for each cell, `cpu` and `output` are for all of them.
            program: source to begin with.
        """
        return Session(self._pool("A session"), limits, program)

    def check_sessions(self) -> None:
        """Raise the `UserError` that `session` would, without opening one."""
        self._pool("A session")

    def close(self) -> None:
        """End all processes; a later run starts anew."""
        if self._backend is not None:
            self._backend.close()

    def _pool(self, what: str) -> Pool:
        if not isinstance(self.backend, Local):
            raise UserError(f"{what} cannot run on {self.isolation}. Use the local sandbox: isolation: auto.")
        return self.backend.pool

    def _run(self, program: str, tests: Sequence[Test], stdin: str, setup: str, limits: Limits) -> Steps[Verdict]:
        try:
            return (yield from self._verdicts(program, list(tests), stdin, setup, limits))
        except Lost as lost:
            outcomes = (Outcome(False, "the sandbox failed"),) * len(tests)
            return Verdict("fault", outcomes, str(lost), isolation=self.isolation)

    def _verdicts(self, program: str, tests: list[Test], stdin: str, setup: str, limits: Limits) -> Steps[Verdict]:
        if not tests:
            return replace((yield from self._print(program, stdin, None, limits)), outcomes=())
        questions = [test for test in tests if isinstance(test, Call | Expression)]
        asked = (yield from self._ask(program, questions, setup, limits)) if questions else None
        parts = [asked] if asked else []
        answers = iter(asked.outcomes if asked else ())
        outcomes: list[Outcome] = []
        for test in tests:
            if isinstance(test, Call | Expression):
                outcomes.append(next(answers))
            elif parts and parts[-1].status not in ("passed", "failed"):
                outcomes += [Outcome(False, f"not run: {parts[-1].message}")] * size(test)
            else:
                if isinstance(test, Stdin):
                    part = yield from self._print(program, test.stdin, test, limits)
                else:
                    part = yield from examine(self._pool("A test that is no pair"), program, setup, test, limits)
                parts.append(part)
                outcomes += part.outcomes
        return together(parts, outcomes)

    def _ask(self, program: str, tests: Sequence[Call | Expression], setup: str, limits: Limits) -> Steps[Verdict]:
        expected = [expected_text(test) for test in tests]  # a mistake in a test is told before anything runs
        payload = {"source": program, "setup": setup, "tests": [test.question() for test in tests]}
        ran = yield from self.backend.run_once("serve", payload, "", limits)
        status, message, outcomes = of_calls(ran, tests, expected)
        return self._verdict(ran, Verdict(status, tuple(outcomes), message))

    def _print(self, program: str, stdin: str, test: Stdin | None, limits: Limits) -> Steps[Verdict]:
        ran = yield from self.backend.run_once("script", {"source": program}, stdin, limits)
        status, message, outcome = of_output(ran, test)
        return self._verdict(ran, Verdict(status, (outcome,), message))

    def _verdict(self, ran: Ran, verdict: Verdict) -> Verdict:
        return replace(
            verdict,
            stdout=ran.stdout,
            stderr=ran.stderr,
            seconds=ran.ended.wall,
            cpu=ran.ended.cpu,
            memory=ran.ended.memory,
            isolation=self.isolation,
        )
