from typing import Any

import pytest

import syllogym as sg


def begin(seed: int = 0, **options: Any) -> Any:
    env = sg.make("math/column_addition", **options)
    env.reset(seed=seed)
    return env


def add_last_column(prompt: str) -> str:
    left, right, carry = prompt.rstrip("=").split("+")
    return f"{int(left[-1]) + int(right[-1]) + int(carry):02d}"


@pytest.mark.parametrize("digits", [2, 3, 4])
def test_the_latest_prompt_alone_is_enough_to_earn_the_sum(digits: int) -> None:
    env = begin(digits=digits)
    for seed in range(100):
        prompt, _ = env.reset(seed=seed)
        rewards = []
        while not env.over:
            prompt, reward, *_ = env.step(add_last_column(prompt))
            rewards.append(reward)
        assert rewards == [0.0] * (digits - 1) + [1.0]


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_one_wrong_column_spoils_the_sum_and_is_not_told_before_the_end(turn: int) -> None:
    env = begin()
    while not env.over:
        said = env.solve()
        wrong = said[0] + str((int(said[1]) + 1) % 10)
        _, reward, terminated, _, _ = env.step(wrong if env.turn == turn else said)
    assert (env.turn, reward, terminated) == (3, 0.0, True)


def test_what_the_agent_carries_is_what_it_is_shown() -> None:
    env = begin()
    left, right, _ = env.observe("agent").split("+")
    assert env.step("15")[0] == f"{left[:-1]}+{right[:-1]}+1="


@pytest.mark.parametrize("reply", ["", "7", "29", "012", "1 2", "\u0661\u0662", "1e", "-1"])
def test_a_reply_that_is_no_carry_and_digit_ends_the_episode(reply: str) -> None:
    assert begin().step(reply)[1:4] == (0.0, True, False)
