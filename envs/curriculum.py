"""When does the next level begin? When the agent succeeds often enough on this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.errors import UserError


class Curriculum:
    """Raises one difficulty option after the other, in turn, each time the mean success reaches `raise_at`.

    It never lowers a level. Feed it every finished episode: ``curriculum.update(success)``; make the next one with
    ``env.reset(options=curriculum.options())``.

    Args:
        levels: for each option its values from easy to hard, such as an environment's own `levels`.
        raise_at: mean success, over the last `window` episodes at the present level, that raises an option.
        window: episodes to judge by.
    """

    def __init__(self, levels: Mapping[str, Sequence[Any]], raise_at: float = 0.8, window: int = 100) -> None:
        empty = [option for option, values in levels.items() if not len(values)]
        if empty:
            raise UserError(f"levels of {empty[0]!r} are empty; list its values from easy to hard.")
        if not 0.0 < raise_at <= 1.0:
            raise UserError(f"raise_at is a share of successes in (0, 1]; not {raise_at}.")
        if window < 1:
            raise UserError(f"window is a number of episodes, at least 1; not {window}.")
        self.levels = {option: tuple(values) for option, values in levels.items()}
        self.raise_at = raise_at
        self.level = dict.fromkeys(self.levels, 0)
        self._raises = 0
        self._recent: deque[float] = deque(maxlen=window)

    @property
    def finished(self) -> bool:
        """Whether every option is at its hardest."""
        return all(self.level[option] == len(values) - 1 for option, values in self.levels.items())

    def options(self) -> dict[str, Any]:
        """Return the options of the present level, as `reset` takes them."""
        return {option: values[self.level[option]] for option, values in self.levels.items()}

    def update(self, success: float) -> bool:
        """Count an episode's success, 0 to 1; return whether a level was raised."""
        if not 0.0 <= success <= 1.0:
            raise UserError(f"success is a number from 0 to 1; not {success}.")
        self._recent.append(float(success))
        full = len(self._recent) == self._recent.maxlen
        if self.finished or not full or sum(self._recent) < self.raise_at * len(self._recent):
            return False
        self.level[self._next()] += 1
        self._recent.clear()
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold, as plain JSON values."""
        return {"level": dict(self.level), "raises": self._raises, "recent": list(self._recent)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint of a curriculum with the same levels."""
        level = dict(state["level"])
        fits = level.keys() == self.levels.keys()
        if not fits or any(not 0 <= place < len(self.levels[option]) for option, place in level.items()):
            raise UserError(f"The checkpoint's curriculum is at {level}, which the levels {self.levels} do not have.")
        self.level = level
        self._raises = int(state["raises"])
        self._recent.clear()
        self._recent.extend(state["recent"])

    def _next(self) -> str:
        """Return the option whose turn it is to be raised, passing over those at their hardest."""
        names = list(self.levels)
        while True:
            option = names[self._raises % len(names)]
            self._raises += 1
            if self.level[option] < len(self.levels[option]) - 1:
                return option
