"""How long does a move of noughts and crosses take, beside TextArena's raw game and PettingZoo's wrapped one?

Held equal: the same game of nine moves that ends in a draw, a new seed each game, the player to move looks at what it
is told before each move. TextArena and ours are told text; PettingZoo's players get the board as an array.
"""

from __future__ import annotations

import importlib.metadata
import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import NotInstalled, Row, peer, race
from syllogym.envs import make_plain

GAMES = 200
CELLS = (0, 1, 2, 4, 3, 5, 7, 6, 8)


def rows() -> Iterator[Row | str]:
    ours, seeds = make_plain("games/tictactoe"), itertools.count()
    for make, what, goal in ((textarena, "beside a text game", 1), (pettingzoo, "beside a wrapped board", 4)):
        try:
            theirs, version = make()
        except NotInstalled as missing:
            yield str(missing)
        else:
            row = Row(f"a move of noughts and crosses, {what}", "moves/s", version, goal=goal)
            yield race(row, lambda: play(ours, seeds), theirs)


def play(env: Any, seeds: Iterator[int]) -> int:
    for seed in itertools.islice(seeds, GAMES):
        prompts, _ = env.reset(seed=seed)
        for cell in CELLS:
            (agent,) = prompts
            prompts, _, over, _, _ = env.step({agent: str(cell + 1)})
        if not over:
            raise AssertionError("Nine moves did not end the game.")
    return GAMES * len(CELLS)


def textarena() -> tuple[Any, str]:
    env = peer("textarena", "textarena").make("TicTacToe-v0-raw")
    seeds = itertools.count()

    def play_theirs() -> int:
        for seed in itertools.islice(seeds, GAMES):
            env.reset(num_players=2, seed=seed)
            for cell in CELLS:
                env.get_observation()
                over, _ = env.step(f"[{cell}]")
            if not over:
                raise AssertionError("Nine moves did not end TextArena's game.")
        return GAMES * len(CELLS)

    return play_theirs, f"TextArena {importlib.metadata.version('textarena')}, raw"


def pettingzoo() -> tuple[Any, str]:
    env = peer("pettingzoo.classic.tictactoe_v3", "'pettingzoo[classic]'").env()
    seeds = itertools.count()

    def play_theirs() -> int:
        for seed in itertools.islice(seeds, GAMES // 4):
            env.reset(seed=seed)
            cells = iter(CELLS)
            for _ in env.agent_iter():
                _, _, terminated, truncated, _ = env.last()
                env.step(None if terminated or truncated else next(cells))
        return GAMES // 4 * len(CELLS)

    return play_theirs, f"PettingZoo {importlib.metadata.version('pettingzoo')}, wrapped"
