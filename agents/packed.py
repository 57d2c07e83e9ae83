"""How is a model run over many sequences without computing anything twice? Each distinct context is one packed row.

Replies to one prompt share it, and so do forks of one conversation: a token is computed once for all sequences that
agree up to it, and padding not at all. Only attention sees whole sequences; all else is token by token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

_NAME = "syllogym-packed"
_UNKNOWN = ("sliding_window", "softcap", "position_bias", "s_aux")
"""What some models ask of their attention, and ours does not do."""


class Packed(NamedTuple):
    """The U distinct tokens of N sequences of up to T tokens. Two are the same when all before them are the same too.

    Attributes:
        ids: (U,) tokens. place: (U,) where in its sequences each stands.
        number: (N, T) which distinct token stands there; 0 behind the end of a sequence.
        first: (U,) one place where each stands, counted through (N, T).
    """

    ids: Tensor
    place: Tensor
    number: Tensor
    first: Tensor

    @classmethod
    def of(cls, sequences: Sequence[Tensor], device: torch.device) -> Packed:
        """Pack sequences of token ids, which may be of any lengths."""
        texts = [ids.tolist() for ids in sequences]
        order = sorted(range(len(texts)), key=texts.__getitem__)  # so that what is shared stands together
        ids = nn.utils.rnn.pad_sequence([sequences[at] for at in order], batch_first=True, padding_value=-1)
        new = ids >= 0
        new[1:] &= (ids[1:] != ids[:-1]).cummax(1).values
        count = (new.flatten().cumsum(0) - 1).view_as(ids)
        number = torch.where(new, count, 0).cummax(0).values.masked_fill(ids < 0, 0)
        row, place = new.nonzero(as_tuple=True)
        back = torch.tensor(order)
        columns = (ids[row, place], place, number[back.argsort()], back[row] * ids.shape[1] + place)
        return cls(*(column.to(device) for column in columns))

    def run(self, module: Any, **settings: Any) -> Any:
        """Call a model, or its base, on the packed row; its output has the shape (1, U, ...)."""
        with _attention(module.config):
            return module(
                input_ids=self.ids[None], position_ids=self.place[None], packed=self, use_cache=False, **settings
            )


def packs(model: Any) -> bool:
    """Say whether a model gives its own logits when it is run packed, by trying both.

    One whose layers mix tokens by anything but full causal attention does not. Nor does one that computes activations
    again in the backward pass, when its attention is its own again.
    """
    device = model.get_input_embeddings().weight.device
    sequences = [torch.tensor(ids) for ids in ([1, 2, 1, 0, 1], [0, 1, 1], [1, 2, 0, 2])]
    packed = Packed.of(sequences, device)
    was_training = model.training
    model.eval()
    try:
        kinds = getattr(model.config.get_text_config(), "layer_types", None) or ["full_attention"]
        recomputed = any(getattr(part, "gradient_checkpointing", False) for part in model.modules())
        if recomputed or set(kinds) != {"full_attention"}:
            return False
        with torch.no_grad():
            mine = packed.run(model).logits[0]
            theirs = [model(input_ids=ids[None].to(device), use_cache=False).logits[0] for ids in sequences]
    except (AttributeError, TypeError, NotImplementedError, RuntimeError, IndexError):
        return False
    finally:
        model.train(was_training)
    close = torch.finfo(mine.dtype).eps ** 0.5
    pairs = ((mine[number[: len(own)]], own) for number, own in zip(packed.number, theirs, strict=True))
    return all(bool((own - other).norm() <= close * own.norm()) for other, own in pairs)


@contextmanager
def _attention(config: Any) -> Iterator[None]:
    """Let a model attend by `_attend` for a while."""
    before = config._attn_implementation
    config._attn_implementation = _NAME
    try:
        yield
    finally:
        config._attn_implementation = before


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, *, packed: Packed, **settings: Any
) -> tuple[Tensor, None]:
    """Lay the sequences out, padded on the right where a causal model cannot see, attend, and pack again."""
    if mask is not None or any(settings.get(name) is not None for name in _UNKNOWN):
        raise NotImplementedError("This model's attention is not plainly causal.")
    whole = packed.number.flatten()
    query, key, value = (
        states[0].transpose(0, 1).index_select(0, whole).unflatten(0, packed.number.shape).transpose(1, 2)
        for states in (query, key, value)
    )
    mixed, _ = sdpa_attention_forward(module, query, key, value, None, **settings)
    return mixed.flatten(0, 1).index_select(0, packed.first)[None], None


AttentionInterface.register(_NAME, _attend)
