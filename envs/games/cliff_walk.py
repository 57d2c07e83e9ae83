"""Does the agent walk beside the cliff, the shortest way, or at a safe distance from it?"""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TextEnv, Turn, register

_ROWS, _COLUMNS = 4, 12
_START, _GOAL = (3, 0), (3, 11)
_MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


@register()
class CliffWalk(TextEnv):
    """Sutton and Barto's example 6.6: every step costs 1, the cliff between start and goal 100 and the way back.

    Walking into a wall is a step on the spot. A reply that is no direction costs 1 too, as ``illegal``.
    """

    max_turns = 1000
    instance_hidden = True
    max_return = -13.0
    lazy_return = -50.0

    def on_reset(self, rng: random.Random) -> str:
        self.place = _START
        return self._shown()

    def choices(self, agent: str) -> tuple[str, ...]:
        return tuple(_MOVES)

    def on_step(self, reply: Reply) -> Turn:
        move = _MOVES.get(reply.strip().lower())
        if move is None:
            return Turn(self._shown(), Reward(illegal=-1.0))
        row, column = (
            min(max(at + by, 0), end - 1) for at, by, end in zip(self.place, move, (_ROWS, _COLUMNS), strict=True)
        )
        fell = row == _START[0] and _START[1] < column < _GOAL[1]
        self.place = _START if fell else (row, column)
        reward = Reward(fall=-100.0) if fell else Reward(step=-1.0)
        return Turn(self._shown(), reward, over=self.place == _GOAL)

    def solve(self) -> str:
        row, column = self.place
        if row == _START[0]:
            return "up"
        if column == _GOAL[1]:
            return "down"
        return "down" if row < _START[0] - 1 else "right"

    def _shown(self) -> str:
        rows = [["."] * _COLUMNS for _ in range(_ROWS)]
        rows[-1][1:-1] = "#" * (_COLUMNS - 2)
        rows[_GOAL[0]][_GOAL[1]] = "G"
        rows[self.place[0]][self.place[1]] = "@"
        return "\n".join(map("".join, rows))
