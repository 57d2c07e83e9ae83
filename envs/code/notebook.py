"""How does an agent run one cell of Python after the other? In a session of the sandbox that may be lost and found.

A process cannot be copied, so a notebook keeps the cells that were run. A copy (`fork`, a snapshot, a pickle) runs them
again, in a process of its own, when it is next asked for something. The same goes for a notebook whose process was
ended because too many others are alive. Cells see no clock that could be set, so one that depends on the time may come
out otherwise then; chance inside the sandbox is seeded and comes out the same.
"""

from __future__ import annotations

import itertools
import os
import queue
import threading
import weakref
from functools import cache
from typing import Any

from syllogym.envs.code.boxes import box
from syllogym.envs.code.sandbox import Limits
from syllogym.envs.code.sandbox.session import Session
from syllogym.envs.code.sandbox.verdict import Verdict, printable

MOST = 64
"""Sessions that are kept alive in one process while they wait for the next cell."""

_numbers = itertools.count()
_idle: dict[int, Session] = {}
_lock = threading.Lock()


class Notebook:
    """A Python session that keeps its state from one cell to the next; one thread at a time may use it.

    Args:
        isolation: of the sandbox.
        limits: `wall` of each cell; the rest of all of them together.
        shown: characters of a cell's output that are told.
        cells: what was run so far.
    """

    def __init__(self, isolation: str, limits: Limits, shown: int, cells: tuple[str, ...] = ()) -> None:
        self.isolation, self.limits, self.shown, self.cells = isolation, limits, shown, cells
        self._number = next(_numbers)
        weakref.finalize(self, _let_go, self._number).atexit = False  # then the sandbox ends everything

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy what was run, not the process."""
        return Notebook, (self.isolation, self.limits, self.shown, self.cells)

    def run(self, cell: str) -> str:
        """Run a cell and return what to tell of it: what it printed, and its traceback or how the session ended.

        Raises:
            Fault: the sandbox failed.
        """
        session = _idle.pop(self._number, None)
        try:
            if session is None:
                session = box(self.isolation).session(self.limits)
                for earlier in self.cells:
                    session.run(earlier).checked()
            verdict = session.run(cell).checked()
        except BaseException:
            if session is not None:
                session.close()
            raise
        if session.ended:
            self.cells = ()
        else:
            self.cells += (cell,)
            _keep(self._number, session)
        return self._told(verdict, session.ended)

    def close(self) -> None:
        """End the session; the next cell would begin with those of before."""
        session = _idle.pop(self._number, None)
        if session is not None:
            session.close()

    def _told(self, verdict: Verdict, ended: bool) -> str:
        text = _cut(printable(verdict.stdout, self.limits.output), self.shown)
        if ended:
            end = f"The session was ended ({verdict.status}: {verdict.message}). It begins anew: nothing is defined."
            return f"{text}\n{end}".lstrip()
        if not verdict.passed and verdict.message.partition(" (line")[0] not in text:
            return f"{text}\n{verdict.message}".lstrip()
        return text or "Nothing was printed."


def _cut(text: str, longest: int) -> str:
    """Return a text, or its beginning and its end, where errors are told."""
    text = text.rstrip()
    if len(text) <= longest:
        return text
    begin = longest // 2
    return f"{text[:begin]}\n... {len(text) - longest} characters ...\n{text[begin - longest :]}"


def _keep(number: int, session: Session) -> None:
    """Let a session wait for its next cell; of too many, the one that waited longest is ended."""
    _unwanted()  # whose thread is not to be started inside a garbage collection
    with _lock:
        _idle[number] = session
        oldest = _idle.pop(next(iter(_idle))) if len(_idle) > MOST else None
    if oldest is not None:
        oldest.close()


def _let_go(number: int) -> None:
    """Have a session ended whose notebook is no more. Called anywhere, so it takes no lock and waits for nothing."""
    session = _idle.pop(number, None)
    if session is not None:
        _unwanted().put(session)


@cache
def _unwanted() -> queue.SimpleQueue[Session]:
    """Return a queue whose sessions are ended, by a thread that does nothing else."""
    sessions: queue.SimpleQueue[Session] = queue.SimpleQueue()

    def work() -> None:
        while True:
            sessions.get().close()

    threading.Thread(target=work, name="syllogym-notebooks", daemon=True).start()
    return sessions


def _forked() -> None:
    """In a forked child: the sessions are the parent's."""
    _idle.clear()
    _unwanted.cache_clear()


os.register_at_fork(after_in_child=_forked)
