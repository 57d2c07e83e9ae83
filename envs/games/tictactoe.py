"""Can two agents play noughts and crosses? They move in turn, by naming a cell."""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register

_LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


@register()
class TicTacToe(TeamEnv):
    """Three in a row wins 1 and costs the other 1; a draw pays nothing.

    A reply that is not the number of a free cell loses at once: it costs the mover 1 and pays the other nothing, so
    that nobody learns to wait for a blunder.
    """

    agents = ("X", "O")
    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        self.board = list("123456789")
        return f"Noughts and crosses: reply with the number of a free cell. X begins.\n{self.picture()}"

    def choices(self, agent: str) -> list[str]:
        return [cell for cell in self.board if cell.isdigit()]

    def on_step(self, agent: str, reply: Reply) -> Turn:
        move = reply.strip()
        if move not in self.choices(agent):
            return Turn(f"{agent} made an illegal move.", Reward(illegal=-1.0), over=True)
        self.board[int(move) - 1] = agent
        other = "O" if agent == "X" else "X"
        if any(self.board[a] == self.board[b] == self.board[c] == agent for a, b, c in _LINES):
            return Turn(f"{agent} wins.", {agent: Reward(win=1.0), other: Reward(loss=-1.0)}, over=True)
        drawn = self.turn == 8
        return Turn("A draw." if drawn else {other: f"{agent} took {move}.\n{self.picture()}"}, over=drawn)

    def picture(self) -> str:
        return "\n".join(" ".join(self.board[row : row + 3]) for row in (0, 3, 6))
