r"""How long does one step of a text game take, beside GEM's?

Held equal: the rules and the words of GEM's GuessTheNumber (numbers to 50, 7 turns, ``\boxed{n}`` read by a regular
expression, repeated and outlying guesses told so), the replies, an unseeded reset when an episode ends. Both games are
first played side by side to see that they say and pay the same.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.measure import Row, peer, race
from syllogym.envs import Reply, Reward, TextEnv, Turn
from syllogym.envs.vector import TextVectorEnv

STEPS = 20_000
REPLIES = [f"\\boxed{{{1 + at % 20}}}" for at in range(4096)]
GAME = "game:GuessTheNumber-v0-hard"
HIGH, TURNS = 50, 7

_BOXED = re.compile(r"\\boxed{(\d+)}")
_RULES = (
    "You are playing Guess The Number.\n"
    f"You have to guess the number between 1 and {HIGH} (inclusive) within {TURNS} turns.\n"
    "As you enter your guess, the game will provide you with hints such as the target number is 'higher' or 'lower'.\n"
    "You may provide your response in any manner. Only the number that is wrapped inside \\boxed{} will be considered "
    "as your guess, for example, \\boxed{%d}.\n"
    "As you play, the history of your guesses will be appended below. Use the information to complete the game before "
    "you run out of guesses.\nEnter your first guess to start the game.\n"
)


class GuessTheNumber(TextEnv):
    """GEM's game, written as an author would."""

    name = "bench/guess_the_number"
    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        self.secret = rng.randint(1, HIGH)
        self.guessed: set[int] = set()
        return _RULES % rng.randint(1, HIGH)

    def on_step(self, reply: Reply) -> Turn | str:
        at = self.turn + 1
        found = _BOXED.findall(reply)
        guess = int(found[-1]) if found else 0
        if not guess:
            return Turn(f"At turn {at}, you did not provide a valid guess.", Reward(format=-0.1), over=True)
        if guess == self.secret and guess not in self.guessed:
            told = f"Congratulations! You guessed the correct number {guess} in {at} turns."
            return Turn(told, Reward(correct=1.0), over=True)
        outside = not 1 <= guess <= HIGH
        if at == TURNS:
            worth = 0.0 if outside else 1 - abs(guess - self.secret) / (HIGH - 1)
            return Turn("You have reached the maximum number of turns.", worth, over=True)
        if outside:
            return f"At turn {at}, you guessed {guess}, which is outside the range specified."
        if guess in self.guessed:
            return f"At turn {at}, you guessed {guess}, which has been already guessed before."
        self.guessed.add(guess)
        hint = "lower" if guess > self.secret else "higher"
        return f"At turn {at}, you guessed {guess}, and the target number is {hint} than {guess}."


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
    count = len(REPLIES)
    vector = TextVectorEnv([GuessTheNumber() for _ in range(count)])
    with contextlib.redirect_stdout(io.StringIO()):
        other = gem.make_vec([GAME] * count, async_mode=False)
    vector.reset(seed=0)
    other.reset(seed=0)
    row = Row(f"the same, {count} games at once", "steps/s", version, goal=2)
    yield race(row, lambda: many(vector), lambda: many(other))


def compare(ours: GuessTheNumber, theirs: Any, games: int = 300) -> None:
    """Play both with the same secrets; raise where they differ in what they say, pay, or call the end."""
    dice = random.Random(0)
    for _ in range(games):
        ours.reset()
        theirs.reset()
        ours.secret = theirs.game_number
        over = False
        while not over:
            reply = dice.choice((REPLIES[dice.randrange(20)], f"\\boxed{{{dice.randint(1, 60)}}}", "hm"))
            said, paid, ended, cut, _ = ours.step(reply)
            other_said, other_paid, other_ended, other_cut, _ = theirs.step(reply)
            over = ended or cut
            if (said, round(paid, 9), over) != (other_said, round(other_paid, 9), other_ended or other_cut):
                raise AssertionError(f"The games differ: {said!r} pays {paid}, theirs {other_said!r} {other_paid}.")


def single(env: Any, replies: Sequence[str] = REPLIES) -> int:
    count = len(replies)
    env.reset()
    for at in range(STEPS):
        _, _, terminated, truncated, _ = env.step(replies[at % count])
        if terminated or truncated:
            env.reset()
    return STEPS


def many(vector: Any) -> int:
    steps = STEPS // len(REPLIES)
    for _ in range(steps):
        vector.step(REPLIES)
    return steps * len(REPLIES)
