"""Does a packed model give its own logits and gradients, and is nothing computed twice?"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from syllogym.agents.packed import Packed, packs
from tests.agents.models import model_of, policy_of

PACKED = ["llama", "qwen2", "qwen3", "mistral", "gpt2", "llama-mlp-bias"]
SEQUENCES = [
    torch.tensor(ids, dtype=torch.long) for ids in ([5, 6, 7, 8], [9], [5, 6, 8, 9, 3, 0], [5, 6, 7, 8], [5, 6], [])
]
CPU = torch.device("cpu")


def logits_of(model: Any, packed: bool) -> Tensor:
    """Return logits (all tokens, V) of the sequences, one after the other."""
    if packed:
        rows = Packed.of(SEQUENCES, CPU)
        logits = rows.run(model).logits[0]
        return torch.cat([logits[number[: len(ids)]] for number, ids in zip(rows.number, SEQUENCES, strict=True)])
    return torch.cat([model(input_ids=ids[None], use_cache=False).logits[0] for ids in SEQUENCES if len(ids)])


def gradient(model: Any, packed: bool) -> Tensor:
    logits = logits_of(model, packed)
    weight = torch.randn(logits.shape, dtype=logits.dtype, generator=torch.Generator().manual_seed(0))
    model.zero_grad()
    (weight * logits.log_softmax(-1)).mean().backward()  # type: ignore[no-untyped-call]
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters()])


@pytest.mark.parametrize("family", PACKED)
def test_packed_logits_are_the_models_own(family: str) -> None:
    model = model_of(family)
    assert packs(model)
    torch.testing.assert_close(logits_of(model, True), logits_of(model, False), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("family", PACKED)
def test_packed_gradients_are_the_models_own(family: str) -> None:
    model = model_of(family).double()
    exact = family == "gpt2"  # the others normalise and rotate in single precision, whatever their weights have
    close = {"rtol": 1e-9, "atol": 1e-12} if exact else {"rtol": 1e-5, "atol": 1e-7}
    torch.testing.assert_close(gradient(model, True), gradient(model, False), **close)


def test_packed_gradients_agree_in_single_precision() -> None:
    model = model_of("qwen3")
    torch.testing.assert_close(gradient(model, True), gradient(model, False), rtol=1e-4, atol=1e-6)


@given(st.lists(st.lists(st.integers(0, 2), max_size=5), min_size=1, max_size=8))
def test_every_distinct_context_is_one_token(texts: list[list[int]]) -> None:
    packed = Packed.of([torch.tensor(ids, dtype=torch.long) for ids in texts], CPU)
    contexts = [tuple(ids[: end + 1]) for ids in texts for end in range(len(ids))]
    number = [int(n) for row, ids in zip(packed.number, texts, strict=True) for n in row[: len(ids)]]
    assert len(packed.ids) == len(set(contexts))
    assert len({*zip(contexts, number, strict=True)}) == len(set(contexts)) == len(set(number))
    assert packed.ids[number].tolist() == [context[-1] for context in contexts]
    assert packed.place[number].tolist() == [len(context) - 1 for context in contexts]
    assert packed.number.flatten()[packed.first].tolist() == list(range(len(packed.ids)))


@pytest.mark.parametrize("family", ["gemma2", "mistral-sliding"])
def test_a_model_that_does_not_attend_to_everything_before_is_not_packed(family: str) -> None:
    assert not packs(model_of(family))


def test_a_packed_model_keeps_its_own_attention_for_others() -> None:
    model = model_of("qwen3")
    before = model.config._attn_implementation
    Packed.of(SEQUENCES, CPU).run(model)
    assert model.config._attn_implementation == before


def test_scores_of_replies_to_one_prompt_are_those_of_each_alone() -> None:
    policy = policy_of()
    row, position = torch.tensor([0, 0, 2, 2, 3]), torch.tensor([2, 3, 2, 5, 1])
    together = policy.score(SEQUENCES, row, position).logprobs
    alone = [
        policy.score([SEQUENCES[r]], torch.tensor([0]), torch.tensor([p])).logprobs
        for r, p in zip(row, position, strict=True)
    ]
    torch.testing.assert_close(together, torch.cat(alone), rtol=1e-4, atol=1e-5)
