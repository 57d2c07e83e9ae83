"""Are groups that can no longer matter cancelled, and leaves that no trace in what is returned?"""

from __future__ import annotations

import time
from collections.abc import Sequence

from syllogym import agents
from syllogym.agents.episode import Episode
from syllogym.agents.rollout import Rollouts, Task
from tests.agents.slow_envs import Waiting


def tasks(groups: int, slow: tuple[int, ...] = (), env: str = "waiting") -> list[Task]:
    options = {"bad": tuple(group for group in slow)}
    return [Task(f"test-slow/{env}", group, options, group=group, index=at) for group in range(groups) for at in (0, 1)]


def play(tasks: list[Task], enough: object, **settings: int) -> list[Episode]:
    return Rollouts({"*": agents.get("silent")()}, **settings).run(tasks, enough)  # type: ignore[arg-type]


def test_members_that_wait_are_cancelled_at_once() -> None:
    def first_two(group: int, episodes: Sequence[Episode], left: int) -> list[int]:
        done.append((group, len(episodes), left))
        return [2, 3] if sum(left == 0 for _, _, left in done) == 2 else []

    done: list[tuple[int, int, int]] = []
    began = time.monotonic()
    played = play(tasks(4, slow=(2, 3)), first_two)
    assert [episode.group for episode in played] == [0, 0, 1, 1]
    assert time.monotonic() - began < 10
    assert Waiting.now == 0


def test_members_that_have_not_begun_are_never_begun() -> None:
    asked: list[int] = []

    def only_the_first(group: int, episodes: Sequence[Episode], left: int) -> list[int]:
        asked.append(group)
        return [1, 2, 3] if not left else []

    played = play(tasks(4, env="instant"), only_the_first, live=1)
    assert [episode.group for episode in played] == [0, 0]
    assert asked == [0, 0]


def test_what_a_cancelled_group_had_finished_is_dropped_too() -> None:
    def not_the_first(group: int, episodes: Sequence[Episode], left: int) -> list[int]:
        return [0] if (group, left) == (3, 0) else []

    assert [episode.group for episode in play(tasks(4, env="instant"), not_the_first, live=1)] == [1, 1, 2, 2, 3, 3]


def test_it_is_told_the_finished_episodes_in_the_order_of_their_tasks() -> None:
    seen: dict[int, list[int]] = {}

    def note(group: int, episodes: Sequence[Episode], left: int) -> list[int]:
        seen[group] = [episode.index for episode in episodes]
        return []

    play(tasks(3), note)
    assert seen == {0: [0, 1], 1: [0, 1], 2: [0, 1]}


def test_many_cancellations_one_after_the_other_lose_no_other_episode() -> None:
    def one_by_one(group: int, episodes: Sequence[Episode], left: int) -> list[int]:
        return [group + 1] if group % 2 == 0 else []

    slow = tuple(range(1, 40, 2))
    for live in (3, 80):
        played = play(tasks(40, slow=slow), one_by_one, live=live)
        assert [episode.group for episode in played] == [group for group in range(0, 40, 2) for _ in (0, 1)]
