"""Who does the next job? The free process that holds most of what it begins with; lost and old ones are replaced."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.server import Lost
from syllogym.envs.proofs.rocq.document import Document, Stopped
from syllogym.envs.proofs.rocq.process import TooMuch, place
from syllogym.envs.proofs.rocq.protocol import NoAnswer
from syllogym.envs.values import Fault

T = TypeVar("T")

RECYCLED = 1_000
"""Jobs after which a process is replaced: Coq keeps a little of each."""

TRIES = 2


class Workers:
    """Processes of Coq, started when they are needed; safe in threads and forks.

    Args:
        isolation: of the sandbox. size: how many processes at most. limits: of each.
    """

    _idle: list[Document]
    _living: int

    def __init__(self, isolation: str, size: int, limits: Limits) -> None:
        self.pool = Pool(place(isolation), 1, at_once=size)
        self.size, self.limits = size, limits
        self._begin()
        os.register_at_fork(after_in_child=self._forked)
        atexit.register(self.close)

    def run(self, beginning: Sequence[str], job: Callable[[Document], T]) -> T:
        """Do a job on a process that holds as much as can be of the sentences it begins with.

        A job whose process is lost, or does not make sense any more, is done again on another.

        Raises:
            Fault: if that happens each time.
        """
        for _ in range(TRIES):
            try:
                with self._document(beginning) as document:
                    return job(document)
            except (Lost, NoAnswer) as error:
                reason = str(error)
        raise Fault(f"Coq was lost {TRIES} times: {reason}")

    def close(self) -> None:
        """End every process; a later job starts anew."""
        with self._free:
            documents, self._idle = self._idle, []
            self._living -= len(documents)
        for document in documents:
            document.close()
        if not self._living:
            self.pool.close()

    @contextmanager
    def _document(self, beginning: Sequence[str]) -> Iterator[Document]:
        document = self._taken(beginning)
        try:
            yield document
        except (Stopped, TooMuch):
            raise
        except BaseException:  # it may have been cut short anywhere
            document.usable = False
            raise
        finally:
            document.jobs += 1
            if not document.usable or document.jobs >= RECYCLED:
                document.close()
            with self._free:
                if document.usable:
                    self._idle.append(document)
                else:
                    self._living -= 1
                self._free.notify()

    def _taken(self, beginning: Sequence[str]) -> Document:
        with self._free:
            while not self._idle and self._living >= self.size:
                self._free.wait()
            best = max(self._idle, key=lambda one: one.shared(beginning), default=None)
            full = self._living >= self.size
            if best is not None and (full or not beginning or best.shared(beginning)):  # else all is to be imported
                self._idle.remove(best)
                return best
            self._living += 1
        try:
            return Document(self.pool, self.limits)
        except BaseException:
            with self._free:
                self._living -= 1
                self._free.notify()
            raise

    def _begin(self) -> None:
        self._free = threading.Condition()
        self._idle = []
        self._living = 0

    def _forked(self) -> None:
        """In a forked child: leave the parent's processes to the parent."""
        for document in self._idle:
            with contextlib.suppress(OSError):
                document.process.let_go()
        self._begin()
