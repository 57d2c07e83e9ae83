"""A table whose best router is known: sums are for one model, poems for another, and a third does both for more."""

from __future__ import annotations

import numpy as np

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.table import Array, RoutingTable

MODELS = ("counter", "poet", "both")
COSTS = (1.0, 2.0, 10.0)


def sums_and_poems(n: int = 400, seed: int = 0) -> RoutingTable:
    """Half sums, half poems. A model is right on its own kind with 95 %, on the other with 10 %."""
    draw = np.random.default_rng(seed)
    words = ["moon", "river", "night", "stone", "love", "winter", "sea", "light"]
    poem = draw.random(n) < 0.5
    questions = tuple(
        f"Write poem {at} about the {words[at % 8]} and the {words[at // 8 % 8]}."
        if rhymed
        else f"What is {at} + {at % 7}?"
        for at, rhymed in enumerate(poem)
    )
    chances = np.where(poem[:, None], (0.10, 0.95, 0.95), (0.95, 0.10, 0.95))
    quality: Array = (draw.random((n, 3)) < chances).astype(np.float64)
    families = tuple("poems" if rhymed else "sums" for rhymed in poem)
    cards = tuple(ModelCard(name) for name in MODELS)
    return RoutingTable("sums and poems", cards, questions, quality, np.tile(COSTS, (n, 1)), families)
