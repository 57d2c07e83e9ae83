"""How many routing decisions a second are made against a table? In batches, one at a time, and by text.

The table is drawn: 14,000 questions and 11 models, which is the size of the published ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.measure import Row, race
from syllogym.envs import make
from syllogym.envs.routing.bandit import TableBandit
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.routing.table_pool import TablePool

QUESTIONS, MODELS, BATCH = 14_000, 11, 65_536


def drawn() -> RoutingTable:
    rng = np.random.default_rng(0)
    cells = (QUESTIONS, MODELS)
    cards = tuple(ModelCard(f"model-{j}", call_price=10.0 ** (j / 5 - 4)) for j in range(MODELS))
    texts = tuple(f"question {i}: {rng.integers(10**9)}?" for i in range(QUESTIONS))
    right, cost = (rng.random(cells) < 0.6).astype(np.float64), rng.random(cells) / 100
    return RoutingTable("drawn", cards, texts, right, cost, tuple(f"family {i % 57}" for i in range(QUESTIONS)))


def batches(bandit: TableBandit, models: np.typing.NDArray[np.int64], times: int = 40) -> int:
    for _ in range(times):
        bandit.step(models)
    return times * len(models)


def calls(pool: TablePool, times: int = 20_000) -> int:
    names = pool.table.models
    for i in range(times):
        pool.ask(names[i % MODELS], pool.question(i % QUESTIONS))
    return times


def episodes(table: RoutingTable, times: int = 3_000) -> int:
    env = make("routing/one_shot", table=table)
    for i in range(times):
        env.reset(seed=i)
        env.step(table.models[i % MODELS])
    return times


def rows() -> Iterator[Row]:
    table = drawn()
    models = np.random.default_rng(1).integers(MODELS, size=BATCH)
    for way, pay in (("linear pay", Pay(weight=20.0)), ("Router-R1's pay", Pay("window", 0.6, True, scale=(0.0, 0.1)))):
        bandit = TableBandit(table, pay, batch=BATCH)
        yield race(Row(f"table decisions in batches, {way}", "decisions/s"), partial(batches, bandit, models))
    yield race(Row("table decisions, one call each", "decisions/s"), partial(calls, TablePool(table)))
    yield race(Row("routing/one_shot, whole episodes by text", "decisions/s"), partial(episodes, table))
