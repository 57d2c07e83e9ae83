"""Does the environment run where training runs it: made offline, off the main thread, fast enough?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from syllogym.envs.doctor.play import TURNS, Subject, first_difference, mixed, whole
from syllogym.envs.doctor.report import Failed, Skipped
from syllogym.errors import UserError

PATIENCE_S = 60.0
"""Seconds of wall time the doctor waits for three episodes before it calls them a hang."""

P99_LIMIT_S = 0.1
"""Seconds of wall time that all but one step in a hundred must stay under."""

_STEPS = 300


def constructs_offline(subject: Subject) -> str:
    """Making one reaches for no network: data are loaded at the first reset, where a user expects to wait."""
    reached: list[str] = []

    def refuse(*address: Any, **_: Any) -> None:
        reached.append(str(address[-1] if len(address) == 2 else address[0]))
        raise OSError("the env doctor lets nothing out while an environment is made")

    with (
        mock.patch.object(socket.socket, "connect", refuse),
        mock.patch.object(socket.socket, "connect_ex", refuse),
        mock.patch.object(socket, "getaddrinfo", refuse),
    ):
        try:
            subject.make()
        except Exception as error:
            if not reached:
                raise Failed(f"it cannot be made: {error}", vital=True) from error
    if reached:
        raise Failed(f"its constructor reaches for the network ({reached[0]}).")
    return ""


def other_thread(subject: Subject) -> str:
    """Episodes off the main thread are the same as on it, and end in time."""
    seeds = (41, 42, 43)
    try:
        there = _in_thread(lambda: [whole(subject.make(), seed, mixed(seed)) for seed in seeds], "three episodes")
    except UserError as error:  # what it needs is not here, which is told once
        raise Failed(f"it cannot be begun: {error}", vital=True) from error
    here = [whole(subject.make(), seed, mixed(seed)) for seed in seeds]
    for seed, one, other in zip(seeds, there, here, strict=True):
        if difference := first_difference(one, other):
            raise Failed(f"seed {seed} goes another way off the main thread: {difference}.")
    return ""


def step_time(subject: Subject) -> str:
    """99 of 100 steps take less than `P99_LIMIT_S`."""
    if subject.environment.waits() or subject.environment.blocking:
        raise Skipped("it waits for something outside, and rollouts let it")
    took: list[float] = []
    env, seed = subject.make(), 0
    while len(took) < _STEPS:
        env.reset(seed=seed)
        policy = mixed(seed)
        for _ in range(TURNS):
            if env.over:
                break
            replies = {agent: policy(env, agent, env.observe(agent)) for agent in env.waiting}
            began = time.perf_counter()
            env.act(replies)
            took.append(time.perf_counter() - began)
        seed += 1
    p99 = sorted(took)[int(len(took) * 0.99)]
    if p99 > P99_LIMIT_S:
        raise Failed(f"99 of 100 steps take up to {p99:.3f} s; {P99_LIMIT_S} s are allowed.")
    return f"p99 {p99 * 1e6:.0f} microseconds over {len(took)} steps"


def _in_thread(work: Callable[[], Any], what: str) -> Any:
    """Return what `work` returns in another thread, or raise what it raises; `Failed` when it does not end."""
    done: list[Any] = []
    raised: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as error:  # handed to the calling thread below
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    if thread.is_alive():
        raise Failed(f"{what} did not end within {PATIENCE_S:g} s.", vital=True)
    if raised:
        raise raised[0]
    return done[0]
