"""How are models asked as experts? A pool of players: local models, endpoints, scripts, each with its card.

``experts: {players: {qwen: {player: {name: openai_compatible, model: ...}, output_price: 0.3}}}`` is such a pool among
an environment's options, once this module is imported (scenarios import it).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from syllogym import agents
from syllogym.agents.asking import ask
from syllogym.agents.player import Player
from syllogym.agents.tokens import Tokens
from syllogym.envs import Reply
from syllogym.envs.chance import key_of
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.experts import CARD, card_of, kind
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError, check_choice, check_options


class PolicyPool:
    """Experts that are players; an `ExpertPool`. It judges nobody, so replies have no quality.

    Args:
        players: a player for each expert, or its name, or its name and options. Where options have `max_tokens`, a
            question that allows fewer is asked with fewer.
        cards: of the same experts, by name.
    """

    def __init__(self, players: Mapping[str, Any], cards: Mapping[str, ModelCard]) -> None:
        if not players or players.keys() != cards.keys():
            raise UserError(f"A pool has a card for each player; not {', '.join(players)} and {', '.join(cards)}.")
        self._specs = dict(players)
        self._cards = dict(cards)
        self._made: dict[tuple[str, int | None], Player] = {}
        for name in players:
            self.player(name, None)  # so that wrong options are named before anybody is asked

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The experts."""
        return tuple(self._cards.values())

    async def ask(self, model: str, question: Question, *, max_tokens: int | None = None, seed: int = 0) -> ExpertReply:
        """Ask one expert in a context of its own."""
        check_choice("The expert that is asked", model, self._specs)
        began = time.monotonic()
        said = await ask(self.player(model, max_tokens), question.text, key_of(f"{seed}/{model}/{question.text}"))
        prompt, completion, cached = said.tokens or _words(question.text, said)
        usage = Usage(
            prompt=prompt - cached,
            cached=cached,
            completion=completion,
            calls=1,
            money=self._cards[model].cost(prompt, completion),
            seconds=time.monotonic() - began,
        )
        return ExpertReply(str(said), usage=usage)

    def player(self, model: str, max_tokens: int | None) -> Player:
        """Return who plays an expert, with replies of at most `max_tokens` where its player knows such a bound."""
        spec = self._specs[model]
        name, options = (spec, {}) if isinstance(spec, str) else _options(spec)
        own = options.get("max_tokens")
        if name is None or not _bounds(name):
            max_tokens = None
        elif max_tokens is not None and own is not None:
            max_tokens = min(max_tokens, own)
        key = (model, max_tokens)
        if key not in self._made:
            bounded = {} if max_tokens is None else {"max_tokens": max_tokens}
            self._made[key] = agents.make(spec if name is None else {"name": name, **options, **bounded})
        return self._made[key]


@kind("players")
def _players(described: Mapping[str, Any]) -> PolicyPool:
    for name, says in described.items():
        check_options(f"experts.players.{name}", ("player", *CARD), says)
        if "player" not in says:
            raise UserError(f"experts.players.{name}: who plays it? Name a player, as in {{player: {{name: ...}}}}.")
    players = {name: says["player"] for name, says in described.items()}
    return PolicyPool(players, {name: card_of(name, says) for name, says in described.items()})


def _options(spec: Any) -> tuple[str | None, dict[str, Any]]:
    """Return the name and options of a player that is still to be made; no name for one that is made."""
    if not isinstance(spec, Mapping):
        return None, {}
    return str(spec.get("name")), {key: value for key, value in spec.items() if key != "name"}


def _bounds(name: str) -> bool:
    cls: Any = agents.get(name)
    return is_dataclass(cls) and any(field.name == "max_tokens" for field in fields(cls))


def _words(asked: str, said: Reply) -> Tokens:
    return Tokens(len(asked.split()), len(said.split()))
