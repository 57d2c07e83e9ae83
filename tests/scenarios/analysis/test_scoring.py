"""Are tokens scored as the policy that sampled them says, and is perplexity what its definition says?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syllogym.algorithms.core.batch import Batch
from syllogym.scenarios.analysis.scoring import Scored, perplexity, reply_perplexities, score_again
from syllogym.scenarios.analysis.tries import try_often
from syllogym.scenarios.build import make_policies
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from tests.algorithms.flat import batch_of


def test_perplexity_agrees_with_the_reference(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("perplexity")
    assert perplexity(case["inputs"]["logps"]) == pytest.approx(case["expected"]["ppl"], abs=case["tol"])


def test_an_even_choice_among_n_tokens_has_perplexity_n() -> None:
    assert perplexity(np.log([0.25, 0.25])) == pytest.approx(4.0)


def test_every_reply_has_a_perplexity_of_its_own() -> None:
    batch = batch_of([[1, 1], [1, 0]])
    scored = Scored(np.log([0.5, 0.125, 0.1]), np.zeros(3))
    assert reply_perplexities(scored, batch) == pytest.approx([4.0, 10.0])


def test_scoring_a_reply_again_gives_the_log_probs_it_was_sampled_with(finished: Path) -> None:
    scenario, _ = load(str(finished / "scenario.yaml"), Scenario, ["sampling.temperature=0.7"])
    policies = make_policies(scenario, critic=False, path=finished / "model")
    batch = Batch.of(try_often(scenario, policies, 3, 4).episodes)
    scored = score_again(policies["policy"], batch, scenario.members["policy"])
    assert scored.logprobs == pytest.approx(batch.engine.numpy(), abs=1e-4)
