import random

import pytest

from syllogym.envs.selection.rules import draw_examples, induce


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        (["red 4 -> 11", "red 5 -> 13"], "23"),  # y = 2x + 3 and nothing else
        (["red 4 -> 11"], "17"),  # y = x + 7 is the smallest of several
        (["red 4 -> 11", "blue 5 -> 6"], "17"),  # blue says nothing of red
        (["blue 5 -> 6"], "11"),  # nothing else to go by: y = x + 1
        (["red 4 -> 11", "red 5 -> 13", "red 6 -> 6"], "23"),  # two against one
        (["red 20 -> 3"], "?"),  # no rule makes 3 of 20
        ([], "?"),
    ],
)
def test_the_smallest_rule_that_explains_most_of_the_questions_kind_answers(shown: list[str], answer: str) -> None:
    assert induce(shown, "red 10 -> ?") == answer


def test_two_examples_of_a_kind_always_give_its_rule_away() -> None:
    for seed in range(200):
        asked, *shown = draw_examples(random.Random(seed), count=3, kinds=1)
        assert induce(list(map(str, shown)), asked.question) == str(asked.answer)


def test_kinds_share_the_examples_evenly() -> None:
    examples = draw_examples(random.Random(0), count=9, kinds=3)
    kinds = [example.kind for example in examples]
    assert [kinds.count(kind) for kind in kinds[:3]] == [3, 3, 3]
    assert len(set(examples)) == 9
