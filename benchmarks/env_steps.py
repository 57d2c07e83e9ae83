r"""How long does one step of a text game take, beside GEM's?

Held equal: the rules of GEM's GuessTheNumber (numbers to 50, 7 turns, ``\boxed{n}`` read by a regular expression,
repeated and outlying guesses told so), the replies, an unseeded reset when an episode ends. Not equal: the words, which
are shorter here. Both games are first played side by side to see that they pay and end alike.

A second row sets our own `games/guess_number` beside GEM's: also 50 numbers and 7 turns, but the reply is the bare
number and repeated guesses are not noticed.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import random
import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

from benchmarks.measure import Row, peer, race
from syllogym.envs import Reward, TextEnv, Turn, make_plain
from syllogym.envs.vector import TextVectorEnv

STEPS = 20_000
REPLIES = [f"\\boxed{{{1 + at % 20}}}" for at in range(4096)]
GAME = "game:GuessTheNumber-v0-hard"
HIGH, TURNS = 50, 7

_BOXED = re.compile(r"\\boxed{(\d+)}")
_RULES = f"Guess my number between 1 and {HIGH} in {TURNS} turns; write every guess as \\boxed{{number}}."


class GuessTheNumber(TextEnv):
    """GEM's game, written as an author would."""

    name = "bench/guess_the_number"
    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        self.secret = rng.randint(1, HIGH)
        self.guessed: set[int] = set()
        return _RULES

    def on_step(self, reply: str) -> Turn | str:
        found = _BOXED.findall(reply)
        guess = int(found[-1]) if found else 0
        if not guess:
            return Turn("That is no guess.", Reward(format=-0.1), over=True)
        fresh = guess not in self.guessed
        if guess == self.secret and fresh:
            return Turn(f"{guess} is right.", Reward(correct=1.0), over=True)
        if self.turn + 1 == TURNS:
            worth = 1 - abs(guess - self.secret) / (HIGH - 1) if guess <= HIGH else 0.0
            return Turn("That was your last guess.", worth, over=True)
        if guess > HIGH:
            return f"{guess} is out of range."
        if not fresh:
            return f"You have guessed {guess} before."
        self.guessed.add(guess)
        return f"My number is lower than {guess}." if guess > self.secret else f"My number is higher than {guess}."


def rows() -> Iterator[Row]:
    with contextlib.redirect_stdout(io.StringIO()):
        gem = peer("gem", "gem-llm==0.1.0")
        theirs = gem.make(GAME)
    ours = GuessTheNumber()
    ours.reset(seed=0)
    theirs.reset(seed=0)
    compare(ours, theirs)
    version = f"GEM {importlib.metadata.version('gem-llm')}"
    row = Row("a step of GuessTheNumber", "steps/s", version, goal=1.5)
    yield race(row, lambda: single(ours), lambda: single(theirs))
    lean, numbers = make_plain("games/guess_number"), [reply[7:-1] for reply in REPLIES]
    row = Row("games/guess_number beside it, a lighter game", "steps/s", version)
    yield race(row, lambda: single(lean, numbers), lambda: single(theirs))
    count = len(REPLIES)
    vector = TextVectorEnv([GuessTheNumber() for _ in range(count)])
    with contextlib.redirect_stdout(io.StringIO()):
        other = gem.make_vec([GAME] * count, async_mode=False)
    vector.reset(seed=0)
    other.reset(seed=0)
    row = Row(f"GuessTheNumber, {count} games at once", "steps/s", version, goal=2)
    yield race(row, lambda: many(vector), lambda: many(other))


def compare(ours: GuessTheNumber, theirs: Any, games: int = 300) -> None:
    """Play both with the same secrets; raise where they differ in what they pay or where they end."""
    dice = random.Random(0)
    for _ in range(games):
        ours.reset()
        theirs.reset()
        ours.secret = theirs.game_number
        over = False
        while not over:
            reply = dice.choice((REPLIES[dice.randrange(20)], f"\\boxed{{{dice.randint(1, 60)}}}", "hm"))
            told, paid, over, _, _ = ours.step(reply)
            other, other_paid, other_over, _, _ = theirs.step(reply)
            if abs(paid - other_paid) > 1e-9 or over != other_over:
                raise AssertionError(f"The games differ: {told!r} pays {paid}, {other!r} pays {other_paid}.")


def single(env: Any, replies: Sequence[str] = REPLIES) -> int:
    step, reset = env.step, env.reset
    reset()
    for reply in islice(cycle(replies), STEPS):  # so that little but the steps is measured
        _, _, terminated, truncated, _ = step(reply)
        if terminated or truncated:
            reset()
    return STEPS


def many(vector: Any) -> int:
    steps = STEPS // len(REPLIES)
    for _ in range(steps):
        vector.step(REPLIES)
    return steps * len(REPLIES)
