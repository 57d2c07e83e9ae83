"""How is one more token predicted for many rows at once, fast? Fused weights and a key-value cache of our own.

It drives the Llama family (Llama, Qwen 2 and 3, Mistral without a sliding window): the architectures whose layers are
norm, attention, norm, gated MLP. `Decoder.drives` says whether a model is one, by comparing logits with its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

_FAMILIES = ("llama", "qwen2", "qwen3", "mistral")


class Decoder:
    """A causal language model as a table of rows, each a context with its keys and values in the cache.

    Rows 0 to n - 1 are live. A row that ends is filled with the last one (`drop`), so live rows stay together.

    Args:
        model: a Hugging Face model of the Llama family. Its weights are taken up by `load`.
        shared: see `load`.
    """

    def __init__(self, model: Any, *, shared: bool = True) -> None:
        config = model.config
        self.model = model
        self.heads = config.num_attention_heads
        self.kv_heads = config.num_key_value_heads
        self.size = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        self.eps = config.rms_norm_eps
        self.lengths = torch.zeros(0, dtype=torch.long)
        self.keys: list[Tensor] = []
        self.values: list[Tensor] = []
        self.clear()
        self.load(shared=shared)

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
        inner = self.model.model
        self.layers = [_Layer(layer) for layer in inner.layers]
        own = [weight.detach() for weight in (inner.embed_tokens.weight, inner.norm.weight, self.model.lm_head.weight)]
        tied = own[0].data_ptr() == own[2].data_ptr()
        if not shared:
            own = [weight.clone() for weight in own]
        self.embedding, self.norm, self.head = own[0], own[1], own[0] if tied else own[2]

    def clear(self) -> None:
        """Forget all rows and free the cache."""
        self.rows = 0
        self.capacity = (0, 0)
        self.keys, self.values = [], []

    def prefill(self, contexts: Sequence[Sequence[int]]) -> Tensor:
        """Add a row for each context; return the logits (n, V) of the token after each.

        Contexts that are the same (the replies of a group) are computed once.
        """
        number: dict[tuple[int, ...], int] = {}
        same_as = [number.setdefault(tuple(context), len(number)) for context in contexts]
        distinct, which = list(number), torch.tensor(same_as, device=self.embedding.device)
        lengths = torch.tensor([len(ids) for ids in distinct], device=self.embedding.device)
        longest = int(lengths.max())
        self._reserve(self.rows + len(contexts), longest + 1)
        ids = torch.zeros((len(distinct), longest), dtype=torch.long, device=self.embedding.device)
        for row, context in enumerate(distinct):
            ids[row, : len(context)] = torch.tensor(context, device=ids.device)
        cos, sin = self.cos[:longest, None], self.sin[:longest, None]
        x = F.embedding(ids.flatten(), self.embedding)
        new = slice(self.rows, self.rows + len(contexts))
        for at, layer in enumerate(self.layers):
            q, k, v = self._project(layer, x, ids.shape, cos, sin)
            self.keys[at][new, :, :longest] = k[which]
            self.values[at][new, :, :longest] = v[which]
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
            x = self._finish(layer, x, mixed)
        self.lengths = torch.cat([self.lengths[: self.rows], lengths[which]])
        self.rows += len(contexts)
        last = torch.arange(len(distinct), device=x.device) * longest + lengths - 1
        return self._logits(x[last])[which]

    def step(self, tokens: Tensor) -> Tensor:
        """Append one token to each live row; return the logits (n, V) of the next."""
        n, place = self.rows, self.lengths
        longest = int(place.max()) + 1
        self._reserve(n, longest)
        even = bool((place == place[0]).all())
        cos, sin = self.cos[place, None, None], self.sin[place, None, None]
        mask = None if even else (torch.arange(longest, device=place.device) <= place[:, None])[:, None, None]
        row = torch.arange(n, device=place.device)
        x = F.embedding(tokens, self.embedding)
        for at, layer in enumerate(self.layers):
            q, k, v = self._project(layer, x, (n, 1), cos, sin)
            keys, values = self.keys[at], self.values[at]
            if even:
                keys[:n, :, longest - 1], values[:n, :, longest - 1] = k[:, :, 0], v[:, :, 0]
            else:
                keys[row, :, place], values[row, :, place] = k[:, :, 0], v[:, :, 0]
            mixed = F.scaled_dot_product_attention(
                q, keys[:n, :, :longest], values[:n, :, :longest], attn_mask=mask, enable_gqa=True
            )
            x = self._finish(layer, x, mixed)
        self.lengths = place + 1
        return self._logits(x)

    def drop(self, gone: Sequence[int]) -> list[int]:
        """Forget rows; return which old row each remaining one was, in the new order."""
        order = list(range(self.rows))
        for row in sorted(gone, reverse=True):
            last = order.pop()
            if row < len(order):
                order[row] = last
        moved = [(new, old) for new, old in enumerate(order) if new != old]
        if moved:
            new, old = (torch.tensor(rows, device=self.lengths.device) for rows in zip(*moved, strict=True))
            longest = int(self.lengths.max())
            for cache in (*self.keys, *self.values):
                cache[new, :, :longest] = cache[old, :, :longest]
        self.lengths = self.lengths[torch.tensor(order, dtype=torch.long, device=self.lengths.device)]
        self.rows = len(order)
        return order

    def _project(
        self, layer: _Layer, x: Tensor, shape: tuple[int, ...], cos: Tensor, sin: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys (both rotated) and values, (n, heads, tokens, size), of n * tokens states."""
        heads = _times(F.rms_norm(x, x.shape[-1:], eps=self.eps), layer.qkv, layer.qkv_bias).view(*shape, -1, self.size)
        both = heads[:, :, : -self.kv_heads]  # queries and keys take the same way
        if layer.norm_qk is not None:
            both = F.rms_norm(both, (self.size,), eps=self.eps) * layer.norm_qk
        both, v = _rotate(both, cos, sin).transpose(1, 2), heads[:, :, -self.kv_heads :].transpose(1, 2)
        return both[:, : self.heads], both[:, self.heads :], v

    def _finish(self, layer: _Layer, x: Tensor, mixed: Tensor) -> Tensor:
        """Add the attention's output and the MLP's to the residual stream."""
        x = torch.addmm(x, mixed.transpose(1, 2).reshape(len(x), -1), layer.out)
        if layer.out_bias is not None:
            x = x + layer.out_bias
        gate, up = (F.rms_norm(x, x.shape[-1:], eps=self.eps) @ layer.gate_up).chunk(2, -1)
        return torch.addmm(x, F.silu(gate).mul_(up), layer.down)

    def _logits(self, x: Tensor) -> Tensor:
        return F.linear(F.rms_norm(x, x.shape[-1:], self.norm, self.eps), self.head)

    def _reserve(self, rows: int, length: int) -> None:
        """Make room for so many rows of so many tokens, in steps, keeping what is there."""
        have_rows, have_length = self.capacity
        if rows <= have_rows and length <= have_length:
            return
        rows = max(have_rows, rows)
        length = max(have_length, -(-length // 64) * 64)
        shape = (rows, self.kv_heads, length, self.size)
        weight = self.embedding
        for caches in (self.keys, self.values):
            grown = [torch.zeros(shape, dtype=weight.dtype, device=weight.device) for _ in self.layers]
            for new, old in zip(grown, caches, strict=False):
                new[:have_rows, :, :have_length] = old
            caches[:] = grown
        self.capacity = (rows, length)
        self.lengths = self.lengths.to(weight.device)
        places = torch.arange(length, device=weight.device)[None]
        cos, sin = self.model.model.rotary_emb(weight[:1, None], places)
        self.cos, self.sin = cos[0], sin[0].clone()
        self.sin[:, : self.size // 2].neg_()


class _Layer:
    """The weights of one layer, (in, out): those that are applied together put together, with the norm before them."""

    def __init__(self, layer: Any) -> None:
        attention, mlp = layer.self_attn, layer.mlp
        parts = (attention.q_proj, attention.k_proj, attention.v_proj)
        self.qkv = _fused(parts, layer.input_layernorm)
        self.qkv_bias = torch.cat([part.bias.detach() for part in parts]) if parts[0].bias is not None else None
        self.out = _fused([attention.o_proj])
        self.out_bias = attention.o_proj.bias.detach().clone() if attention.o_proj.bias is not None else None
        self.gate_up = _fused([mlp.gate_proj, mlp.up_proj], layer.post_attention_layernorm)
        self.down = _fused([mlp.down_proj])
        self.norm_qk: Tensor | None = None
        if hasattr(attention, "q_norm"):  # (heads, size), a row for each head of the queries and the keys
            norms = (attention.q_norm.weight.detach(), attention.k_norm.weight.detach())
            counts = (part.weight.shape[0] // attention.head_dim for part in parts[:2])
            self.norm_qk = torch.cat([norm.expand(count, -1) for norm, count in zip(norms, counts, strict=True)])


def _fused(parts: Sequence[Any], norm: Any = None) -> Tensor:
    """Put weights side by side, each row times its entry of the norm's weight, laid out as a CPU multiplies fastest."""
    weight = torch.cat([part.weight.detach() for part in parts])
    return (weight if norm is None else weight * norm.weight.detach()).t().contiguous()


def _times(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight if bias is None else torch.addmm(bias, x, weight)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Apply rotary position embeddings (arXiv 2104.09864), halves rotated as the model hubs do; `sin` has the signs."""
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)
