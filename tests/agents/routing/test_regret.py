"""Is the regret of a recorded delegation what the environment says it is?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.agents.oracle import Oracle
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.routing.regret import random_regret, regret_of
from syllogym.agents.silent import Silent
from syllogym.envs import make
from syllogym.errors import UserError

OPTIONS: dict[str, Any] = {"form": "short", "pay": "budget", "budget": 1e-3, "weight": 0.5}


def test_the_reference_solver_regrets_nothing() -> None:
    (episode,) = Rollouts({"*": Oracle()}).run([Task("routing/delegation", 3, OPTIONS)])
    assert regret_of(episode) == episode.counts["regret"] == pytest.approx(0.0)


def test_who_says_nothing_regrets_all_that_could_be_earned() -> None:
    (episode,) = Rollouts({"*": Silent()}).run([Task("routing/delegation", 3, OPTIONS)])
    env = make("routing/delegation", **OPTIONS)
    env.reset(seed=3)
    assert regret_of(episode) == episode.counts["regret"] == env.best()


def test_a_random_router_regrets_something() -> None:
    assert 0.1 < random_regret(OPTIONS, range(20)) < 1.0


def test_regret_of_another_task_is_not_known() -> None:
    options = {"task": "math/arithmetic"}
    (episode,) = Rollouts({"*": Oracle()}).run([Task("routing/delegation", 3, options)])
    with pytest.raises(UserError, match="known only of sums"):
        regret_of(episode)
