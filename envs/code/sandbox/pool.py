"""How do many runs share few fork servers? They wait in a queue; whoever is done makes room for the next in line."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections import deque
from concurrent.futures import Future

from syllogym.envs.code.sandbox.place import Place
from syllogym.envs.code.sandbox.server import Server
from syllogym.envs.values import Fault


class Pool:
    """Fork servers of one place, started as they are needed, replaced when they are lost or poisoned.

    Args:
        place: the layers.
        servers: how many servers at most.
        at_once: how many programs may run at the same time on each.
        queue: how many runs may wait; one more is refused with a `Fault`.
    """

    _servers: list[Server]
    _line: deque[Future[None]]

    def __init__(self, place: Place, servers: int, at_once: int = 2, queue: int = 10_000) -> None:
        self.place = place
        self.servers = servers
        self.at_once = at_once
        self.queue = queue
        self._begin()
        os.register_at_fork(after_in_child=self._forked)
        atexit.register(self.close)

    def acquire(self) -> Future[None]:
        """Return a future that is resolved when it is this run's turn; `release` must follow."""
        turn: Future[None] = Future()
        with self._lock:
            if self._running < self.servers * self.at_once:
                self._running += 1
                turn.set_result(None)
            elif len(self._line) < self.queue:
                self._line.append(turn)
            else:
                raise Fault(f"{self.queue} runs wait for the sandbox already.")
        return turn

    def release(self, turn: Future[None]) -> None:
        """Give back a turn, had or not; the next in line has it then."""
        with self._lock:
            if turn.cancelled() or not turn.done():  # it gave up while it waited
                with contextlib.suppress(ValueError):
                    self._line.remove(turn)
                return
            while self._line:
                following = self._line.popleft()
                if following.set_running_or_notify_cancel():
                    following.set_result(None)
                    return
            self._running -= 1

    def server(self) -> Server:
        """Return the server with the fewest runs, counted for one more; `leave` must follow.

        Raises:
            Lost: if none can be started.
        """
        with self._lock:
            for server in [one for one in self._servers if one.poisoned]:
                self._servers.remove(server)
                if server.running == 0:
                    server.close()
            least = min(self._servers, key=lambda one: one.running, default=None)
            if least is None or (least.running > 0 and len(self._servers) < self.servers):
                least = Server(self.place)
                self._servers.append(least)
            least.running += 1
            return least

    def leave(self, server: Server) -> None:
        """Tell that a run on a server is over."""
        with self._lock:
            server.running -= 1
            if server.poisoned and server.running == 0 and server not in self._servers:
                server.close()

    def close(self) -> None:
        """End every server now; a later run starts anew."""
        with self._lock:
            servers = self._servers
            self._servers = []
        for server in servers:
            server.close()

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._running = 0
        self._servers = []
        self._line = deque()

    def _forked(self) -> None:
        """In a forked child: leave the parent's servers to the parent."""
        for server in self._servers:
            server.let_go()
        self._begin()
