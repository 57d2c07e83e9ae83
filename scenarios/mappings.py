"""What are the mappings of a scenario made of? Known keys only, or a name and that thing's own options."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from syllogym.errors import UserError, check_options


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

    def build(self, cls: type) -> Any:
        """Make a `cls` with these options, which are its dataclass fields; `UserError` names the one that is wrong."""
        known = fields(cls) if is_dataclass(cls) else ()
        check_options(self.name, [field.name for field in known], self.options)
        if not is_dataclass(cls):
            return cls()
        try:
            return TypeAdapter(cls).validate_json(json.dumps(self.options), strict=True)
        except ValidationError as error:
            # Where a setting has several forms, each complains: our own word is meant, or else the deepest complaint.
            first = max(error.errors(), key=lambda one: (one["type"] == "value_error", len(one["loc"])))
            if first["type"] == "value_error":
                raise UserError(first["msg"].removeprefix("Value error, ")) from error
            where = ".".join(map(str, first["loc"]))
            if first["type"] == "missing":
                raise UserError(f"{self.name} needs the option {where}") from error
            raise UserError(f"{self.name}.{where}: {first['msg'].lower()}; it is {first['input']!r}") from error
