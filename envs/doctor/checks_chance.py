"""Where does chance come from, and do different seeds and splits really give different instances?"""

from __future__ import annotations

import pickle
import random
from collections.abc import Collection
from typing import Any

import numpy as np

from syllogym.envs import TeamEnv, TextEnv
from syllogym.envs.doctor.play import Subject, mixed, seen, whole
from syllogym.envs.doctor.report import Failed, Skipped
from syllogym.errors import UserError

_LENGTH = 24
_NEIGHBOURS = tuple(range(8))
_FAR = tuple(10_007 * place for place in range(1, 9))
_SHIFTS = range(-3, 4)
_BY_CHANCE = 4
_NOBODYS_SEED = 740_129
_ENGINE = frozenset(vars(TextEnv())) | frozenset(vars(TeamEnv()))


def global_generators(subject: Subject) -> str:
    """`random` and `numpy.random` are neither read nor seeded."""
    kept, numpy_kept = random.getstate(), np.random.get_state()
    try:
        random.seed(_NOBODYS_SEED)
        np.random.seed(_NOBODYS_SEED)
        before, numpy_before = random.getstate(), pickle.dumps(np.random.get_state())
        env = subject.make()
        for seed in (0, None, None):
            whole(env, seed, mixed(0))
        if random.getstate() != before:
            raise Failed("it uses the global generator of `random`; draw from the rng that on_reset is given.")
        if pickle.dumps(np.random.get_state()) != numpy_before:
            raise Failed("it uses the global generator of `numpy.random`; draw from the rng that on_reset is given.")
    finally:
        random.setstate(kept)
        np.random.set_state(numpy_kept)
    return ""


def seeds_apart(subject: Subject) -> str:
    """Neighbouring seeds go through different instances.

    Where there are few different instances, seeds share some by chance: what counts is a whole stretch in the same
    order, or far more shared by neighbours than by seeds far apart.
    """
    near = {seed: _stream(subject, seed) for seed in _NEIGHBOURS}
    if len({item for stream in near.values() for item in stream}) == 1:
        raise Skipped("every seed gives the same instance, so there is nothing to keep apart")
    for seed in _NEIGHBOURS[:-1]:
        _refuse_shifted(near[seed], near[seed + 1], f"seeds {seed} and {seed + 1}")
    shared, far = _shared(near.values()), _shared([_stream(subject, seed) for seed in _FAR])
    if shared > _BY_CHANCE * (1 + far):
        raise Failed(f"neighbouring seeds share {shared} instances; seeds far apart share {far}.")
    return ""


def splits_apart(subject: Subject) -> str:
    """`split="train"` and `split="eval"` have no instance in common."""
    try:
        train, held_out = (
            [item for seed in range(6) for item in _stream(subject, seed, split=split)] for split in ("train", "eval")
        )
    except UserError as error:
        raise Skipped(f"it cannot be split: {error}") from error
    if not subject.environment.instance_hidden:
        common = set(train) & set(held_out)
        if common:
            raise Failed(f"{len(common)} instances are in both splits, such as {sorted(common)[0][:200]!r}.")
        return f"{len(set(train))} and {len(set(held_out))} different instances, none in both"
    if len(set(train) | set(held_out)) == 1:
        raise Skipped("every seed gives the same instance, so there is nothing to keep apart")
    _refuse_shifted(train[:_LENGTH], held_out[:_LENGTH], "the splits")
    raise Skipped("instances are hidden, so the splits are kept apart by seed alone")


def _stream(subject: Subject, seed: int, **more: Any) -> list[bytes]:
    """Return what identifies each of the first instances of a seed."""
    env = subject.make(**more)
    stream = []
    for place in range(_LENGTH):
        env.reset(seed=seed if place == 0 else None)
        stream.append(_identity(env))
    return stream


def _identity(env: Any) -> bytes:
    if env.instance_hidden:
        return pickle.dumps({name: value for name, value in vars(env).items() if name not in _ENGINE})
    return repr(seen(env)).encode("utf-8", "surrogatepass")


def _refuse_shifted(one: list[bytes], other: list[bytes], whose: str) -> None:
    if len(set(one)) == 1:
        return
    for shift in _SHIFTS:
        ahead, behind = (one[shift:], other) if shift >= 0 else (one, other[-shift:])
        if all(a == b for a, b in zip(ahead, behind, strict=False)):
            raise Failed(f"{whose} give the same instances in the same order, shifted by {shift}.")


def _shared(streams: Collection[list[bytes]]) -> int:
    """Count the instances that more than one of the streams has."""
    distinct = [item for stream in streams for item in set(stream)]
    return len(distinct) - len(set(distinct))
