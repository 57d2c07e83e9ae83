import re

import pytest

import syllogym as sg

NUMBER = re.compile(r"\d+")


def follow(story: str) -> int:
    """Follow a story sentence by sentence, knowing only its words."""
    count = 0
    for sentence in re.split(r"(?<=[.?]) ", story):
        numbers = [int(n) for n in NUMBER.findall(sentence)]
        if re.match(r"\w+ has \d+ \w+\.$", sentence):
            count = numbers[0]
        elif "buys" in sentence:
            count += numbers[0]
        elif "bags" in sentence:
            count += numbers[0] * numbers[1]
        elif "as many" in sentence:
            count *= 2
        elif re.match(r"\w+ gives \d+", sentence):
            count -= numbers[0]
        elif "piles" in sentence:
            assert count % numbers[0] == 0
            count //= numbers[0]
    return count


@pytest.mark.parametrize("steps", [2, 3, 4, 5])
@pytest.mark.parametrize("distractors", [0, 3])
def test_the_answer_is_where_the_story_leads(steps: int, distractors: int) -> None:
    env = sg.make("math/word_problem", steps=steps, distractors=distractors)
    for seed in range(150):
        story = env.reset(seed=seed)[0].splitlines()[0]
        assert env.answer == follow(story) > 0
        assert len(re.findall(r"[.?]", story)) == 2 + steps + distractors


def test_no_name_is_left_unfilled() -> None:
    env = sg.make("math/word_problem", steps=5, distractors=5)
    assert not any(set("{}") & set(env.reset(seed=seed)[0].splitlines()[0]) for seed in range(100))
