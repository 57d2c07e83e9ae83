"""How does a model move that stands behind an OpenAI-compatible endpoint? It is asked over HTTP, and never learns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from syllogym.agents import register
from syllogym.agents.endpoint.cache import Cache
from syllogym.agents.endpoint.dialogue import messages
from syllogym.agents.endpoint.ledger import Budget, Ledger, Prices
from syllogym.agents.endpoint.terms import Terms
from syllogym.agents.player import Context, Request
from syllogym.agents.tokens import Tokens
from syllogym.envs import Reply
from syllogym.envs.tools import tool_schemas
from syllogym.errors import UserError

if TYPE_CHECKING:
    from syllogym.agents.endpoint.client import Client

_OWN = ("model", "messages", "tools", "temperature", "max_tokens", "seed", "stream", "n")


@register()
@dataclass(kw_only=True)
class OpenAICompatible(Terms):
    """A frozen player behind an endpoint: `vllm serve`, llama.cpp, OpenAI, and others that speak its chat completions.

    Attributes:
        temperature: None leaves the server's own.
        max_tokens: of a reply; None leaves the server's own.
        seeded: send each move's seed, so that a server that keeps seeds repeats itself. Never sent at temperature 0.
        body: further fields of every request, as they are (``{top_p: 0.9}``).
        context: ``conversation``, or ``markov``, where every turn is a prompt of its own.
        prices, budget: see `Prices` and `Budget`; the run stops before a request that the budget might not cover.
        cache: folder of replies, which are never asked for twice; None for none.
    """

    temperature: float | None = None
    max_tokens: int | None = 1024
    seeded: bool = True
    body: dict[str, Any] = field(default_factory=dict)
    context: Context = "conversation"
    prices: Prices | None = None
    budget: Budget = field(default_factory=Budget)
    cache: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        own = [name for name in self.body if name in _OWN]
        if own:
            raise UserError(f"body.{own[0]} is not set there: it is an option of the agent, or not for a player.")
        if self.budget != Budget() and self._longest is None:
            raise UserError("budget: it can only be kept when max_tokens says how long a reply may be.")
        if self.budget.money is not None and self.prices is None:
            raise UserError("budget.money: prices must say what a million tokens cost.")

    async def act(self, request: Request) -> Reply:
        """Ask for the move."""
        body = self._body(request)
        unseeded = 0 if self.temperature == 0 else request.seed  # moves that may differ are kept apart
        asked = {"base_url": self.base_url, "body": body, "seed": unseeded}
        answer = self._replies.get(asked) if self._replies else None
        if answer is not None:
            self.ledger.usage.cache_hits += 1
        else:
            answer = await self._client.ask(body, self._most(body), request.seed)
            if self._replies:
                self._replies.put(asked, answer)
        return Reply(answer.text, finish_reason=answer.finish, tokens=answer.tokens)

    def most(self, request: Request) -> Tokens:
        """Return the most tokens that a move can take. Raises `UserError` where nobody knows."""
        if self._longest is None:
            raise UserError("max_tokens: how long a reply may be has to be known before it is asked for.")
        return self._most(self._body(request))

    @cached_property
    def ledger(self) -> Ledger:
        """What was used so far."""
        return Ledger(self.prices, self.budget)

    @cached_property
    def _replies(self) -> Cache | None:
        return Cache(self.cache) if self.cache else None

    @cached_property
    def _client(self) -> Client:
        try:
            from syllogym.agents.endpoint.client import Client
        except ModuleNotFoundError as error:
            raise UserError("openai_compatible needs httpx2: pip install 'syllogym[openai]'.") from error
        return Client(self, self.ledger)

    @property
    def _longest(self) -> int | None:
        return self.max_tokens or self.body.get("max_completion_tokens")

    def _body(self, request: Request) -> dict[str, Any]:
        tools = list(request.prompt.tools or tool_schemas(type(request.env)).values())
        options = {
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "seed": request.seed % 2**31 if self.seeded and self.temperature != 0 else None,
            "tools": tools or None,
        }
        given = {name: value for name, value in options.items() if value is not None}
        return {"model": self.model, "messages": messages(request), **given, **self.body}

    def _most(self, body: dict[str, Any]) -> Tokens:
        """Return the most tokens a request can take: a token has at least a byte, the template's are in the JSON's."""
        return Tokens(len(json.dumps(body, ensure_ascii=False).encode()), self._longest or 0)
