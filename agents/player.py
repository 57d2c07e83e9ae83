"""Who answers for an agent? A player: a policy behind an engine, a script, or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from syllogym.agents.chat import ChatFormat
from syllogym.agents.engines.engine import Engine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.envs import Prompt, Reply, TextEnv
from syllogym.envs.chance import Dice, mix
from syllogym.envs.slips import garbled
from syllogym.errors import UserError

Context = Literal["conversation", "markov"]


@dataclass(slots=True)
class Request:
    """One move that is asked of a player.

    Attributes:
        env: the live environment (a reference solver looks into it; a policy must not).
        agent: whose move it is.
        prompt: what is new since that agent's last reply.
        episode: what happened so far.
        parent: the step whose context this move continues, -1 for none. A player that has to begin a context where
            one could be continued sets it to -1.
        seed: of this move's chance; groups and turns differ, reruns agree.
    """

    env: Any
    agent: str
    prompt: Prompt
    episode: Episode
    parent: int
    seed: int


class Player(Protocol):
    """Anything that replies."""

    context: Context

    async def act(self, request: Request) -> Reply:
        """Return a reply. A policy's carries token ids and log-probs."""
        ...


class PolicyPlayer:
    """A policy that plays.

    Args:
        engine: samples.
        chat: turns messages into ids and back.
        sampling: settings of every reply.
        context: ``conversation``: the context grows by what is new, as far as the chat template lets it; ``markov``:
            every turn is a fresh prompt.
        prefill: how every reply is forced to begin; it counts as prompt, not as sampled.
    """

    def __init__(
        self,
        engine: Engine,
        chat: ChatFormat,
        sampling: Sampling,
        context: Context = "conversation",
        prefill: Sequence[int] = (),
    ) -> None:
        self.engine = engine
        self.chat = chat
        self.sampling = sampling
        self.context = context
        self.prefill = list(prefill)

    async def act(self, request: Request) -> Reply:
        """Append the new messages to the context and sample."""
        before, new = continued(self.chat, request)
        new += self.prefill
        sample = await self.engine.generate([*before, *new], seed=request.seed, sampling=self.sampling)
        return Reply(
            self._heard(sample.ids),
            prompt_ids=new,
            token_ids=sample.ids,
            logprobs=sample.logprobs,
            finish_reason=sample.finish,
            version=sample.version,
            switches=sample.switches,
        )

    def _heard(self, ids: Sequence[int]) -> str:
        """Return the text of a reply as far as the first of the texts that end one."""
        text = self.chat.text([*self.prefill, *ids])
        begun = len(self.chat.text(self.prefill)) if self.sampling.stop else 0
        ends = [at for stop in self.sampling.stop if (at := text.find(stop, begun)) >= 0]
        return text[: min(ends, default=len(text))]


class DemonstrationPlayer:
    """Plays the environment's reference solver and writes down the ids a policy should have sampled.

    Args:
        chat: of the policy that will imitate.
        noise: chance of a slip wherever the solver can make one (see `TextEnv.slip`).
        fraction: share of the moves in which it may slip at all.
        context: as the policy will see it.
    """

    def __init__(
        self, chat: ChatFormat, noise: float = 0.0, fraction: float = 1.0, context: Context = "conversation"
    ) -> None:
        self.chat = chat
        self.noise = noise
        self.fraction = fraction
        self.context = context

    async def act(self, request: Request) -> Reply:
        """Ask the solver, let it slip, encode its reply once."""
        dice = Dice()
        dice.restart(mix(request.seed), 0)
        text = _slip(request, dice, self.noise) if dice.random() < self.fraction else reference_reply(request)
        _, new = continued(self.chat, request)
        return Reply(text, prompt_ids=new, token_ids=self.chat.reply(text), finish_reason="stop")


def _slip(request: Request, dice: Dice, noise: float) -> str:
    if isinstance(request.env, TextEnv):
        return str(request.env.slip(dice, noise))
    return garbled(reference_reply(request), dice, noise)


def continued(chat: ChatFormat, request: Request) -> tuple[list[int], list[int]]:
    """Return the ids of the context that a move continues, and those that are new in it.

    Where the chat template rewrites earlier replies, the move begins a context of its own (`request.parent` becomes
    -1): all that the agent was told and said, as the template writes it now. Earlier replies are prompt there.
    """
    prompt = request.prompt
    before = request.episode.context(request.parent)
    if not before:
        return [], chat.first(prompt.messages, prompt.tools)
    new = chat.following(prompt.messages, before[-1])
    if new is not None:
        return before, new
    request.parent = -1
    moves = [step for step in request.episode.steps if step.agent == request.agent]
    told = [message for step in moves for message in (*step.prompt, {"role": "assistant", "content": step.reply})]
    return [], chat.first([*told, *prompt.messages], moves[0].tools)


def reference_reply(request: Request) -> str:
    """Ask the environment's reference solver for the agent's move. Raises `UserError` when it has none."""
    env = request.env
    try:
        return str(env.solve() if len(env.agents) == 1 else env.solve(request.agent))
    except (AttributeError, NotImplementedError) as error:
        if isinstance(error, AttributeError) and hasattr(env, "solve"):
            raise
        raise UserError(
            f"{env.name} has no reference solver: it can be neither demonstrated nor played by `oracle`."
        ) from error
