"""Was this asked before? Replies on disk, under a hash of all that determines them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

from syllogym.agents.endpoint.answer import Answer
from syllogym.agents.tokens import Tokens
from syllogym.errors import UserError


class DamagedEntry(UserWarning):
    """A reply in the cache cannot be read; it is asked for again."""


class Cache:
    """Keeps replies in a folder, one file each; several processes may share it.

    Args:
        folder: made when the first reply is kept.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, request: Any) -> Path:
        """Return the file of a request (JSON values): everything in it is part of the name."""
        name = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.json"

    def get(self, request: Any) -> Answer | None:
        """Return the reply to a request; None when there is none, or (with a warning) when its file is damaged."""
        path = self.path(request)
        try:
            digest, _, body = path.read_text(encoding="utf-8").partition("\n")
            if digest != _digest(body):
                raise ValueError("its checksum differs")
            data = json.loads(body)
            return Answer(data["text"], data["finish"], Tokens(*data["tokens"]) if data["tokens"] else None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            warnings.warn(f"{path} is damaged ({error}): its reply is asked for again.", DamagedEntry, stacklevel=3)
            return None

    def put(self, request: Any, answer: Answer) -> None:
        """Keep a reply: its file appears whole or not at all."""
        path, body = self.path(request), json.dumps(asdict(answer))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                file.write(f"{_digest(body)}\n{body}")
            os.replace(file.name, path)
        except OSError as error:
            raise UserError(f"cache: a reply could not be written to {self.folder}: {error.strerror}.") from error


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
