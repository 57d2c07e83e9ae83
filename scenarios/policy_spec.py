"""What may a scenario train? A language model, or values of replies in a table or a network."""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveInt, model_validator

from syllogym.agents.lora import Lora
from syllogym.scenarios.mappings import Strict

_LEARNT = {"tokens": "a language model", "table": "a table of values", "network": "a network of values"}


class TinySpec(Strict):
    """The shape of a policy made from nothing (see `syllogym.agents.tiny`)."""

    family: Literal["llama", "qwen3"] = "llama"
    layers: PositiveInt = 2
    width: PositiveInt = 64
    heads: PositiveInt = 4
    context: PositiveInt = 256


class TableSpec(Strict):
    """A table of values (see `syllogym.agents.value_table`)."""

    initial: float = 0.0


class NetworkSpec(Strict):
    """The shape of a network of values (see `syllogym.agents.value_network`)."""

    width: PositiveInt = 32
    buckets: PositiveInt = 4096


class PolicySpec(Strict):
    """What is trained: a folder or hub name in `model`, or a `tiny` transformer made from nothing.

    With `lora` only an adapter over it is trained; policies over the same model then share it. Methods that learn
    values train a `table` or a `network` of them instead.
    """

    model: str | None = None
    tiny: TinySpec | None = None
    table: TableSpec | None = None
    network: NetworkSpec | None = None
    lora: Lora | None = None

    @model_validator(mode="after")
    def _one(self) -> PolicySpec:
        if sum(value is not None for key, value in self if key != "lora") != 1:
            raise ValueError(
                "policy takes either model (a folder or hub name) or tiny (a shape), and exactly one; "
                "for methods that learn values, table or network"
            )
        if self.lora is not None and self.kind != "tokens":
            raise ValueError(f"policy.lora adapts a language model, and a {self.kind} is none; leave it out")
        return self

    @property
    def kind(self) -> str:
        """Return what a method learns in it: `tokens`, or the values of a `table` or `network`."""
        return "table" if self.table is not None else "network" if self.network is not None else "tokens"

    def check_learnt(self, where: str, method: str, learns: str) -> None:
        """Raise `ValueError` unless it is what the method learns; `where` is the path that it stands at."""
        if learns != self.kind:
            fix = "name a model, or describe a tiny one" if learns == "tokens" else f"write {{{learns}: {{}}}}"
            raise ValueError(f"{where}policy: {method} learns {_LEARNT[learns]}; {fix}")
