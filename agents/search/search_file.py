"""How does a search outlive its process? All it was told is written down, and told again to one that is begun anew."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from syllogym.agents.search.request import Request, Result
from syllogym.agents.search.search import Search
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError


class SearchFile:
    """A search on disk: a line for each request, with what came of it.

    Where the file exists, the search, which must be fresh and have the same settings and seed, is brought to where it
    had come to; nobody is asked anything for that. What was under way when it broke off is asked again.

    Args:
        search: to keep. path: of the file.
    """

    def __init__(self, search: Search, path: Path) -> None:
        self.search, self.path = search, path
        if path.exists():
            self._tell_again()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self._head()) + "\n", encoding="utf-8")
        self._written = len(search.log)

    def save(self) -> None:
        """Add what was told since the last time."""
        fresh = self.search.log[self._written :]
        if not fresh:
            return
        seconds = self.search.meter.seconds
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(_line(request, result, seconds)) + "\n" for request, result in fresh)
        self._written += len(fresh)

    def _head(self) -> dict[str, Any]:
        return {"task": self.search.task.prompt, "seed": self.search.seed, "strategy": repr(self.search.strategy)}

    def _tell_again(self) -> None:
        text = self.path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:  # the last line was being written when the process ended
            self.path.write_text(whole, encoding="utf-8")
        lines = whole.splitlines()
        if not lines or json.loads(lines[0]) != self._head():
            raise UserError(
                f"{self.path} keeps another search: of another task, strategy or seed. Give it another file."
            )
        seconds = 0.0
        for line in lines[1:]:
            entry = json.loads(line)
            seconds = entry["seconds"]
            self.search.replay(*_read(entry))
        self.search.meter.resume(seconds=seconds)


def _line(request: Request, result: Result | None, seconds: float) -> dict[str, Any]:
    line = {**asdict(request), "seconds": seconds}
    if result is None:
        return line
    return {**line, "texts": list(result.texts), "scores": list(result.scores), "usage": astuple(result.usage)}


def _read(entry: dict[str, Any]) -> tuple[Request, Result | None]:
    request = Request(entry["id"], entry["kind"], tuple(entry["nodes"]), entry["n"], entry["agent"], entry["manner"])
    if "texts" not in entry:
        return request, None
    return request, Result(entry["texts"], entry["scores"], Usage(*entry["usage"]))
