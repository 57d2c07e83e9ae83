"""How fast can a loop be that can do nothing else? Equal lengths, one Qwen3, torch operations written out by hand."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class BareLoop:
    """Samples `tokens` tokens for `group` rows after each of several prompts of one length.

    Weights are put together, the cache is made beforehand, a prompt is computed once for its group, the rotations and
    norms are as few operations as torch allows. There is no end token, no seed of a row, no joining or leaving.
    """

    def __init__(self, model: Any, length: int, group: int, tokens: int) -> None:
        config, self.group, self.tokens = model.config, group, tokens
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.size, self.eps = config.head_dim, config.rms_norm_eps
        self.embedding, self.norm = model.model.embed_tokens.weight.detach(), model.model.norm.weight.detach()
        self.layers = [self._weights(layer) for layer in model.model.layers]
        places = torch.arange(length + tokens)[None]
        self.cos, self.sin = (turn[0].detach() for turn in model.model.rotary_emb(self.embedding, places))

    @torch.inference_mode()
    def __call__(self, prompts: Tensor) -> tuple[Tensor, Tensor]:
        """Return tokens and log-probs, each (rows, tokens), after prompts (n, length)."""
        count, length = prompts.shape
        rows, room = count * self.group, length + self.tokens
        cache = torch.zeros(len(self.layers), 2, rows, self.kv_heads, room, self.size)
        logits = self._forward(prompts, 0, cache[:, :, :: self.group]).repeat_interleave(self.group, 0)
        for number in range(1, self.group):
            cache[:, :, number :: self.group, :, :length] = cache[:, :, :: self.group, :, :length]
        ids, logprobs = [], []
        for place in range(length, room):
            every = logits.log_softmax(-1)
            token = torch.multinomial(every.exp(), 1)
            ids.append(token)
            logprobs.append(every.gather(1, token))
            if place + 1 < room:
                logits = self._forward(token, place, cache)
        return torch.cat(ids, 1), torch.cat(logprobs, 1)

    def _weights(self, layer: Any) -> dict[str, Tensor]:
        attention, mlp = layer.self_attn, layer.mlp
        qkv = torch.cat([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight])
        turned = {
            "qkv": qkv * layer.input_layernorm.weight,
            "out": attention.o_proj.weight,
            "up": torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight]) * layer.post_attention_layernorm.weight,
            "down": mlp.down_proj.weight,
        }
        norms = {"q": attention.q_norm.weight.detach(), "k": attention.k_norm.weight.detach()}
        return norms | {name: weight.detach().t().contiguous() for name, weight in turned.items()}

    def _forward(self, ids: Tensor, place: int, cache: Tensor) -> Tensor:
        rows, new = ids.shape
        cos, sin = self.cos[place : place + new, None], self.sin[place : place + new, None]
        x = self.embedding[ids].flatten(0, 1)
        for weights, (keys, values) in zip(self.layers, cache, strict=True):
            heads = (self._normed(x) @ weights["qkv"]).view(rows, new, -1, self.size)
            q, k, v = heads.split((self.heads, self.kv_heads, self.kv_heads), 2)
            keys[:, :, place : place + new] = self._rotated(k, weights["k"], cos, sin)
            values[:, :, place : place + new] = v.transpose(1, 2)
            seen = keys[:, :, : place + new], values[:, :, : place + new]
            q = self._rotated(q, weights["q"], cos, sin)
            mixed = F.scaled_dot_product_attention(q, *seen, is_causal=new > 1, enable_gqa=True)
            x = torch.addmm(x, mixed.transpose(1, 2).reshape(rows * new, -1), weights["out"])
            gate, up = (self._normed(x) @ weights["up"]).chunk(2, -1)
            x = torch.addmm(x, F.silu(gate) * up, weights["down"])
        return self._normed(x.view(rows, new, -1)[:, -1], self.norm) @ self.embedding.t()

    def _normed(self, x: Tensor, weight: Tensor | None = None) -> Tensor:
        return F.rms_norm(x, x.shape[-1:], weight, self.eps)

    def _rotated(self, x: Tensor, weight: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = self._normed(x, weight)
        low, high = x.chunk(2, -1)
        return (x * cos + torch.cat([-high, low], -1) * sin).transpose(1, 2)
