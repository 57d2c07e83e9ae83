"""Does the fused decoder give the logits of the model it drives?"""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.agents.engines.decoder import Decoder
from tests.agents.models import model_of

DRIVEN = ["llama", "qwen2", "qwen3", "mistral"]
CONTEXTS = [[5, 6, 7], [9], [10, 11, 12, 13, 14, 15], [5, 6, 7]]


def logits_after(model: Any, contexts: list[list[int]]) -> Tensor:
    with torch.inference_mode():
        return torch.stack([model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1] for ids in contexts])


def close(mine: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("family", DRIVEN)
def test_ragged_rows_have_the_models_logits(family: str) -> None:
    model = model_of(family)
    assert Decoder.drives(model)
    decoder, contexts = Decoder(model), [list(ids) for ids in CONTEXTS]
    with torch.inference_mode():
        close(decoder.prefill(contexts), logits_after(model, contexts))
        for token in range(20, 24):
            new = [token + row for row in range(len(contexts))]
            contexts = [[*ids, one] for ids, one in zip(contexts, new, strict=True)]
            close(decoder.step(torch.tensor(new)), logits_after(model, contexts))


def test_rows_of_one_length_have_the_models_logits() -> None:
    model = model_of("qwen3")
    decoder, contexts = Decoder(model), [[5, 6], [7, 8]]
    with torch.inference_mode():
        decoder.prefill(contexts)
        close(decoder.step(torch.tensor([9, 10])), logits_after(model, [[5, 6, 9], [7, 8, 10]]))


LONGER = [[5, 6, 7, 20, 21], [9, 22], [10, 11, 12, 13, 14, 15, 23, 24, 25], [5, 6, 7, 26], [27, 28]]


@pytest.mark.parametrize("family", DRIVEN)
def test_contexts_that_go_on_from_known_ones_have_the_models_logits(family: str) -> None:
    model = model_of(family)
    decoder = Decoder(model)
    with torch.inference_mode():
        decoder.prefill(CONTEXTS)
        begun = [decoder.kept(row, len(ids)).clone() for row, ids in enumerate(CONTEXTS)]
        decoder.drop(range(4))
        decoder.prefill([[1, 2, 3]])
        decoder.reserve(1 + len(LONGER), 9)
        for row, kv in enumerate(begun, 1):
            decoder.put(row, kv)
        close(decoder.prefill(LONGER, [3, 1, 6, 3, 0]), logits_after(model, LONGER))
        contexts = [[*ids, 40 + at] for at, ids in enumerate([[1, 2, 3], *LONGER])]
        close(decoder.step(torch.arange(40, 46)), logits_after(model, contexts))


def test_many_contexts_of_all_lengths_have_the_models_logits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.agents.engines.decoder._PART", 40)
    model, contexts = model_of("qwen3"), [list(range(1, 2 + length)) for length in (30, 1, 2, 9, 9, 9, 9, 9, 50, 3)]
    with torch.inference_mode():
        close(Decoder(model).prefill(contexts), logits_after(model, contexts))


def test_a_row_can_be_repeated() -> None:
    model = model_of("qwen3")
    decoder = Decoder(model)
    with torch.inference_mode():
        decoder.prefill(CONTEXTS[:3])
        decoder.repeat([2, 0, 2])
        contexts = [[*CONTEXTS[row], 40 + at] for at, row in enumerate([0, 1, 2, 2, 0, 2])]
        close(decoder.step(torch.arange(40, 46)), logits_after(model, contexts))


def test_a_copy_in_half_precision_has_nearly_the_models_logits() -> None:
    model = model_of("qwen3")
    decoder = Decoder(model, dtype=torch.bfloat16)
    with torch.inference_mode():
        mine, theirs = decoder.prefill(CONTEXTS), logits_after(model, CONTEXTS)
    assert decoder.cache.dtype == mine.dtype == torch.bfloat16
    assert next(model.parameters()).dtype == torch.float32
    torch.testing.assert_close(mine.float(), theirs, rtol=0.05, atol=0.05 * float(theirs.std()))


@pytest.mark.parametrize("gone", [[0], [3], [1, 2], [0, 3], [0, 1, 2]])
def test_dropped_rows_make_room_for_others(gone: list[int]) -> None:
    model = model_of("qwen3")
    decoder = Decoder(model)
    with torch.inference_mode():
        decoder.prefill(CONTEXTS)
        order = decoder.drop(gone)
        assert sorted(order[: decoder.rows]) == [row for row in range(4) if row not in gone]
        assert sorted(order[decoder.rows :]) == gone
        decoder.prefill([[30, 31, 32, 33]])
        contexts = [*(CONTEXTS[row] for row in order[: decoder.rows - 1]), [30, 31, 32, 33]]
        new = list(range(40, 40 + len(contexts)))
        wanted = logits_after(model, [[*ids, one] for ids, one in zip(contexts, new, strict=True)])
        close(decoder.step(torch.tensor(new)), wanted)


def test_rows_get_what_others_had() -> None:
    decoder, dice = Decoder(model_of("qwen3")), random.Random(0)
    decoder.reserve(6, 3)
    for _ in range(200):
        for row in range(6):
            decoder.put(row, torch.full_like(decoder.kept(row, 3), row))
        moves = dict(zip(dice.sample(range(6), dice.randint(0, 6)), dice.sample(range(6), 6), strict=False))
        decoder.move(moves, 2)
        for row in range(6):
            assert set(decoder.kept(row, 2).flatten().tolist()) == {moves.get(row, row)}


def test_what_ended_lies_behind_the_live_rows_until_others_are_added() -> None:
    decoder = Decoder(model_of("qwen3"))
    with torch.inference_mode():
        decoder.prefill(CONTEXTS)
        before = [decoder.kept(row, len(ids)).clone() for row, ids in enumerate(CONTEXTS)]
        order = decoder.drop([0, 2])
        decoder.step(torch.tensor([1, 1]))
        decoder.reserve(5, 100)
    for row, old in enumerate(order):
        assert torch.equal(decoder.kept(row, len(CONTEXTS[old])), before[old])


def test_everything_may_be_dropped() -> None:
    decoder = Decoder(model_of("qwen3"))
    with torch.inference_mode():
        decoder.prefill(CONTEXTS)
        decoder.drop(range(4))
        assert decoder.rows == 0
        decoder.prefill([[1, 2]])
    assert decoder.rows == 1


def test_the_cache_grows_and_keeps_what_it_holds() -> None:
    model = model_of("qwen3")
    decoder, context = Decoder(model), [3] * 60
    with torch.inference_mode():
        decoder.prefill([context])
        for token in range(10):
            context = [*context, token]
            logits = decoder.step(torch.tensor([token]))
    assert decoder.capacity[1] == 128
    close(logits, logits_after(model, [context]))


def test_new_weights_are_taken_up_when_loaded() -> None:
    model, other = model_of("qwen3"), model_of("qwen3", seed=1)
    decoder = Decoder(model)
    model.load_state_dict(other.state_dict())
    decoder.load()
    with torch.inference_mode():
        close(decoder.prefill(CONTEXTS), logits_after(other, CONTEXTS))


@pytest.mark.parametrize("family", ["gpt2", "gemma2", "mistral-sliding", "llama-mlp-bias"])
def test_other_architectures_are_not_driven(family: str) -> None:
    model = model_of(family)
    for name, weight in model.named_parameters():
        if "mlp" in name and name.endswith("bias"):
            torch.nn.init.zeros_(weight)  # as a new model begins, when no number gives the bias away
    assert not Decoder.drives(model)
