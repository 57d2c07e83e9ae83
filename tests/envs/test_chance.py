import copy
import pickle
from collections import Counter

import pytest

from syllogym.envs.chance import Dice, key_of, mix


def dice(seed: int, episode: int = 0) -> Dice:
    made = Dice()
    made.restart(mix(key_of(str(seed))), episode)
    return made


def chi_square(counts: Counter[int], faces: int, throws: int) -> float:
    expected = throws / faces
    return sum((counts[face] - expected) ** 2 / expected for face in range(faces))


def test_throws_are_uniform() -> None:
    thrown = dice(1)
    counts = Counter(thrown.randint(0, 9) for _ in range(20_000))
    assert chi_square(counts, 10, 20_000) < 27.9  # 99.9 % quantile for 9 degrees of freedom


def test_first_throws_of_neighbouring_seeds_are_uniform() -> None:
    counts = Counter(dice(seed).randint(0, 9) for seed in range(5_000))
    assert chi_square(counts, 10, 5_000) < 27.9


def test_first_throws_of_consecutive_episodes_are_uniform() -> None:
    counts = Counter(dice(1, episode).randint(0, 9) for episode in range(5_000))
    assert chi_square(counts, 10, 5_000) < 27.9


def test_consecutive_throws_are_independent() -> None:
    thrown = dice(2)
    pairs = Counter(thrown.randint(0, 3) * 4 + thrown.randint(0, 3) for _ in range(16_000))
    assert chi_square(pairs, 16, 16_000) < 37.7  # 99.9 % quantile for 15 degrees of freedom


def test_streams_of_neighbouring_seeds_and_episodes_share_nothing() -> None:
    streams = [dice(seed, episode) for seed in range(20) for episode in range(20)]
    drawn = [stream.getrandbits(64) for stream in streams for _ in range(20)]
    assert len(set(drawn)) == len(drawn)


def test_bits_of_any_width_fill_their_range() -> None:
    thrown = dice(3)
    assert max(thrown.getrandbits(130) for _ in range(100)).bit_length() in (128, 129, 130)


def test_a_range_wider_than_32_bits_is_covered() -> None:
    thrown = dice(4)
    assert max(thrown.randint(0, 10**30) for _ in range(200)) > 9 * 10**29


def test_randint_includes_both_ends() -> None:
    thrown = dice(5)
    assert {thrown.randint(-1, 1) for _ in range(100)} == {-1, 0, 1}


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="no integer between"):
        dice(6).randint(2, 1)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda thrown: pickle.loads(pickle.dumps(thrown))])
def test_a_copy_goes_on_with_the_same_stream(copied: object) -> None:
    thrown = dice(7)
    thrown.gauss(0, 1)  # leaves a second Gaussian behind, which the copy must have too
    twin = copied(thrown)  # type: ignore[operator]
    assert [twin.gauss(0, 1), twin.random()] == [thrown.gauss(0, 1), thrown.random()]
