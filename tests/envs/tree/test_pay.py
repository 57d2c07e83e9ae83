"""Does shaping by a potential leave it as it was which policy is best? Whatever is done, it adds up to -F(start)."""

from __future__ import annotations

import random

import pytest

import syllogym as sg
from syllogym.envs.tree.actions import Expand, Propose, written
from syllogym.errors import UserError


def actions(seed: int) -> list[str]:
    """Actions of a policy without a plan, some of them not allowed."""
    dice = random.Random(seed)
    kinds = [
        '<expand node="{}" k="2"/>',
        '<evaluate node="{}"/>',
        '<backtrack to="{}"/>',
        '<backtrack to="{}" prune="1"/>',
    ]
    said = [dice.choice(kinds).format(dice.randrange(6)) for _ in range(12)]
    return [*said, dice.choice(["<answer>0</answer>", '<answer node="1"/>', "<answer>nothing</answer>", "nonsense"])]


def discounted(potential: str, discount: float, seed: int) -> tuple[float, float]:
    """The discounted return of those actions, and the potential of the beginning."""
    env = sg.make("tree/search", potential=potential, discount=discount, max_turns=13, node_cost=0.01)
    env.reset(seed=seed)
    begins = env.account._potential
    total, weight = 0.0, 1.0
    for action in actions(seed):
        total += weight * env.step(action)[1]
        weight *= discount
        if env.over:
            break
    assert env.over
    return total, begins


@pytest.mark.parametrize("discount", [1.0, 0.9])
@pytest.mark.parametrize("potential", ["promise", "value"])
@pytest.mark.parametrize("seed", range(6))
def test_shaping_takes_the_same_from_every_policy(potential: str, discount: float, seed: int) -> None:
    plain, _ = discounted("none", discount, seed)
    shaped, begins = discounted(potential, discount, seed)
    assert shaped == pytest.approx(plain - begins)


def test_shaping_pays_at_once_for_coming_back_from_a_dead_end() -> None:
    env = sg.make("tree/search", potential="promise")
    env.reset(seed=3)
    task = env.session.task
    dead = next(move for move in task.moves(task.root()) if not task.promise(task.step(task.root(), move)))
    assert env.step(written(Propose(dead, 0)))[1] == -1.0
    assert env.step('<backtrack to="0"/>')[1] == 1.0
    assert env.step(written(Expand(0, 1)))[1] == 0.0


def test_an_unknown_potential_is_refused() -> None:
    with pytest.raises(UserError, match="Did you mean promise"):
        sg.make("tree/search", potential="promises").reset(seed=0)
