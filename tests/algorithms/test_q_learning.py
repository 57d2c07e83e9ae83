"""Are Q-learning and SARSA the methods of their papers?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from syllogym.agents.action_values import Transition
from syllogym.agents.value_table import ValueTable
from syllogym.algorithms.core.value_learner import TableLearner
from syllogym.algorithms.core.value_method import TableMethod
from syllogym.algorithms.q_learning import QLearning
from syllogym.algorithms.sarsa import SARSA
from syllogym.errors import UserError


def learnt(method: TableMethod, case: dict[str, Any]) -> list[list[float]]:
    """Let a method learn the vector's transitions, one after the other; return its table."""
    names = tuple(map(str, range(len(case["inputs"]["Q0"][0]))))
    table = ValueTable()
    for state, row in enumerate(case["inputs"]["Q0"]):
        for name, value in zip(names, row, strict=True):
            table.move(str(state), name, value)
    learner = TableLearner(method, table)
    for state, action, reward, after, then, over in case["inputs"]["transitions"]:
        follows = ("", (), "") if over else (str(after), names, str(then))
        learner.learn(Transition(str(state), names, str(action), reward, *follows))
    return [table.of(str(state), names) for state in range(len(case["inputs"]["Q0"]))]


@pytest.mark.parametrize("key", ["q_learning", "sarsa", "expected_sarsa"])
def test_the_table_matches_the_vector(vector: Callable[[str], dict[str, Any]], key: str) -> None:
    case = vector("q_learning_sarsa")
    alpha, gamma, epsilon = (case["params"][name] for name in ("alpha", "gamma", "expected_sarsa_eps"))
    methods: dict[str, TableMethod] = {
        "q_learning": QLearning(alpha=alpha, gamma=gamma),
        "sarsa": SARSA(alpha=alpha, gamma=gamma),
        "expected_sarsa": SARSA(alpha=alpha, gamma=gamma, expected=True, epsilon=epsilon),
    }
    for row, wanted in zip(learnt(methods[key], case), case["expected"][key], strict=True):
        assert row == pytest.approx(wanted, abs=case["tol"])


def test_a_reply_that_the_next_state_does_not_accept_is_not_its_best() -> None:
    table = ValueTable()
    table.move("next", "illegal", 100.0)
    transition = Transition("s", ("a",), "a", 1.0, "next", ("legal",), "legal")
    assert QLearning().target(table, transition, 0.0) == 1.0


def test_exploration_falls_to_epsilon_and_stays_there() -> None:
    method = QLearning(epsilon=0.1, explore=0.5)
    assert [method.exploration(done) for done in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([1.0, 0.55, 0.1, 0.1])
    assert QLearning(epsilon=0.1).exploration(0.0) == 0.1


@pytest.mark.parametrize("setting", ["gamma", "epsilon", "explore", "alpha"])
def test_a_setting_out_of_range_is_told(setting: str) -> None:
    with pytest.raises(UserError, match=f"{setting} lies between 0 and 1; it is 1.5"):
        QLearning(**{setting: 1.5})
