"""What runs on the far side of `syllogym.envs.worker`? A nursery that forks workers, and the loop of one worker.

The nursery is a small process of its own, started once: it imports what the workers will call and forks a warm worker
in milliseconds whenever one is asked for. It has one thread and no GPU, so forking is safe there, whatever the trainer
holds. When its parent goes, by whatever cause, it reads the end of its pipe, kills its workers and leaves.

Run as a script by path, so that starting it imports nothing but the standard library. Messages are JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import socket
import sys
from multiprocessing.connection import Connection
from typing import Any, NoReturn


def nurse(channel: socket.socket) -> None:
    """Obey requests on `channel` until it closes: import, fork a worker over the file descriptor sent along, kill."""
    workers: set[int] = set()
    while True:
        text, files, _, _ = socket.recv_fds(channel, 1 << 20, 1)
        if not text:
            break
        request = json.loads(text)
        if "kill" in request:
            answer: Any = end(request["kill"])
            workers.discard(request["kill"])
        else:
            answer = prepare(request["path"], request["module"])
            if files and not answer:
                pid = os.fork()
                if pid == 0:
                    channel.close()
                    serve(Connection(files[0]), request["memory"])
                workers.add(pid)
                answer = pid
        for file in files:
            os.close(file)
        channel.sendall(json.dumps(answer).encode())
    for pid in workers:
        end(pid)


def prepare(path: list[str], module: str) -> str:
    """Import a module under the parent's search path, so that workers are born with it; return what went wrong."""
    sys.path[:] = path
    try:
        warm_up = getattr(importlib.import_module(module), "warm_up", None)
        if warm_up is not None:
            warm_up()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def end(pid: int) -> bool:
    """Kill a worker and wait for it, so that its number is not given to another process before it is gone."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return True


def serve(pipe: Connection, memory: int) -> NoReturn:
    """Call functions by name, one after the other, under `memory` bytes of address space, until the pipe closes."""
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = json.loads(pipe.recv_bytes())
            pipe.send_bytes(json.dumps(run(function, arguments)).encode())
    os._exit(0)


def run(function: str, arguments: list[Any]) -> dict[str, Any]:
    """Call ``module:function`` and return ``{"value": ...}``, ``{"memory": ...}`` or ``{"raised": ...}``."""
    module, _, name = function.partition(":")
    try:
        return {"value": getattr(importlib.import_module(module), name)(*arguments)}
    except MemoryError as error:
        return {"memory": str(error)}
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {str(error)[:500]}"}


if __name__ == "__main__":
    nurse(socket.socket(fileno=int(sys.argv[1])))
