"""Can the agent find a secret number by asking? Binary search, one guess a turn."""

from __future__ import annotations

import random

from syllogym.envs import Reward, TextEnv, Turn, register


@register()
class GuessNumber(TextEnv):
    """Guess a secret number; every wrong guess is answered with higher or lower."""

    max_turns = 7
    instance_hidden = True
    levels = {"high": (7, 15, 31, 63)}

    def on_reset(self, rng: random.Random, high: int = 50) -> str:
        self.secret = rng.randint(1, high)
        self.low, self.high = 1, high
        return f"Guess my number between 1 and {high}."

    def on_step(self, reply: str) -> Turn | str:
        try:
            guess = int(reply)
        except ValueError:
            return Turn("Say one whole number.", Reward(format=-0.1))
        if guess == self.secret:
            return Turn("Correct.", Reward(correct=1.0), over=True)
        if guess < self.secret:
            if guess >= self.low:
                self.low = guess + 1
            return f"Higher than {guess}."
        if guess <= self.high:
            self.high = guess - 1
        return f"Lower than {guess}."

    def solve(self) -> str:
        return str((self.low + self.high) // 2)
