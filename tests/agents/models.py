"""Which small models and tokenizers do the tests play with?"""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen3Config,
)

from syllogym.agents.critic import Kind
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer, tiny_model

_SHAPE: dict[str, Any] = dict(
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=8,
    max_position_embeddings=128,
    initializer_range=0.2,
)
_CONFIGS: dict[str, Any] = {
    "llama": LlamaConfig(**_SHAPE, attention_bias=True),
    "qwen2": Qwen2Config(**_SHAPE),
    "qwen3": Qwen3Config(**_SHAPE, tie_word_embeddings=True),
    "mistral": MistralConfig(**_SHAPE, sliding_window=None),
    "mistral-sliding": MistralConfig(**_SHAPE, sliding_window=4),
    "llama-mlp-bias": LlamaConfig(**_SHAPE, mlp_bias=True),
    "gpt2": GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=128, initializer_range=0.2),
    "gemma2": Gemma2Config(**_SHAPE),
}


def model_of(family: str, vocab: int = 262, seed: int = 0) -> Any:
    """Make a model of a family with random weights, biases included."""
    config = type(_CONFIGS[family])(
        **{
            **_CONFIGS[family].to_dict(),
            "vocab_size": vocab,
            "bos_token_id": None,
            "eos_token_id": 1,
            "pad_token_id": 0,
        }
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config).eval()
        for name, weight in model.named_parameters():
            if name.endswith("bias"):
                torch.nn.init.normal_(weight, std=0.1)
    return model


def policy_of(family: str = "qwen3", *, critic: Kind | None = None, seed: int = 0) -> Policy:
    """Make a policy over bytes."""
    tokenizer = byte_tokenizer()
    return Policy(model_of(family, len(tokenizer), seed), tokenizer, critic=critic)


def tiny_policy(*, critic: Kind | None = None, context: int = 256, seed: int = 0) -> Policy:
    """Make a policy as a scenario without a model does, only smaller."""
    tokenizer = byte_tokenizer()
    model = tiny_model(tokenizer, seed=seed, layers=1, width=32, heads=2, context=context)
    return Policy(model, tokenizer, critic=critic)


def tokenizer_of(template: str, specials: tuple[str, ...], eos: str) -> PreTrainedTokenizerFast:
    """Make a byte-level tokenizer with the special tokens and the chat template of some family."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate([*specials, *alphabet])}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(specials))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=eos, chat_template=template)
