"""Do importance weights repair what an engine of other numbers than the learner's does to the gradient?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.corrections import Correction, Kind, engine_gap
from syllogym.algorithms.core.losses import token_ratio
from syllogym.algorithms.core.watch import effective_sample_size
from syllogym.errors import UserError
from tests.algorithms.flat import batch_of, flat

Vector = Callable[[str], dict[str, Any]]


def batch_between(proximal: Any, engine: Any, mask: Any) -> Batch:
    return batch_of(mask, proximal=proximal, engine=engine)


def weights(batch: Batch, advantage: Tensor | None = None, **settings: Any) -> Tensor:
    assert batch.proximal is not None
    return Correction(**settings).weights(
        batch.proximal, batch, torch.ones_like(batch.proximal) if advantage is None else advantage
    )


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("token_ratio", {"kind": "token-truncate", "high": 1e9}),
        ("token_tis", {"kind": "token-truncate", "high": "C"}),
        ("token_mis", {"kind": "token-mask", "high": "C"}),
        ("seq_tis", {"kind": "sequence-truncate", "high": "C"}),
        ("seq_mis_C3", {"kind": "sequence-mask", "high": "C_seq_mask"}),
        ("icepop", {"kind": "token-mask", "low": "icepop_lo", "high": "icepop_hi"}),
        ("icepop_band_0.95_2", {"kind": "token-mask", "low": 0.95, "high": 2.0}),
    ],
)
def test_weights_match_the_vector(vector: Vector, key: str, settings: dict[str, Any]) -> None:
    case = vector("tis_mis")
    given, mask = case["inputs"], case["inputs"]["mask"]
    settings = {name: case["params"].get(value, value) for name, value in settings.items()}
    found = weights(batch_between(given["train_logp"], given["rollout_logp"], mask), **settings)
    torch.testing.assert_close(found, flat(case["expected"][key], mask), rtol=case["tol"], atol=case["tol"])


@pytest.mark.parametrize(("kind", "key"), [("sequence", "seq_ratio"), ("geometric", "seq_geo_mean_ratio")])
def test_the_weights_of_sequences_match_the_vector(vector: Vector, kind: str, key: str) -> None:
    case = vector("tis_mis")
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_between(given["train_logp"], given["rollout_logp"], mask)
    found = weights(batch, kind=f"{kind}-truncate", high=1e9)
    torch.testing.assert_close(found, flat(case["expected"][key])[batch.sequence], rtol=case["tol"], atol=case["tol"])


def test_the_effective_sample_size_matches_the_vector(vector: Vector) -> None:
    case = vector("tis_mis")
    given = case["inputs"]
    batch = batch_between(given["train_logp"], given["rollout_logp"], given["mask"])
    found = effective_sample_size(weights(batch, kind="token-truncate", high=case["params"]["C"]))
    assert found == pytest.approx(case["expected"]["ess_token_tis"], abs=case["tol"])


def test_the_mask_of_negative_sequences_matches_the_vector(vector: Vector) -> None:
    case = vector("off_policy_sequence_mask")
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_of(mask, engine=given["sampling_logp"])
    logprobs, advantage = flat(given["logp"], mask), flat(given["advantages"])[batch.sequence]
    found = Correction(kind="negative-mask", high=case["params"]["delta"]).weights(logprobs, batch, advantage)
    assert found.tolist() == flat(case["expected"]["keep"])[batch.sequence].tolist()
    mean = torch.bincount(batch.sequence, -engine_gap(logprobs, batch.engine)) / torch.bincount(batch.sequence)
    torch.testing.assert_close(mean, flat(case["expected"]["mean_kl"]))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_an_engine_that_agrees_needs_no_correction(kind: Kind) -> None:
    logprobs = [[-1.0, -2.0], [-0.5, 0.0]]
    assert (weights(batch_between(logprobs, logprobs, [[1, 1], [1, 0]]), kind=kind) == 1.0).all()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_tokens_the_engine_told_nothing_about_count_as_agreed(kind: Kind) -> None:
    nan = torch.nan
    batch = batch_between([[-1.0, -2.0], [-0.5, -1.0]], [[nan, nan], [nan, nan]], [[1, 1], [1, 1]])
    assert (weights(batch, -torch.ones(4, dtype=torch.float64), kind=kind) == 1.0).all()


def test_the_geometric_mean_is_over_the_tokens_the_engine_told_about() -> None:
    batch = batch_between([[-1.0, -2.0, -1.0]], [[-1.2, torch.nan, -1.4]], [[1, 1, 1]])
    found = weights(batch, kind="geometric-truncate", high=5.0)
    torch.testing.assert_close(found, flat([0.3, 0.3, 0.3]).exp())


def test_a_sequence_without_advantage_over_the_mean_is_left_out_only_when_it_is_far_off() -> None:
    batch = batch_between([[-3.0, -3.0]], [[-1.0, -1.0]], [[1, 1]])
    assert weights(batch, flat([-1.0, 1.0]), kind="negative-mask", high=1.0).tolist() == [0.0, 1.0]


def test_the_weights_do_not_overflow() -> None:
    batch = batch_between([[-0.0] * 50], [[-30.0] * 50], [[1] * 50])
    assert weights(batch, kind="sequence-truncate", high=1e30).isfinite().all()


@pytest.mark.parametrize(("low", "high"), [(-0.1, 2.0), (2.0, 2.0), (0.0, 0.0)])
def test_bounds_the_wrong_way_round_are_refused(low: float, high: float) -> None:
    with pytest.raises(UserError, match="low and high"):
        Correction(kind="token-mask", low=low, high=high)


def gradient_errors(seed: int, arms: int = 50, noise: float = 0.5) -> tuple[float, float, float]:
    """Return how far the expected policy gradient is off, relative to its size: uncorrected, truncated, masked.

    A bandit's arms are drawn by an engine whose logits are noisy, and learnt from by a policy whose are not.
    """
    chance = torch.Generator().manual_seed(seed)
    logits = torch.randn(arms, generator=chance, dtype=torch.float64)
    engine = (logits + noise * torch.randn(arms, generator=chance, dtype=torch.float64)).log_softmax(0)
    reward = torch.randn(arms, generator=chance, dtype=torch.float64)
    policy = logits.log_softmax(0)
    advantage = reward - (policy.exp() * reward).sum()
    batch = batch_between([policy.tolist()], [engine.tolist()], [[1] * arms])

    def gradient(weight: Tensor) -> Tensor:
        share = engine.exp() * weight * advantage
        return share - policy.exp() * share.sum()

    exact = gradient(token_ratio(policy, engine))
    kinds = ("none", "token-truncate", "token-mask")
    errors = [(gradient(weights(batch, kind=kind)) - exact).norm() / exact.norm() for kind in kinds]
    return float(errors[0]), float(errors[1]), float(errors[2])


def test_truncated_weights_remove_most_of_what_the_engine_gets_wrong() -> None:
    none, truncated, masked = torch.tensor([gradient_errors(seed) for seed in range(50)]).median(0).values.tolist()
    assert none > 0.2
    assert truncated < 0.3 * none
    assert truncated < masked < none
