"""Is it read who solves which step, and is what is wrong told?"""

from __future__ import annotations

from syllogym.envs.routing.allocation import every, in_letters, in_lines, read_allocation, read_letters

MODELS = ("small", "large")


def test_lines_are_read_and_other_text_left_alone() -> None:
    assert read_allocation("I think:\n1: small\n step 2: large \n", 2, MODELS) == (("small", "large"), ())


def test_of_two_lines_for_a_step_the_later_counts() -> None:
    assert read_allocation("1: small\n1: large", 1, MODELS).models == ("large",)


def test_an_unknown_model_leaves_its_step_without_one_and_is_named() -> None:
    models, wrong = read_allocation("1: smal\n2: large", 2, MODELS)
    assert models == (None, "large") and wrong == ("There is no model 'smal'. Did you mean small?",)


def test_steps_that_are_missing_or_too_many_are_told() -> None:
    assert read_allocation("2: small\n9: large", 2, MODELS).wrong == (
        "There is no step 9.",
        "Nobody was named for step 1.",
    )


def test_letters_are_read() -> None:
    assert read_letters("ab\n", 2, MODELS) == (("small", "large"), ())


def test_letters_too_few_too_many_or_unknown_are_told() -> None:
    assert read_letters("a", 2, MODELS) == (("small", None), ("There are 2 steps and 1 letters.",))
    assert read_letters("aba", 2, MODELS).wrong == ("There are 2 steps and 3 letters.",)
    assert read_letters("az", 2, MODELS) == (("small", None), ("There is no model 'z'.",))


def test_what_is_written_is_read_again() -> None:
    chosen = ("large", "small")
    assert read_letters(in_letters(chosen, MODELS), 2, MODELS).models == chosen
    assert read_allocation(in_lines(chosen), 2, MODELS).models == chosen


def test_every_allocation_is_listed() -> None:
    assert list(every(2, MODELS)) == ["aa", "ab", "ba", "bb"]
