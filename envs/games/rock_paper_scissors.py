"""Can two agents outguess each other? They move at once, for several rounds."""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register

_BEATS = {"rock": "scissors", "paper": "rock", "scissors": "paper"}


@register()
class RockPaperScissors(TeamEnv):
    """Winning a round pays its share of 1 and costs the other as much; an unreadable move only costs its share."""

    agents = ("player_0", "player_1")
    instance_hidden = True
    levels = {"rounds": (1, 3, 5, 9)}

    def on_reset(self, rng: random.Random, rounds: int = 5) -> str:
        self.rounds = rounds
        self.moves: dict[str, str] = {}
        return f"{rounds} rounds of rock, paper, scissors: reply with one of the three words."

    def to_act(self) -> tuple[str, ...]:
        return self.agents

    def choices(self, agent: str) -> tuple[str, ...]:
        return tuple(_BEATS)

    def on_step(self, agent: str, reply: Reply) -> Turn:
        self.moves[agent] = reply.strip().lower()
        if agent != self.agents[-1]:
            return Turn()
        shown = "; ".join(f"{who}: {move if move in _BEATS else 'no move'}" for who, move in self.moves.items())
        pay = {who: self.worth(who) for who in self.agents}
        return Turn(f"Round {self.turn + 1}. {shown}.", pay, over=self.turn + 1 == self.rounds)

    def worth(self, agent: str) -> Reward:
        mine, theirs = self.moves[agent], next(self.moves[who] for who in self.agents if who != agent)
        if mine not in _BEATS:
            return Reward(illegal=-1 / self.rounds)
        return Reward(win=(_BEATS[mine] == theirs) / self.rounds, loss=-(_BEATS.get(theirs) == mine) / self.rounds)
