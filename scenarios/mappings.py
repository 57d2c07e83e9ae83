"""What are the mappings of a scenario made of? Known keys only, or a name and that thing's own options."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A mapping whose keys are all known and whose values have the right type already."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Named(BaseModel):
    """A thing by its name; the other keys are its own options."""

    model_config = ConfigDict(extra="allow", frozen=True)
    name: str

    @property
    def options(self) -> dict[str, Any]:
        """Return every key but the engine's own."""
        return dict(self.model_extra or {})
