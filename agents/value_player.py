"""How does a player move that knows, or learns, what each reply on offer is worth? It says the best, or tries any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from syllogym.agents.action_values import ActionValues, Transition
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, Request
from syllogym.envs import Reply
from syllogym.envs.chance import Dice, mix
from syllogym.errors import UserError


def offered(env: Any, agent: str) -> tuple[str, ...]:
    """Return the replies that the environment accepts from an agent now; `UserError` when it does not list them."""
    choices: tuple[str, ...] | None = env.offered(agent)
    if choices is None:
        raise UserError(
            f"{env.name} takes free text from {agent}, and values are learnt only of replies that can be listed. "
            "Choose a method that learns tokens, such as grpo, or give the environment a method `choices(agent)`."
        )
    return choices


class ValuePlayer:
    """Says the reply of the highest value.

    Args:
        values: of replies.
        context: ``markov``: the state is the prompt; ``conversation``: all that was told and said so far.
    """

    def __init__(self, values: ActionValues, context: Context) -> None:
        self.values = values
        self.context = context

    async def act(self, request: Request) -> Reply:
        """Return a reply."""
        state, choices = state_of(request), offered(request.env, request.agent)
        return Reply(explore(self.values.of(state, choices), choices, 0.0, request.seed))


class Learner(Protocol):
    """Whoever learns values while a player plays by them; `epsilon` is the chance of a reply drawn from all."""

    epsilon: float

    def learn(self, transition: Transition) -> None:
        """Take in what came of a move."""
        ...


@dataclass(slots=True)
class _Move:
    """A move whose outcome is not known yet; `paid` is what the agent had earned before it."""

    episode: Episode
    agent: str
    state: str
    choices: tuple[str, ...]
    action: str
    paid: float


class LearningPlayer:
    """Explores, and learns while it plays.

    Its learner is told of each move as soon as the next one has been chosen (SARSA learns from that too), or the
    episode has ended. Delayed credit is paid with the last move. The last move of an episode that was cut off is not
    learnt from: nobody knows what would have come of it.

    Args:
        values, context: as above.
        learner: changes the values.
    """

    def __init__(self, values: ActionValues, context: Context, learner: Learner) -> None:
        self.values = values
        self.context = context
        self.learner = learner
        self._open: dict[tuple[int, str], _Move] = {}

    async def act(self, request: Request) -> Reply:
        """Learn from what came of earlier moves, and return a reply."""
        self._end_episodes()
        episode, agent = request.episode, request.agent
        state, choices = state_of(request), offered(request.env, agent)
        action = explore(self.values.of(state, choices), choices, self.learner.epsilon, request.seed)
        move = _Move(episode, agent, state, choices, action, episode.reward(agent))
        before = self._open.get((id(episode), agent))
        if before is not None:
            self._tell(before, move)
        self._open[id(episode), agent] = move
        return Reply(action)

    def finish(self) -> None:
        """Learn from the last moves of a rollout that is over; moves of episodes lost to faults are forgotten."""
        self._end_episodes()
        self._open.clear()

    def _end_episodes(self) -> None:
        for key, move in list(self._open.items()):
            if move.episode.terminated:
                self._tell(move, None)
            if move.episode.terminated or move.episode.truncated:
                del self._open[key]

    def _tell(self, move: _Move, after: _Move | None) -> None:
        reward = move.episode.reward(move.agent) - move.paid
        follows = (after.state, after.choices, after.action) if after else ("", (), "")
        self.learner.learn(Transition(move.state, move.choices, move.action, reward, *follows))


def explore(values: Sequence[float], choices: Sequence[str], epsilon: float, seed: int) -> str:
    """Draw one of the choices of the highest value, or with chance `epsilon` one of all."""
    dice = Dice()
    dice.restart(mix(seed), 0)
    if dice.random() < epsilon:
        return dice.choice(choices)
    best = max(values)
    return dice.choice([choice for choice, value in zip(choices, values, strict=True) if value == best])


def state_of(request: Request) -> str:
    """Return the text that the move is decided by: the context it continues, if any, and the new prompt."""
    steps = [request.episode.steps[at] for at in request.episode.chain(request.parent)]
    told = [[*(str(message["content"]) for message in step.prompt), step.reply] for step in steps]
    return "\n".join([*(text for texts in told for text in texts), str(request.prompt)])
