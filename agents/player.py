"""Who answers for an agent? A player: a policy behind an engine, a script, or a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from syllogym.agents.chat import ChatFormat
from syllogym.agents.engines.engine import Engine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode, Step
from syllogym.agents.tokens import Tokens
from syllogym.agents.tool_formats import parameters_of, read_calls
from syllogym.envs import Message, Prompt, Reply, TextEnv, ToolCall
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
        recalled: messages that open the new context in the place of earlier moves (see `syllogym.agents.memory`).
        seed: of this move's chance; groups and turns differ, reruns agree.
    """

    env: Any
    agent: str
    prompt: Prompt
    episode: Episode
    parent: int
    seed: int
    recalled: list[Message] = field(default_factory=list)

    def moves(self) -> list[Step]:
        """Return the agent's own moves so far."""
        return [step for step in self.episode.steps if step.agent == self.agent]

    def tools(self) -> Sequence[dict[str, Any]]:
        """Return the schemas of the tools that the agent was shown when it was first asked."""
        first = next((step for step in self.episode.steps if step.agent == self.agent), None)
        return self.prompt.tools if first is None else first.tools


class Player(Protocol):
    """Anything that replies."""

    @property
    def context(self) -> Context:
        """Whether its context grows from turn to turn."""
        ...

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
        call_form: in which form it writes tool calls (see `syllogym.agents.tool_formats`); None for the one that its
            chat template teaches.
    """

    def __init__(
        self,
        engine: Engine,
        chat: ChatFormat,
        sampling: Sampling,
        context: Context = "conversation",
        prefill: Sequence[int] = (),
        call_form: str | None = None,
    ) -> None:
        self.engine = engine
        self.chat = chat
        self.sampling = sampling
        self.context = context
        self.prefill = list(prefill)
        self.call_form = call_form or chat.call_form

    async def act(self, request: Request) -> Reply:
        """Append the new messages to the context and sample."""
        before, new = continued(self.chat, request)
        new += self.prefill
        sample = await self.engine.generate([*before, *new], seed=request.seed, sampling=self.sampling)
        text, calls = self._read(sample.ids, request.tools())
        return Reply(
            text,
            tool_calls=calls,
            prompt_ids=new,
            token_ids=sample.ids,
            logprobs=sample.logprobs,
            finish_reason=sample.finish,
            version=sample.version,
            switches=sample.switches,
            tokens=Tokens(len(before) + len(new), len(sample.ids)),
        )

    def most(self, request: Request) -> Tokens:
        """Return the most tokens that a move can take."""
        before, new = continued(self.chat, request)
        return Tokens(len(before) + len(new) + len(self.prefill), self.sampling.max_tokens)

    def _read(self, ids: Sequence[int], tools: Sequence[dict[str, Any]]) -> tuple[str, tuple[ToolCall, ...]]:
        """Return what was said, and the tool calls in it, whose marks are then part of the text."""
        if tools:
            marked = self._heard(ids, self.chat.marked)
            calls = read_calls(marked, self.call_form, parameters_of(tools))
            if calls:
                return marked, tuple(calls)
        return self._heard(ids, self.chat.text), ()

    def _heard(self, ids: Sequence[int], text_of: Callable[[Sequence[int]], str]) -> str:
        """Return the text of a reply as far as the first of the texts that end one."""
        text = text_of([*self.prefill, *ids])
        begun = len(text_of(self.prefill)) if self.sampling.stop else 0
        ends = [at for stop in self.sampling.stop if (at := text.find(stop, begun)) >= 0]
        return text[: min(ends, default=len(text))]


class DemonstrationPlayer:
    """Plays the environment's reference solver and writes down the ids a policy should have sampled.

    Args:
        chat: of the policy that will imitate.
        noise: chance of a slip wherever the solver can make one (the environment's `slip`); in a team without it that
            lists the replies it accepts, chance that a move is any of them.
        fraction: share of the moves in which it may slip at all.
        context: as the policy will see it.
        reply: writes the replies in the solver's place.
    """

    def __init__(
        self,
        chat: ChatFormat,
        noise: float = 0.0,
        fraction: float = 1.0,
        context: Context = "conversation",
        reply: Callable[[Request], Awaitable[str]] | None = None,
    ) -> None:
        self.chat = chat
        self.noise = noise
        self.fraction = fraction
        self.context = context
        self.reply = reply

    async def act(self, request: Request) -> Reply:
        """Ask the solver, let it slip, encode its reply once."""
        dice = Dice()
        dice.restart(mix(request.seed), 0)
        if self.reply is not None:
            text = await self.reply(request)
        else:
            text = slipped(request, dice, self.noise) if dice.random() < self.fraction else reference_reply(request)
        _, new = continued(self.chat, request)
        return Reply(text, prompt_ids=new, token_ids=self.chat.reply(text), finish_reason="stop")


def slipped(request: Request, dice: Dice, noise: float) -> str:
    """Return a solver's reply with mistakes, as the environment makes them (`slip`).

    In a team without that it is any reply on offer, with chance `noise`, or garbled where there is no choice. A solver
    is asked only where its reply is wanted.
    """
    if isinstance(request.env, TextEnv):
        return str(request.env.slip(dice, noise))
    if hasattr(request.env, "slip"):
        return str(request.env.slip(request.agent, dice, noise))
    choices = request.env.offered(request.agent)
    if choices is None:
        return garbled(reference_reply(request), dice, noise)
    return str(dice.choice(choices)) if dice.random() < noise else reference_reply(request)


def continued(chat: ChatFormat, request: Request) -> tuple[list[int], list[int]]:
    """Return the ids of the context that a move continues, and those that are new in it.

    Where the chat template rewrites earlier replies, the move begins a context of its own (`request.parent` becomes
    -1): all that the agent was told and said, as the template writes it now. Earlier replies are prompt there.
    """
    prompt = request.prompt
    before = request.episode.context(request.parent)
    if before:
        new = chat.following(prompt.messages, before[-1])
        if new is not None:
            return before, new
        request.parent = -1
    told = request.recalled or (told_since(request.moves()) if before else [])
    return [], chat.first([*told, *prompt.messages], request.tools())


def told_since(moves: Sequence[Step]) -> list[Message]:
    """Return all that an agent was told and said, from the last context on that was opened with recalled messages."""
    begun = max((at for at, step in enumerate(moves) if step.recalled), default=0)
    opening = moves[begun].recalled if moves else []
    return [*opening, *(message for step in moves[begun:] for message in step.told())]


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
