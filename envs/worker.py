"""How does a heavy scorer run where it can be killed? In a worker process, with a deadline held from outside.

A computer-algebra system can be sent into a computation that no signal handler, thread or event loop gets out of; only
killing its process does. `Workers.call` runs a named function on plain data in a pool of persistent processes. It works
from any thread, beside torch and CUDA (nothing of the caller is forked), and ends its processes with the caller.

A function that needs too much raises `Exceeded`: that is the input's doing. A worker lost twice in a row, or a function
that raises, is a `Fault`. This bounds time and memory; it is no sandbox for code that is hostile itself.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from syllogym.envs.values import Fault

T = TypeVar("T")

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_SCRIPT = Path(__file__).with_name("worker_process.py")


class Exceeded(Exception):
    """A call needed more than it was allowed; `what` is ``"timeout"`` or ``"memory"``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Lost(Exception):
    """The worker's process is gone."""


class Workers:
    """A pool of processes that call functions of one module; started by the first call, safe in threads and forks.

    Args:
        module: importable module whose functions are called; imported once, before the first worker is forked. If it
            has a function ``warm_up()``, that runs then, too.
        size: how many calls may run at once; further ones wait for their turn, which costs them none of their deadline.
        memory: address space of one worker, bytes.
    """

    def __init__(self, module: str, size: int = 2, memory: int = 2 << 30) -> None:
        self.module = module
        self.size = size
        self.memory = memory
        self._nurse: _Nursery | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._idle: queue.LifoQueue[_Worker | None]
        self._begin()
        os.register_at_fork(after_in_child=self._forked)
        atexit.register(self.close)

    def call(self, function: str, *arguments: Any, deadline: float) -> Any:
        """Return ``module.function(*arguments)``; arguments and result are what JSON can say.

        Args:
            function: name of a function of the module.
            arguments: plain data.
            deadline: seconds of wall clock for the call itself, neither waiting for a worker nor starting one.

        Raises:
            Exceeded: after the deadline, or when the worker's memory is used up. The worker is replaced.
            Fault: if the function raises, or its worker is lost twice.
        """
        idle = self._idle
        worker = idle.get()
        try:
            for _ in range(2):
                worker = worker or self._nursery().fork(self.module, self.memory)
                try:
                    return worker.call(f"{self.module}:{function}", arguments, deadline)
                except Fault:
                    raise
                except BaseException as error:  # Ctrl-C too: its answer must not be taken for that of the next call
                    worker.kill()
                    worker = None
                    if not isinstance(error, _Lost):
                        raise
            raise Fault(f"The worker process of {self.module}:{function} was lost twice in a row.")
        finally:
            idle.put(worker)

    async def acall(self, function: str, *arguments: Any, deadline: float) -> Any:
        """Await `call` without holding up the event loop."""
        return await self.beside(partial(self.call, function, *arguments, deadline=deadline))

    async def beside(self, function: Callable[..., T], *arguments: Any) -> T:
        """Await a function that makes calls, run in one of as many threads as there are workers."""
        with self._lock:
            self._threads = self._threads or ThreadPoolExecutor(self.size, f"syllogym-{self.module}")
            threads = self._threads  # our own: a slow scorer must not hold up others' work in the loop's threads
        return await asyncio.get_running_loop().run_in_executor(threads, function, *arguments)

    def close(self) -> None:
        """End every process now; a later call starts anew."""
        taken = []
        with contextlib.suppress(queue.Empty):
            while True:
                taken.append(self._idle.get_nowait())
        for worker in taken:
            self._idle.put(None)
            if worker is not None:
                worker.pipe.close()
        with self._lock:
            nursery, self._nurse = self._nurse, None
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False)
        if nursery is not None:
            nursery.close()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._nurse = None
        self._threads = None
        self._idle = queue.LifoQueue()
        for _ in range(self.size):
            self._idle.put(None)

    def _forked(self) -> None:
        """Let go of the parent's processes in a forked child, so that they still end with the parent."""
        for worker in self._idle.queue:  # past the queue's lock, which a thread may have held at the fork
            if worker is not None:
                worker.pipe.close()
        if self._nurse is not None:
            self._nurse.let_go()
        self._begin()

    def _nursery(self) -> _Nursery:
        with self._lock:
            if self._nurse is not None and not self._nurse.alive:
                self._nurse.close()
                self._nurse = None
            self._nurse = self._nurse or _Nursery()
            return self._nurse


class _Nursery:
    """The process that forks workers (see `syllogym.envs.worker_process`)."""

    def __init__(self) -> None:
        self._channel, far = socket.socketpair()
        self._channel.settimeout(_START_SECONDS)
        self._lock = threading.Lock()
        with far:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_SCRIPT), str(far.fileno())],
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the caller
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, module: str, memory: int) -> _Worker:
        near, far = socket.socketpair()
        with far:
            try:
                pid = self._ask({"module": module, "path": sys.path, "memory": memory}, far.fileno())
            except OSError as error:
                near.close()
                self.close()
                raise Fault(f"No worker process for {module} could be started: {error}.") from error
        if not isinstance(pid, int):
            near.close()
            raise Fault(f"A worker process cannot import {module}: {pid}.")
        return _Worker(Connection(near.detach()), pid, self)

    def kill(self, pid: int) -> None:
        try:
            self._ask({"kill": pid})
        except OSError:  # the nursery itself is gone, so nobody else waits for this process
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self._channel.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def let_go(self) -> None:
        self._channel.close()
        self._process.returncode = 0  # not a child of this process, so there is nothing to wait for

    def _ask(self, request: dict[str, Any], *files: int) -> Any:
        with self._lock:
            socket.send_fds(self._channel, [json.dumps(request).encode()], files)
            answer = self._channel.recv(1 << 16)
        if not answer:
            raise ConnectionResetError("its nursery has ended")
        return json.loads(answer)


class _Worker:
    """One process that answers calls."""

    def __init__(self, pipe: Connection, pid: int, nursery: _Nursery) -> None:
        self.pipe, self.pid, self.nursery = pipe, pid, nursery

    def kill(self) -> None:
        self.pipe.close()
        self.nursery.kill(self.pid)

    def call(self, function: str, arguments: tuple[Any, ...], deadline: float) -> Any:
        try:
            self.pipe.send_bytes(json.dumps([function, arguments]).encode())
            if not self.pipe.poll(deadline):
                raise Exceeded("timeout")
            answer = json.loads(self.pipe.recv_bytes())
        except (EOFError, OSError) as error:
            raise _Lost from error
        if "memory" in answer:
            raise Exceeded("memory")
        if "raised" in answer:
            raise Fault(f"{function} raised {answer['raised']}")
        return answer["value"]
