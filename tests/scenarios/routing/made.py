"""Routing tables and routers for tests, drawn by a seed."""

from __future__ import annotations

import numpy as np

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import RoutingTable


def table(questions: int = 200, models: int = 3, families: int = 10, seed: int = 0) -> RoutingTable:
    """Models of which the later ones are better and dearer; questions of a family are as hard as each other."""
    rng = np.random.default_rng(seed)
    family = rng.integers(families, size=questions)
    hard = rng.random(families)[family] * 0.6
    skill = np.linspace(0.55, 0.95, models)
    quality = (rng.random((questions, models)) < skill - hard[:, None] * np.linspace(1, 0.4, models)).astype(float)
    cost = rng.uniform(0.5, 1.5, (questions, models)) * 0.001 * 4.0 ** np.arange(models)
    cards = tuple(ModelCard(f"model-{number}") for number in range(models))
    texts = tuple(f"question {number} of family {family[number]}" for number in range(questions))
    return RoutingTable("made", cards, texts, quality, cost, tuple(f"family {number}" for number in family))


def settings(name: str, on: RoutingTable, expected: np.ndarray, points: int = 5) -> list[Routed]:
    """Decisions at prices of money from none to much."""
    prices = np.r_[0.0, np.geomspace(1, 1000, points - 1)]
    cost = on.cost.mean(0)
    return [
        Routed.one_each(f"{name} @ {price:.3g}", on, (expected - price * cost).argmax(1), expected) for price in prices
    ]


def routers(on: RoutingTable, seed: int = 0, good: float = 0.5) -> dict[str, list[Routed]]:
    """Every baseline, and one router that knows the truth in part."""
    rng = np.random.default_rng(seed)
    means = np.tile(on.quality.mean(0), (len(on), 1))
    guessed = rng.random(on.quality.shape)
    length = np.array([len(question) for question in on.questions])[:, None] * np.ones(on.quality.shape[1])
    return {
        "random": settings("random", on, guessed, 2)[:1],
        "cheapest": [Routed.one_each("cheapest", on, np.zeros(len(on)))],
        "best_single": settings("best_single", on, means),
        "prompt_length": settings("prompt_length", on, means + 0.01 * (length - length.mean())),
        "tfidf_ridge": settings("tfidf_ridge", on, 0.5 * means + 0.5 * guessed),
        "oracle": settings("oracle", on, on.quality),
        "mine": settings("mine", on, good * on.quality + (1 - good) * means),
    }
