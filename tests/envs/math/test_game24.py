from itertools import combinations_with_replacement

import pytest

import syllogym as sg
from syllogym.envs.math.expression import evaluate
from syllogym.envs.math.game24 import find_way


def test_1362_of_the_1820_hands_up_to_13_are_solvable() -> None:
    hands = list(combinations_with_replacement(range(1, 14), 4))
    assert (len(hands), sum(find_way(hand, 24) is not None for hand in hands)) == (1820, 1362)


@pytest.mark.parametrize("hand", [(3, 3, 8, 8), (1, 3, 4, 6), (1, 5, 5, 5), (4, 4, 10, 10)])
def test_hands_that_need_fractions_or_luck_are_solved(hand: tuple[int, ...]) -> None:
    value, numbers = evaluate(find_way(hand, 24) or "")
    assert value == 24 and sorted(numbers) == list(hand)


@pytest.mark.parametrize("hand", [(1, 1, 1, 1), (1, 1, 1, 2), (13, 13, 13, 13)])
def test_a_hand_without_a_solution_has_none(hand: tuple[int, ...]) -> None:
    assert find_way(hand, 24) is None


def test_the_box_may_hold_another_way_than_the_known_one() -> None:
    env = sg.make("math/game24")
    env.reset(seed=1)
    assert env.answer.numbers == (2, 4, 4, 7)
    assert env.step("\\boxed{4 \\times (7 - 4) \\times 2}")[1] == 1.0
