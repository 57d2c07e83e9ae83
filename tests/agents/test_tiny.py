"""Is a policy made from nothing sound: any text fits, and the seed says which weights?"""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.tiny import SPECIAL, byte_tokenizer, tiny_model
from syllogym.errors import UserError

TOKENIZER = byte_tokenizer()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_its_tokens(text: str) -> None:
    ids = TOKENIZER.encode(text, add_special_tokens=False)
    assert TOKENIZER.decode(ids, skip_special_tokens=False) == text


def test_a_byte_is_a_token() -> None:
    assert len(TOKENIZER) == 256 + len(SPECIAL)
    assert len(TOKENIZER.encode("é9", add_special_tokens=False)) == 3


@pytest.mark.parametrize(
    ("thinks", "opened"), [({}, ""), ({"enable_thinking": True}, ""), ({"enable_thinking": False}, "<think></think>")]
)
def test_where_it_shall_not_think_it_is_asked_with_an_empty_thought(thinks: dict[str, bool], opened: str) -> None:
    asked = TOKENIZER.apply_chat_template(
        [{"role": "user", "content": "?"}], tokenize=False, add_generation_prompt=True, **thinks
    )
    assert asked == f"<user>?<assistant>{opened}"


@pytest.mark.parametrize("family", ["qwen3", "llama"])
def test_the_seed_determines_the_weights_and_the_global_chance_is_untouched(family: str) -> None:
    before = torch.get_rng_state()
    one, same, other = (tiny_model(TOKENIZER, seed=s, family=family, layers=1, width=32) for s in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    weights = [model.get_input_embeddings().weight for model in (one, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


@pytest.mark.parametrize(
    ("shape", "words"), [({"family": "bert"}, "qwen3 or llama; not 'bert'"), ({"width": 30}, r"policy\.width \(30\)")]
)
def test_shapes_that_cannot_be_are_refused(shape: dict[str, int], words: str) -> None:
    with pytest.raises(UserError, match=words):
        tiny_model(TOKENIZER, seed=0, **shape)
