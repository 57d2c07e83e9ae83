"""Who keeps Lean's processes? A pool: warm, each with the preambles it has read, replaced when lost or grown.

A preamble (imports, options) is read once a process, which takes seconds with Mathlib; every proof then begins from the
environment behind it, which no proof can change.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from syllogym.envs.proofs.lean4.answers import Answer
from syllogym.envs.proofs.lean4.process import Late, Lost, Process
from syllogym.envs.values import Fault
from syllogym.errors import UserError

MOST_USES = 1_000
"""Requests after which a process is replaced: it never forgets an environment or a state."""

_numbers = count()


class Session:
    """One process with what it has read. Its number is never used again, so an old state is not taken for a new one."""

    def __init__(self, process: Process, started: float) -> None:
        self.process, self.started = process, started
        self.number, self.uses = next(_numbers), 0
        self._preambles: dict[str, int] = {}

    def ask(self, seconds: float, **request: Any) -> Answer:
        """Put a request. Raises `Late` and `Lost`, after which the session is not `alive`."""
        self.uses += 1
        return self.process.ask(request, seconds)

    def environment(self, preamble: str) -> int | None:
        """Return the number of the environment behind a preamble, which is read if it has not been.

        Raises:
            UserError: if Lean does not take it. Fault: if it does not end.
        """
        if not preamble:
            return None
        if preamble not in self._preambles:
            try:
                answer = self.ask(self.started, cmd=preamble)
            except Late as error:
                raise Fault(f"Lean did not read the preamble {preamble[:80]!r} in {self.started:g} s.") from error
            if answer.error is not None or answer.env is None:
                what = answer.error.text if answer.error else "no environment"
                raise UserError(f"Lean does not take the preamble {preamble[:200]!r}: {what}")
            self._preambles[preamble] = answer.env
        return self._preambles[preamble]


class Pool:
    """Sessions, each used by one caller at a time.

    Args:
        start: starts a process. size: how many there are at most.
        started: seconds that a preamble may take. memory: bytes of a process above which it is replaced.
    """

    def __init__(self, start: Callable[[], Process], size: int, started: float, memory: int) -> None:
        self.start, self.size, self.started, self.memory = start, size, started, memory
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # the parent's processes are the parent's

    @contextmanager
    def session(self, number: int | None = None) -> Iterator[Session]:
        """Lend a session, that with a number where it is still there; wait until one is free.

        Raises:
            Lost: if none can be started.
        """
        session = self._taken(number)
        try:
            yield session
        finally:
            worn = session.uses >= MOST_USES or session.process.memory() > self.memory
            with self._free:
                if session.process.alive and not worn:
                    self._idle.append(session)
                else:
                    session.process.close()
                    self._count -= 1
                self._free.notify()

    def close(self) -> None:
        """End the sessions that nobody uses."""
        with self._free:
            for session in self._idle:
                session.process.close()
            self._count -= len(self._idle)
            self._idle.clear()

    def _begin(self) -> None:
        self._idle: list[Session] = []
        self._count = 0
        self._free = threading.Condition()

    def _taken(self, number: int | None) -> Session:
        with self._free:
            while not self._idle and self._count >= self.size:
                self._free.wait()
            for place, session in enumerate(self._idle):
                if session.number == number:
                    return self._idle.pop(place)
            if self._idle:
                return self._idle.pop()
            self._count += 1
        try:
            return Session(self.start(), self.started)
        except BaseException:
            with self._free:
                self._count -= 1
                self._free.notify()
            raise


__all__ = ["Late", "Lost", "Pool", "Session"]
