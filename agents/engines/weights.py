"""Which matrices does the decoder multiply with? A model's weights, those that are applied together put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from syllogym.agents.weights import plain_weight


class Weights:
    """The weights of a model of the Llama family as they are now.

    Args:
        model: a Hugging Face model.
        shared: the embedding and the head may stay the model's own memory; otherwise everything is copied.
        dtype: of the copies; None for the model's own.
    """

    def __init__(self, model: Any, *, shared: bool = True, dtype: torch.dtype | None = None) -> None:
        inner = model.model
        dtype = dtype or inner.embed_tokens.weight.dtype
        self.layers = [Layer(layer, dtype) for layer in inner.layers]
        own = [plain_weight(module) for module in (inner.embed_tokens, inner.norm, model.lm_head)]
        tied = own[0].data_ptr() == own[2].data_ptr()
        own = [weight.to(dtype, copy=not shared) for weight in own]
        self.embedding, self.norm, self.head = own[0], own[1], own[0] if tied else own[2]


class Layer:
    """The weights of one layer, (in, out), each with the norm that stands before it multiplied in.

    Attributes:
        qkv, qkv_bias: of queries, keys and values; out, out_bias: of the attention's output.
        gate_up, down: of the gated MLP.
        norm_qk: (heads, size), the norm of each head of the queries and the keys; None where there is none.
    """

    def __init__(self, layer: Any, dtype: torch.dtype) -> None:
        attention, mlp = layer.self_attn, layer.mlp
        parts = (attention.q_proj, attention.k_proj, attention.v_proj)
        self.qkv = _fused(parts, layer.input_layernorm).to(dtype)
        self.qkv_bias = torch.cat([part.bias.detach() for part in parts]).to(dtype) if _biased(parts[0]) else None
        self.out = _fused([attention.o_proj]).to(dtype)
        self.out_bias = attention.o_proj.bias.detach().to(dtype, copy=True) if _biased(attention.o_proj) else None
        self.gate_up = _fused([mlp.gate_proj, mlp.up_proj], layer.post_attention_layernorm).to(dtype)
        self.down = _fused([mlp.down_proj]).to(dtype)
        self.norm_qk: Tensor | None = None
        if hasattr(attention, "q_norm"):
            norms = (plain_weight(attention.q_norm), plain_weight(attention.k_norm))
            counts = (plain_weight(part).shape[0] // attention.head_dim for part in parts[:2])
            both = [norm.expand(count, -1) for norm, count in zip(norms, counts, strict=True)]
            self.norm_qk = torch.cat(both).to(dtype)


def _biased(module: Any) -> bool:
    return module.bias is not None


def _fused(parts: Sequence[Any], norm: Any = None) -> Tensor:
    """Put weights side by side, each row times its entry of the norm's weight, laid out as a CPU multiplies fastest."""
    weight = torch.cat([plain_weight(part) for part in parts])
    return (weight if norm is None else weight * plain_weight(norm)).t().contiguous()
