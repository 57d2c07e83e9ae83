"""Are tokens drawn as often as they should be, each row by its own chance and settings?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from syllogym.agents.engines.sampling import Rules, Sampling, draw, uniforms
from syllogym.errors import UserError

CPU = torch.device("cpu")
PROBS = (0.1, 0.0, 0.4, 0.2, 0.3, 0.0)


def logits_of(probs: tuple[float, ...], rows: int = 1) -> Tensor:
    return torch.tensor(probs).log().expand(rows, -1)


def numbers(count: int) -> Tensor:
    seeds = np.arange(count, dtype=np.uint64)
    return torch.from_numpy(uniforms(seeds, np.zeros(count, np.uint64)))


def shares(probs: tuple[float, ...], sampling: Sampling, rows: int = 20_000) -> Tensor:
    token, _ = draw(logits_of(probs, rows), Rules([sampling] * rows, CPU), numbers(rows))
    return torch.bincount(token, minlength=len(probs)) / rows


def naive(probs: tuple[float, ...], temperature: float, top_k: int, top_p: float, min_p: float) -> list[float]:
    """Shape a distribution the slow way: every rule looks at the whole distribution under the temperature."""
    powers = [p ** (1 / temperature) for p in probs]
    heat = [p / sum(powers) for p in powers]
    ranked = sorted(range(len(probs)), key=lambda at: -heat[at])
    kept = []
    for rank, at in enumerate(ranked):
        before = sum(heat[other] for other in ranked[:rank])
        if rank == 0 or (not (top_k and rank >= top_k) and before < top_p and heat[at] >= min_p * heat[ranked[0]]):
            kept.append(at)
    total = sum(heat[at] for at in kept)
    return [heat[at] / total if at in kept else 0.0 for at in range(len(probs))]


def test_numbers_are_uniform() -> None:
    counts = np.histogram(numbers(20_000).numpy(), bins=20, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 45  # chi-square with 19 degrees of freedom: p = 0.0007


def test_numbers_of_one_reply_are_not_correlated() -> None:
    stream = uniforms(np.full(20_000, 7, np.uint64), np.arange(20_000, dtype=np.uint64))
    assert abs(np.corrcoef(stream[:-1], stream[1:])[0, 1]) < 0.03


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=5), st.integers(0, 1000))
def test_a_rows_number_does_not_depend_on_its_company(seeds: list[int], count: int) -> None:
    together = uniforms(np.array(seeds, np.uint64), np.full(len(seeds), count, np.uint64))
    alone = [uniforms(np.array([seed], np.uint64), np.array([count], np.uint64))[0] for seed in seeds]
    assert together.tolist() == alone


def test_tokens_come_as_often_as_they_are_likely() -> None:
    drawn, wanted = shares(PROBS, Sampling()) * 20_000, torch.tensor(PROBS) * 20_000
    likely = wanted > 0
    assert (drawn[~likely] == 0).all()
    assert ((drawn - wanted)[likely] ** 2 / wanted[likely]).sum() < 17  # 3 degrees of freedom: p = 0.0007


@pytest.mark.parametrize("number", [0.0, 0.1, 0.5, 1 - 2.0**-53])
@pytest.mark.parametrize("probs", [PROBS, (0.0, 1.0, 0.0), (1 / 3, 1 / 3, 1 / 3, 0.0)])
def test_an_impossible_token_is_never_drawn(probs: tuple[float, ...], number: float) -> None:
    token, logprob = draw(logits_of(probs), Rules([Sampling()], CPU), torch.tensor([number], dtype=torch.float64))
    assert probs[int(token)] > 0
    assert logprob.isfinite().all()


@given(st.integers(0, 2**32), st.integers(2, 300))
def test_the_largest_number_finds_a_possible_token(seed: int, vocabulary: int) -> None:
    logits = 5 * torch.randn(1, vocabulary, generator=torch.Generator().manual_seed(seed))
    logits[0, -1] = -torch.inf
    token, _ = draw(logits, Rules([Sampling()], CPU), torch.tensor([1 - 2.0**-53], dtype=torch.float64))
    assert int(token) < vocabulary - 1


@pytest.mark.parametrize(
    "rule",
    [
        {"temperature": 0.5},
        {"temperature": 2.0},
        {"top_k": 2},
        {"top_p": 0.6},
        {"min_p": 0.6},
        {"temperature": 1.5, "top_k": 3, "top_p": 0.7, "min_p": 0.3},
    ],
    ids=str,
)
def test_truncation_and_temperature_match_a_naive_reference(rule: dict[str, Any]) -> None:
    sampling = Sampling(**rule)
    wanted = naive(PROBS, sampling.temperature, sampling.top_k, sampling.top_p, sampling.min_p)
    token, logprob = draw(logits_of(PROBS, 500), Rules([sampling] * 500, CPU), numbers(500))
    assert {at for at, p in enumerate(wanted) if p} == set(token.tolist())
    torch.testing.assert_close(logprob.exp(), torch.tensor(wanted)[token])


def test_temperature_zero_takes_the_likeliest_token() -> None:
    assert shares(PROBS, Sampling(temperature=0)).tolist() == [0, 0, 1, 0, 0, 0]


def test_every_row_has_settings_of_its_own() -> None:
    settings = [Sampling(temperature=0), Sampling(top_k=1), Sampling()]
    token, logprob = draw(logits_of(PROBS, 3), Rules(settings, CPU), torch.tensor([0.0, 0.9, 0.0], dtype=torch.float64))
    assert token.tolist() == [2, 2, 0]
    torch.testing.assert_close(logprob.exp(), torch.tensor([0.4, 1.0, 0.1]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_tokens", 0),
        ("temperature", -1.0),
        ("top_k", -1),
        ("top_p", 0.0),
        ("min_p", 1.0),
        ("stop", ("a", "")),
        ("stop", "a"),
        ("stop_ids", (-1,)),
    ],
    ids=str,
)
def test_settings_that_mean_nothing_are_refused(name: str, value: Any) -> None:
    with pytest.raises(UserError, match=rf"sampling\.{name}"):
        Sampling(**{name: value})
