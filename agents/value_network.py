"""What is each reply worth in a state never seen before? A small network over the words of both.

It sees three bags of words: those of the reply; those of the state; and which words of the reply stand in the state
too, by their place in the reply and the line of the state. The third lets it learn that a reply should name what the
question names, whatever that is. Words are hashed, so any text fits and there is no vocabulary to keep.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from syllogym.errors import UserError

_SHAPE, _WEIGHTS = "network.json", "network.safetensors"
_REMEMBERED = 16_384
"""Texts whose hashed words are kept, so that what is learnt from many times is cut into words once."""


class ValueNetwork(nn.Module):
    """Q(s, a) as a network; it says 0 to everything before it has learnt.

    Args:
        seed: of the initial weights.
        width: of each bag's mean embedding, and of the hidden layer.
        buckets: rows of the embedding; words that fall into one row are taken for one another.
    """

    def __init__(self, seed: int = 0, width: int = 32, buckets: int = 4096) -> None:
        super().__init__()
        self.shape = {"width": width, "buckets": buckets}
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embedding = nn.EmbeddingBag(buckets, width, mode="mean")
            self.hidden = nn.Linear(3 * width, width)
            self.head = nn.Linear(width, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, pairs: Sequence[tuple[str, str]]) -> Tensor:
        """Return the value (P,) of each of P pairs of a state and a reply."""
        words: list[int] = []
        begins: list[int] = []
        for state, reply in pairs:
            for bag in (_said(reply), _shared(state, reply), _seen(state)):
                begins.append(len(words))
                words += bag
        index = torch.tensor(words) % self.shape["buckets"]
        bags: Tensor = self.embedding(index, torch.tensor(begins)).view(len(pairs), -1)
        values: Tensor = self.head(self.hidden(bags).relu())[:, 0]
        return values

    @torch.no_grad()
    def of(self, state: str, choices: Sequence[str]) -> list[float]:
        """Return the value of each choice in a state."""
        values: list[float] = self([(state, choice) for choice in choices]).tolist()
        return values

    def save(self, folder: Path) -> None:
        """Write shape and weights."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SHAPE).write_text(json.dumps(self.shape), encoding="utf-8")
        save_file(self.state_dict(), folder / _WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> ValueNetwork:
        """Read what `save` wrote; `UserError` when it is not there."""
        try:
            network = cls(**json.loads((folder / _SHAPE).read_text(encoding="utf-8")))
            network.load_state_dict(load_file(folder / _WEIGHTS))
        except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
            raise UserError(f"{folder} holds no network of values that can be read: {error}") from error
        return network


@lru_cache(_REMEMBERED)
def _said(reply: str) -> tuple[int, ...]:
    """Hash the words of a reply."""
    return tuple(_hash("said", word) for word in ("", *reply.split()))


@lru_cache(_REMEMBERED)
def _seen(state: str) -> tuple[int, ...]:
    """Hash the words of a state, each with the label of its line."""
    return tuple(_hash("seen", label, word) for label, words in _lines(state) for word in ("", *words))


@lru_cache(_REMEMBERED)
def _shared(state: str, reply: str) -> tuple[int, ...]:
    """Hash which words of the reply stand in which lines: their place in the reply and the line's label."""
    said = list(enumerate(reply.split()))
    found = [
        _hash("shared", label, str(place)) for label, words in _lines(state) for place, word in said if word in words
    ]
    return (_hash("shared"), *found)


@lru_cache(_REMEMBERED)
def _lines(state: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Cut a text into lines of words, each with its label: a first word that ends with a colon, or nothing."""
    lines = [tuple(line.split()) for line in state.splitlines()]
    return tuple((words[0] if words and words[0].endswith(":") else "", words) for words in lines)


def _hash(*words: str) -> int:
    return zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))
