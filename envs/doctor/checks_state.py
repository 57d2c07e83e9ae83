"""Does an episode depend on anything but its seed, options and replies, such as the episodes before or beside it?"""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from typing import Any

from syllogym.envs.doctor.play import Subject, begun, episode, first_difference, go_on, mixed, whole
from syllogym.envs.doctor.report import Failed

_SEEDS = (11, 12, 13, 14)


def reset_hygiene(subject: Subject) -> str:
    """A used environment plays an episode as a new one does, whether the last one was finished or left."""
    used = subject.make()
    for seed in _SEEDS:
        fresh = whole(subject.make(), seed, mixed(seed))
        whole(used, seed + 100, mixed(seed))
        begun(used, seed + 200, mixed(seed))
        if difference := first_difference(fresh, whole(used, seed, mixed(seed))):
            raise Failed(f"seed {seed} gives a used environment another episode than a new one: {difference}.")
    return ""


def interleaving(subject: Subject) -> str:
    """Episodes that run side by side are the same as those that run alone."""
    alone = {seed: whole(subject.make(), seed, mixed(seed)) for seed in _SEEDS}
    running = {seed: episode(subject.make(), seed, mixed(seed)) for seed in _SEEDS}
    beside: dict[int, list[str]] = {seed: [] for seed in _SEEDS}
    order = random.Random(0)
    while running:
        seed = order.choice(sorted(running))
        turn = next(running[seed], None)
        if turn is None:
            del running[seed]
        else:
            beside[seed].append(turn)
    for seed in _SEEDS:
        if difference := first_difference(alone[seed], beside[seed]):
            raise Failed(f"seed {seed} goes another way when other episodes run beside it: {difference}.")
    return ""


def fork(subject: Subject) -> str:
    """A fork goes on as the original would, and leaves the original alone."""
    return _copies_go_on(subject, lambda env: env.fork(), "fork()")


def snapshot(subject: Subject) -> str:
    """A new environment restored from a snapshot goes on as the original would."""

    def restored(env: Any) -> Any:
        twin = subject.make()
        twin.restore(env.snapshot())
        return twin

    return _copies_go_on(subject, restored, "restore(snapshot())")


def pickles(subject: Subject) -> str:
    """A pickled environment goes on as the original would, so that it can move between processes."""
    pickle.loads(pickle.dumps(subject.make()))
    return _copies_go_on(subject, lambda env: pickle.loads(pickle.dumps(env)), "pickling")


def _copies_go_on(subject: Subject, copy: Callable[[Any], Any], how: str) -> str:
    for seed in _SEEDS:
        straight = list(go_on(begun(subject.make(), seed, mixed(seed)), mixed(0), 20))
        env = begun(subject.make(), seed, mixed(seed))
        twin = copy(env)
        # Both go on into the next episode, so that the chance they carry is compared too.
        plays = [[*go_on(each, mixed(0), 20), *whole(each, None, mixed(1))] for each in (twin, env)]
        if difference := first_difference(plays[0], plays[1]):
            raise Failed(f"after {how} in seed {seed} the copy and the original part: {difference}.")
        if difference := first_difference(straight, plays[1][: len(straight)]):
            raise Failed(f"{how} in seed {seed} changed the original: {difference}.")
    return ""
