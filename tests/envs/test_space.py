import pytest

from syllogym.envs.space import Text


@pytest.mark.parametrize("text", ["", "π ≈ 3", "日本語\n", "\x00", "🦉"])
def test_any_unicode_is_in_the_space(text: str) -> None:
    assert text in Text()


def test_a_text_that_is_too_long_is_not_in_the_space() -> None:
    assert "abcd" not in Text(3)


def test_bytes_are_not_in_the_space() -> None:
    assert b"a" not in Text()


def test_samples_are_in_the_space() -> None:
    space = Text(4, seed=0)
    assert all(space.sample() in space for _ in range(100))


def test_the_same_seed_gives_the_same_samples() -> None:
    one, other = Text(seed=3), Text(seed=3)
    assert [one.sample() for _ in range(5)] == [other.sample() for _ in range(5)]


def test_spaces_are_equal_when_they_hold_the_same_texts() -> None:
    assert Text(5) == Text(5) != Text(6)
