"""Are the numbers a researcher watches the means over the whole step, right by hand?"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.watch import Watch, covariance, effective_sample_size
from tests.algorithms.flat import batch_of


def batch(ratios: list[float], engine: list[float]) -> tuple[Scores, Batch]:
    """Return a sequence whose tokens have these ratios to the proximal policy, which gave each a half."""
    proximal = torch.full((len(ratios),), math.log(0.5))
    part = batch_of([[1] * len(ratios)], proximal=[proximal.tolist()])
    part.engine = torch.tensor(engine, dtype=torch.float64)
    return Scores(proximal + torch.tensor(ratios).log(), torch.arange(float(len(ratios)))), part


def report(
    ratios: list[float],
    advantage: list[float],
    clip_range: tuple[float, float] | None = (0.2, 0.3),
    engine: list[float] | None = None,
    weight: list[float] | None = None,
) -> dict[str, float]:
    watch = Watch(clip_range)
    look(watch, ratios, advantage, engine or [math.log(0.5)] * len(ratios), weight)
    return watch.report()


def look(
    watch: Watch,
    ratios: list[float],
    advantage: list[float],
    engine: list[float],
    weight: list[float] | None = None,
    first: int = 0,
) -> None:
    scores, part = batch(ratios, engine)
    scores.entropy += first
    watch.see(scores, part, torch.tensor(advantage), torch.tensor(ratios), torch.tensor(weight or [1.0] * len(ratios)))


def test_a_token_counts_as_clipped_where_clipping_takes_its_gradient() -> None:
    found = report([0.7, 0.7, 1.25, 1.4, 1.4], [-1.0, 1.0, 1.0, 1.0, -1.0])
    assert [found[name] for name in ("clip_low", "clip_high", "clip_fraction")] == pytest.approx([0.2, 0.2, 0.4])


def test_a_method_that_clips_nothing_reports_no_clip_fraction() -> None:
    assert not {"clip_low", "clip_high", "clip_fraction"} & report([5.0], [1.0], None).keys()


def test_an_engine_that_agrees_has_no_gap_and_every_sample_counts() -> None:
    found = report([1.0, 1.0], [1.0, 1.0])
    names = ("engine_gap", "engine_gap_max", "effective_sample_size")
    assert [found[name] for name in names] == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)


def test_tokens_whose_engine_told_nothing_are_left_out_of_the_gap() -> None:
    found = report([1.0, 1.0, 1.0], [1.0] * 3, engine=[math.log(0.25), math.nan, math.log(0.5)])
    assert found["engine_gap"] == pytest.approx(math.log(2) / 2)
    assert found["effective_sample_size"] == pytest.approx(1.5**2 / 2.5)


def test_demonstrations_have_no_engine_to_compare_with() -> None:
    assert (
        not {"engine_gap", "engine_gap_max", "effective_sample_size"} & report([1.0], [1.0], engine=[math.nan]).keys()
    )


def test_the_divergence_of_the_engine_and_the_largest_weight_by_hand() -> None:
    # weights 2 and 1: w - 1 - log w is 1 - log 2 and 0
    found = report([1.0, 1.0], [1.0, 1.0], engine=[math.log(0.25), math.log(0.5)])
    assert found["engine_kl"] == pytest.approx((1 - math.log(2)) / 2)
    assert found["engine_weight_max"] == pytest.approx(2.0)


def test_tokens_that_the_correction_leaves_out_are_counted() -> None:
    assert report([1.0] * 4, [1.0] * 4, weight=[0.0, 1.0, 0.5, 1.0])["engine_masked"] == 0.25


def test_tokens_whose_weight_the_correction_lowers_are_counted() -> None:
    watch = Watch(None, ceiling=2.0)
    look(watch, [1.0] * 4, [1.0] * 4, [math.log(0.5)] * 4, weight=[2.0, 1.0, 1.5, 2.0])
    assert watch.report()["engine_truncated"] == 0.5
    assert "engine_truncated" not in report([1.0], [1.0])


def test_micro_batches_add_up_to_the_whole_step() -> None:
    whole, cut = Watch((0.2, 0.2)), Watch((0.2, 0.2))
    ratios, engine, advantage = [0.5, 1.0, 1.5], [-1.0, -0.7, -0.2], [-1.0, 1.0, 1.0]
    look(whole, ratios, advantage, engine)
    for at in range(3):
        look(cut, ratios[at : at + 1], advantage[at : at + 1], engine[at : at + 1], first=at)
    assert cut.report() == pytest.approx(whole.report())


def test_entropy_falls_by_the_rate_times_the_covariance(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("entropy_covariance_theorem")
    logprobs = torch.tensor(case["inputs"]["logits"], dtype=torch.float64).log_softmax(-1)
    probs, value = logprobs.exp(), torch.tensor(case["inputs"]["Q"], dtype=torch.float64)
    advantage = value - (probs * value).sum()
    changes = [-case["params"]["eta"] * covariance(logprobs, gain, probs) for gain in (probs * advantage, advantage)]
    expected = [case["expected"][f"dH_{name}_predicted"] for name in ("pg", "npg")]
    assert changes == pytest.approx(expected, abs=case["tol"])


def test_the_report_has_the_covariance_over_all_tokens() -> None:
    found = report([0.5, 1.0, 2.0], [-1.0, 0.0, 1.0])
    assert found["entropy_covariance"] == pytest.approx(2 * math.log(2) / 3, abs=1e-6)


@pytest.mark.parametrize(("weights", "share"), [([2.0, 2.0], 1.0), ([0.0, 0.0, 0.0, 1.0], 0.25), ([1.0, 3.0], 0.8)])
def test_the_effective_sample_size_is_the_share_that_counts(weights: list[float], share: float) -> None:
    assert effective_sample_size(torch.tensor(weights)) == pytest.approx(share)
