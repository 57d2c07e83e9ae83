"""What may a scenario say of the engine that samples its policies' replies?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from pydantic import model_validator

from syllogym.agents.engines.engine import Engine
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.host import Hosts
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.policy import Policy
from syllogym.errors import UserError, check_choice
from syllogym.registry import with_options
from syllogym.scenarios.mappings import Named


@dataclass(frozen=True, kw_only=True)
class LocalOptions:
    """How the engine in this process samples.

    Attributes:
        rows: replies that are sampled at one time.
        kept: GiB of what was computed of earlier turns, kept for those that go on from there.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    rows: int = 1024
    kept: float = 1.0

    def __post_init__(self) -> None:
        if self.rows < 1:
            raise UserError(f"rows is at least 1; not {self.rows}.")
        if self.kept < 0:
            raise UserError(f"kept is at least 0; not {self.kept}.")


_OPTIONS: dict[str, type[LocalOptions] | type[VLLMOptions]] = {"local": LocalOptions, "vllm": VLLMOptions}


class EngineSpec(Named):
    """Which engine, with its options. It is made once for each policy, and serves all that the run plays.

    Attributes:
        name: ``local`` samples in this process, ``vllm`` in others.
    """

    name: str = "local"

    @model_validator(mode="after")
    def _known(self) -> EngineSpec:
        check_choice("engine.name", self.name, _OPTIONS)
        self._settings()
        return self

    def _settings(self) -> LocalOptions | VLLMOptions:
        return with_options(_OPTIONS[self.name], self.name, self.options)

    @cached_property
    def _made(self) -> dict[Policy, Engine]:
        return {}

    @cached_property
    def _hosts(self) -> Hosts:
        how = self._settings()
        assert isinstance(how, VLLMOptions)
        return Hosts(how)

    def of(self, policy: Policy) -> Engine:
        """Return the engine of a policy."""
        if policy not in self._made:
            how = self._settings()
            if isinstance(how, VLLMOptions):
                self._made[policy] = VLLMEngine(policy, host=self._hosts.of(policy))
            else:
                self._made[policy] = LocalEngine(policy, rows=how.rows, kept=how.kept)
        return self._made[policy]

    def close(self, policy: Policy | None = None) -> None:
        """Close the engine of a policy, or of all."""
        for which in [policy] if policy is not None else list(self._made):
            engine = self._made.pop(which, None)
            if engine is not None:
                engine.close()
