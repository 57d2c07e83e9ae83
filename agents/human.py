"""How does a person move? The terminal shows the prompt, and what is typed is the reply."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from rich.console import Console

from syllogym.agents import register
from syllogym.agents.player import Context, Request
from syllogym.agents.terminal import read_reply, show
from syllogym.envs import Reply
from syllogym.errors import UserError


class Stopped(UserError):
    """The person pressed Ctrl-C."""

    exit_status = 130


@register()
class Human:
    """A person at this terminal, who is asked one move at a time. Episodes under way wait meanwhile."""

    context: ClassVar[Context] = "conversation"

    async def act(self, request: Request) -> Reply:
        """Show the prompt and read the reply. Raises `UserError` when the terminal has no more to say, or on Ctrl-C."""
        env, episode = request.env, request.episode
        show(Console(), str(request.prompt), f"[{env.name}, seed {episode.seed}, to {request.agent}] ")
        try:
            with _interruptible():
                return Reply(read_reply(input, f"{request.agent} > "))
        except KeyboardInterrupt:
            raise Stopped("Stopped.") from None
        except EOFError as error:
            raise UserError(
                f"human: {request.agent} has to move, but the input is at its end. Play it in a terminal, or pipe in "
                "a line for each move."
            ) from error


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the wait for a line, which an event loop's own handler would let go on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
