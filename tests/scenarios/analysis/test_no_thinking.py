"""Is a reply really begun for the policy, and are thoughts compared with none at equal tokens?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from syllogym.agents.chat import ChatFormat
from syllogym.agents.tiny import byte_tokenizer
from syllogym.scenarios.analysis.no_thinking import closed_thought, compare_thinking
from syllogym.scenarios.analysis.tries import Tries, try_often
from syllogym.scenarios.build import make_policies
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from tests.agents.models import tokenizer_of

_TURNS = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"


def chat(template: str) -> ChatFormat:
    return ChatFormat(tokenizer_of(template, ("<eos>",), "<eos>"))


def test_a_template_with_think_blocks_gets_a_closed_one() -> None:
    known = _TURNS + "{% if add_generation_prompt %}<assistant>{% endif %}{# <think> #}"
    assert closed_thought(chat(known)) == "<think>\n\n</think>\n\n"


def test_a_block_that_the_template_opens_itself_is_only_closed() -> None:
    opening = _TURNS + "{% if add_generation_prompt %}<assistant><think>\n{% endif %}"
    assert closed_thought(chat(opening)) == "\n\n</think>\n\n"


def test_a_template_without_think_blocks_gets_nothing() -> None:
    assert closed_thought(ChatFormat(byte_tokenizer())) is None


def test_every_reply_begins_with_the_prefill_which_is_not_counted_as_sampled(finished: Path) -> None:
    scenario, _ = load(str(finished / "scenario.yaml"), Scenario)
    policies = make_policies(scenario, critic=False, path=finished / "model")
    begun = policies["policy"].chat.encode("2")
    steps = [step for episode in try_often(scenario, policies, 2, 2, "2").episodes for step in episode.steps]
    assert all(step.reply.startswith("2") and step.prompt_ids[-1:] == begun for step in steps)
    assert all(len(step.logprobs) == len(step.token_ids) <= scenario.sampling.max_tokens for step in steps)


def tries(correct: list[int], tokens: int) -> Tries:
    """Four tries of each instance, so many of them right, all of one length."""
    instance = np.repeat(np.arange(len(correct)), 4)
    right = np.concatenate([np.arange(4) < some for some in correct])
    return Tries([], instance, right, right.astype(float), np.full(len(right), tokens), len(correct))


@pytest.mark.parametrize(
    ("tokens", "budget", "at_budget"), [(10, 3, 0.875), (20, 1, 0.375), (90, 1, 0.375), (1, 4, 1.0)]
)
def test_tokens_saved_are_spent_on_more_tries(tokens: int, budget: int, at_budget: float) -> None:
    found = compare_thinking("#", tries([4, 2], 30), tries([2, 1], tokens))
    assert (found.thinking.mean, found.answering.mean) == ([0.75], [0.375])
    assert found.budget == budget
    assert found.at_budget.mean == [pytest.approx(at_budget)]
