"""How is a causal language model read from a folder, or from the hub? With a clear word when it cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from syllogym.errors import UserError

transformers_logging.disable_progress_bar()


def read_model(path: str, dtype: torch.dtype = torch.float32) -> Any:
    """Read a model without an adapter; a path that holds none raises `UserError`."""
    with readable(path):
        model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype)
    if hasattr(model, "peft_config"):
        raise UserError(f"policy.model: {path!r} has an adapter within the model; an adapter needs a plain base.")
    own_memory(model)
    model.name_or_path = os.path.abspath(path) if os.path.isdir(path) else path
    return model


def read_tokenizer(path: str, base: str | None = None) -> Any:
    """Read a tokenizer, of an adapter that has none its base's; where there is none this raises `UserError`."""
    try:
        with readable(path):
            return AutoTokenizer.from_pretrained(path)
    except UserError:
        if base is None:
            raise
        return read_tokenizer(base)


def check_vocabulary(path: str, model: Any, tokenizer: Any) -> None:
    """Raise `UserError` unless a model has a place for each of the tokenizer's tokens."""
    places = len(model.get_input_embeddings().weight)
    known = max(len(tokenizer), 1 + max(tokenizer.get_vocab().values(), default=0))
    if known > places:
        raise UserError(f"policy.model: the tokenizer of {path!r} has {known} tokens, its model only {places}.")
    _check_special_ids(path, model.config.get_text_config(), places)


def _check_special_ids(path: str, config: Any, places: int) -> None:
    """Raise `UserError` for a special token in the model's configuration that its embedding does not have."""
    for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
        given = getattr(config, name, None)
        for token in given if isinstance(given, list) else [given]:
            if token is not None and token >= places:
                raise UserError(
                    f"policy.model: {name} of {path!r} is {token}, but its model has only {places} tokens: "
                    "configuration and weights do not belong together."
                )


def own_memory(model: Any) -> None:
    """Give the weights memory of their own.

    Weights read from a file lie where it happens to hold them, and kernels may add in another order there. In memory
    of their own a loaded policy computes, to the last bit, what the saved one did.
    """
    for parameter in model.parameters():
        parameter.data = parameter.data.clone()


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Turn what goes wrong while a path is read into a `UserError` that names it."""
    try:
        yield
    except UserError:
        raise
    except (OSError, ValueError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"policy.model: {path!r} is no causal language model that can be loaded: {reason}") from error
