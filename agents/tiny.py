"""How is a policy made from nothing? A small transformer and a byte-level tokenizer, in Hugging Face format.

Saved and loaded, it goes the very way a pretrained model goes; only the numbers are smaller.
"""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from syllogym.errors import UserError

SPECIAL = ("<pad>", "<eos>", "<user>", "<assistant>", "<system>", "<tool>")

CHAT_TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}"
    "{% if message['role'] == 'assistant' %}<eos>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>"
    "{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}{% endif %}"
)
"""A message is its role's token and its content. As in Qwen3's template, ``enable_thinking: false`` asks with an empty
thought."""


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """Make a tokenizer with one token a byte, so any text fits, and a chat template of one token a role."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: at for at, token in enumerate([*SPECIAL, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIAL))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<eos>",
        extra_special_tokens=list(SPECIAL[2:]),
        chat_template=CHAT_TEMPLATE,
    )


def tiny_model(
    tokenizer: Any,
    *,
    seed: int,
    family: str = "llama",
    layers: int = 2,
    width: int = 64,
    heads: int = 4,
    context: int = 256,
) -> PreTrainedModel:
    """Make a causal language model with random weights.

    Args:
        tokenizer: gives the vocabulary and the special ids.
        seed: of the initial weights.
        family: ``llama`` or ``qwen3``.
        layers, width, heads: its shape; 2, 64, 4 have 0.1M parameters.
        context: tokens it can hold.
    """
    families: dict[str, tuple[Any, Any]] = {
        "qwen3": (Qwen3Config, Qwen3ForCausalLM),
        "llama": (LlamaConfig, LlamaForCausalLM),
    }
    if family not in families:
        raise UserError(f"policy.family is {' or '.join(families)}; not {family!r}.")
    if width % heads or (width // heads) % 2:
        raise UserError(f"policy.width ({width}) must be an even multiple of policy.heads ({heads}).")
    config_class, model_class = families[family]
    config = config_class(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=3 * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        head_dim=width // heads,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        # The usual 0.02 and 10,000 are made for wide models and long contexts; here they double the warm-up's length.
        initializer_range=0.8 * width**-0.5,
        rope_parameters={"rope_type": "default", "rope_theta": 30.0},
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = model_class(config)
    assert isinstance(model, PreTrainedModel)
    return model
