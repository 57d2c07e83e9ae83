"""How is one more token predicted for many rows at once, fast? Fused weights and a key-value cache of our own.

It drives the Llama family (Llama, Qwen 2 and 3, Mistral without a sliding window): the architectures whose layers are
norm, attention, norm, gated MLP. `Decoder.drives` says whether a model is one, by comparing logits with its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from syllogym.agents.engines.weights import Layer, Weights

_FAMILIES = ("llama", "qwen2", "qwen3", "mistral")
_PART = 4096
"""Most tokens that are computed at once when contexts are taken in; more gain nothing, and take memory."""


class Decoder:
    """A causal language model as a table of rows, each a context with its keys and values in the cache.

    Rows 0 to n - 1 are live. Those that end change places with the last (`drop`), so live rows stay together, and what
    ended lies behind them until new rows are added there.

    Args:
        model: a Hugging Face model of the Llama family. Its weights are taken up by `load`.
        shared: see `load`.
        dtype: of the weights and the cache; None for the model's own.
    """

    def __init__(self, model: Any, *, shared: bool = True, dtype: torch.dtype | None = None) -> None:
        config = model.config
        self.model = model
        self.dtype = dtype
        self.heads = config.num_attention_heads
        self.kv_heads = config.num_key_value_heads
        self.size = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        self.eps = config.rms_norm_eps
        self.load(shared=shared)
        self.clear()

    @staticmethod
    def drives(model: Any) -> bool:
        """Say whether this decoder gives the model's own logits, by trying both."""
        config = model.config
        if config.model_type not in _FAMILIES or getattr(config, "sliding_window", None) is not None:
            return False
        if getattr(config, "hidden_act", "silu") != "silu" or getattr(config, "mlp_bias", False):
            return False
        ids = torch.arange(1, 6, device=model.device) % config.vocab_size
        with torch.inference_mode():
            decoder = Decoder(model)
            mine = decoder.prefill([ids[:4].tolist()])
            mine = torch.stack([mine[0], decoder.step(ids[4:])[0]])
            theirs = model(input_ids=ids[None], use_cache=False).logits[0, 3:]
        return torch.allclose(mine.float(), theirs.float(), rtol=1e-2, atol=1e-3)

    def load(self, *, shared: bool = True) -> None:
        """Take up the model's weights as they are now. Rows keep what the earlier ones wrote into the cache.

        Args:
            shared: the embedding and the head stay the model's own memory, which must not change while rows are live;
                otherwise everything is copied.
        """
        self.weights = Weights(self.model, shared=shared, dtype=self.dtype)

    def clear(self) -> None:
        """Forget all rows and free the cache."""
        weight = self.weights.embedding
        self.rows = 0
        self.capacity = (0, 0)
        self.lengths = torch.zeros(0, dtype=torch.long, device=weight.device)
        self.cache = weight.new_zeros((len(self.weights.layers), 2, 0, self.kv_heads, 0, self.size))

    def prefill(self, contexts: Sequence[Sequence[int]], known: Sequence[int] = ()) -> Tensor:
        """Add a row for each context; return the logits (n, V) of the token after each.

        Args:
            contexts: token ids, none empty. Neighbours that are about as long are computed fastest.
            known: for each, how many of its first tokens, fewer than all, are in its row already (`put`, `move`).
        """
        known = known or [0] * len(contexts)
        new = [context[have:] for context, have in zip(contexts, known, strict=True)]
        first = self.rows
        parts = list(_parts(new, known))
        padded = max(max(known[part]) + max(map(len, new[part])) for part in parts)
        self.reserve(first + len(contexts), padded)
        logits = [self._take_in(new[part], known[part], first + part.start) for part in parts]
        lengths = torch.tensor([len(context) for context in contexts], device=self.lengths.device)
        self.lengths = torch.cat([self.lengths, lengths])
        self.rows += len(contexts)
        return torch.cat(logits)

    def _take_in(self, new: Sequence[Sequence[int]], known: Sequence[int], first: int) -> Tensor:
        """Compute what is new in the contexts of the rows from `first` on; return the logits after each."""
        device, count = self.lengths.device, len(new)
        lengths = torch.tensor([len(ids) for ids in new], device=device)
        longest, whole = int(lengths.max()), max(known) + int(lengths.max())
        ids = torch.zeros((count, longest), dtype=torch.long, device=device)
        for at, tokens in enumerate(new):
            ids[at, : len(tokens)] = torch.tensor(tokens, device=device)
        fresh = not any(known)
        place = torch.arange(longest, device=device) + torch.tensor(known, device=device)[:, None]
        cos, sin = (self.cos[:longest, None], self.sin[:longest, None]) if fresh else self._turns(place)
        mask = None if fresh else (torch.arange(whole, device=device) <= place[..., None])[:, None]
        row = torch.arange(first, first + count, device=device)[:, None]
        rows = slice(first, first + count)
        x = F.embedding(ids.flatten(), self.weights.embedding)
        for at, layer in enumerate(self.weights.layers):
            q, k, v = self._project(layer, x, ids.shape, cos, sin)
            keys, values = self.cache[at]
            if fresh:
                keys[rows, :, :longest], values[rows, :, :longest] = k, v
            else:
                keys[row, :, place], values[row, :, place] = k.transpose(1, 2), v.transpose(1, 2)
                k, v = keys[rows, :, :whole], values[rows, :, :whole]
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=fresh, enable_gqa=True)
            x = self._finish(layer, x, mixed)
        last = torch.arange(count, device=device) * longest + lengths - 1
        return self._logits(x[last])

    def repeat(self, rows: Sequence[int]) -> None:
        """Add a row for each of `rows`, the same as it."""
        lengths = self.lengths[torch.tensor(rows, dtype=torch.long, device=self.lengths.device)]
        self.reserve(self.rows + len(rows), 0)
        for new, (old, length) in enumerate(zip(rows, lengths.tolist(), strict=True), self.rows):
            self.put(new, self.kept(old, length))
        self.lengths = torch.cat([self.lengths, lengths])
        self.rows += len(rows)

    def kept(self, row: int, length: int) -> Tensor:
        """Return the keys and values (layers, 2, heads, length, size) of a row's first tokens, in the cache itself."""
        return self.cache[:, :, row, :, :length]

    def put(self, row: int, kv: Tensor) -> None:
        """Write the keys and values of first tokens into a row for which there is room (`reserve`)."""
        self.kept(row, kv.shape[-2]).copy_(kv)

    def move(self, sources: Mapping[int, int], length: int) -> None:
        """Let rows (keys) have what others (values) have of the first tokens; each of these goes to one row at most."""
        left = {row: source for row, source in sources.items() if row != source}
        wanted = set(left.values())
        ends = [row for row in left if row not in wanted]
        while left:  # from row to source, and on; circles come last
            first = row = ends.pop() if ends else next(iter(left))
            aside = self.kept(first, length).clone() if first in wanted else None
            while row in left:
                source = left.pop(row)
                self.put(row, self.kept(source, length) if aside is None or source != first else aside)
                row = source

    def step(self, tokens: Tensor) -> Tensor:
        """Append one token to each live row; return the logits (n, V) of the next."""
        n, place = self.rows, self.lengths
        longest = int(place.max()) + 1
        self.reserve(n, longest)
        even = bool((place == place[0]).all())
        cos, sin = self._turns(place[:, None])
        mask = None if even else (torch.arange(longest, device=place.device) <= place[:, None])[:, None, None]
        row = torch.arange(n, device=place.device)
        x = F.embedding(tokens, self.weights.embedding)
        for at, layer in enumerate(self.weights.layers):
            q, k, v = self._project(layer, x, (n, 1), cos, sin)
            keys, values = self.cache[at]
            if even:
                keys[:n, :, longest - 1], values[:n, :, longest - 1] = k[:, :, 0], v[:, :, 0]
            else:
                keys[row, :, place], values[row, :, place] = k[:, :, 0], v[:, :, 0]
            q = q.reshape(n, self.kv_heads, -1, self.size)  # so that heads which share keys read them together
            mixed = F.scaled_dot_product_attention(q, keys[:n, :, :longest], values[:n, :, :longest], attn_mask=mask)
            x = self._finish(layer, x, mixed.reshape(n, self.heads, 1, self.size))
        self.lengths = place + 1
        return self._logits(x)

    def drop(self, gone: Sequence[int]) -> list[int]:
        """Let rows end; return which old row each row is now, those that remain first, those that ended behind them."""
        order = list(range(self.rows))
        last = len(order)
        for row in sorted(gone, reverse=True):
            last -= 1
            order[row], order[last] = order[last], order[row]
        self.move(dict(enumerate(order)), int(self.lengths.max()))
        self.lengths = self.lengths[torch.tensor(order[:last], dtype=torch.long, device=self.lengths.device)]
        self.rows = last
        return order

    def _project(
        self, layer: Layer, x: Tensor, shape: tuple[int, ...], cos: Tensor, sin: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys (both rotated) and values, (n, heads, tokens, size), of n * tokens states."""
        heads = _times(F.rms_norm(x, x.shape[-1:], eps=self.eps), layer.qkv, layer.qkv_bias).view(*shape, -1, self.size)
        both = heads[:, :, : -self.kv_heads]  # queries and keys take the same way
        if layer.norm_qk is not None:
            both = F.rms_norm(both, (self.size,), eps=self.eps) * layer.norm_qk
        both, v = _rotate(both, cos, sin).transpose(1, 2), heads[:, :, -self.kv_heads :].transpose(1, 2)
        return both[:, : self.heads], both[:, self.heads :], v

    def _finish(self, layer: Layer, x: Tensor, mixed: Tensor) -> Tensor:
        """Add the attention's output and the MLP's to the residual stream."""
        x = torch.addmm(x, mixed.transpose(1, 2).reshape(len(x), -1), layer.out)
        if layer.out_bias is not None:
            x = x + layer.out_bias
        gate, up = (F.rms_norm(x, x.shape[-1:], eps=self.eps) @ layer.gate_up).chunk(2, -1)
        return torch.addmm(x, F.silu(gate).mul_(up), layer.down)

    def _logits(self, x: Tensor) -> Tensor:
        return F.linear(F.rms_norm(x, x.shape[-1:], self.weights.norm, self.eps), self.weights.head)

    def _turns(self, place: Tensor) -> tuple[Tensor, Tensor]:
        """Return cosines and sines (n, tokens, 1, size) of the rotations at places (n, tokens)."""
        return self.cos[place][:, :, None], self.sin[place][:, :, None]

    def reserve(self, rows: int, length: int) -> None:
        """Make room for so many rows, live or not, of so many tokens, in steps, keeping what is there."""
        have_rows, have_length = self.capacity
        if rows <= have_rows and length <= have_length:
            return
        # Half as much again, so that what grows bit by bit is not copied over and over.
        rows = have_rows if rows <= have_rows else max(rows, have_rows * 3 // 2)
        length = have_length if length <= have_length else -(-max(length, have_length * 3 // 2) // 64) * 64
        old = self.cache
        self.cache = old.new_zeros((*old.shape[:2], rows, self.kv_heads, length, self.size))
        self.cache[:, :, :have_rows, :, :have_length] = old
        self.capacity = (rows, length)
        places = torch.arange(length, device=old.device)[None]
        cos, sin = self.model.model.rotary_emb(self.weights.embedding[:1, None], places)
        self.cos, self.sin = cos[0], sin[0].clone()
        self.sin[:, : self.size // 2].neg_()


def _parts(new: Sequence[Sequence[int]], known: Sequence[int]) -> Iterator[slice]:
    """Divide contexts into neighbours that are computed together: little padding, not too many tokens."""
    start = 0
    shortest = longest = len(new[0])
    for at in range(1, len(new)):
        low, high = min(shortest, len(new[at])), max(longest, len(new[at]))
        other = bool(known[at]) != bool(known[start])
        if other or high > 2 * low or high * (at + 1 - start) > _PART:
            yield slice(start, at)
            start, low, high = at, len(new[at]), len(new[at])
        shortest, longest = low, high
    yield slice(start, len(new))


def _times(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight if bias is None else torch.addmm(bias, x, weight)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Apply rotary position embeddings (arXiv 2104.09864), halves rotated as the model hubs do; `sin` has the signs."""
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)
