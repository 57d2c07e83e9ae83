"""What has been used and paid, and may another request be made? Tokens, money, and a budget that is never exceeded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from syllogym.agents.tokens import Tokens
from syllogym.errors import UserError


class BudgetSpent(UserError):
    """The next request could cost more than the budget has left."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Money for a million tokens, in any one currency. Cached tokens cost as much as others unless they are priced."""

    prompt: float
    completion: float
    cached: float | None = None

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if min(self.prompt, self.completion, self.cached or 0.0) < 0:
            raise UserError(f"prices are not negative; not {self}.")

    def of(self, tokens: Tokens) -> float:
        """Return what these tokens cost."""
        cached = self.prompt if self.cached is None else self.cached
        fresh = tokens.prompt - tokens.cached
        return (fresh * self.prompt + tokens.cached * cached + tokens.completion * self.completion) / 1e6


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What may be used in all: money (in the currency of the prices), tokens (prompt and completion), or both."""

    money: float | None = None
    tokens: int | None = None

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}


@dataclass
class Usage:
    """What was used so far.

    Attributes:
        calls: replies that the endpoint gave. cache_hits: replies from the cache on disk, which cost nothing.
        retries: attempts after a temporary failure. failures: requests given up.
        prompt, cached, completion: tokens, as the server counts them; the cached are among the prompt's.
        money: by the price table. seconds: that requests took, added up over those side by side.
    """

    calls: int = 0
    cache_hits: int = 0
    retries: int = 0
    failures: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    money: float = 0.0
    seconds: float = 0.0


@dataclass
class Ledger:
    """Keeps the account of one endpoint. A request under way holds the most it can cost, until it is settled."""

    prices: Prices | None = None
    budget: Budget = Budget()
    usage: Usage = field(default_factory=Usage)
    _held: list[Tokens] = field(default_factory=list)

    def admits(self, most: Tokens) -> bool:
        """Say whether a request that costs at most `most` fits beside those under way.

        Raises:
            BudgetSpent: it would not fit even if those cost nothing.
        """
        for what, limit, spent, cost in self._limits(most):
            if spent + cost > limit:
                raise BudgetSpent(
                    f"budget: {spent:.6g} of {limit:.6g} {what} are spent and the next request can take up to "
                    f"{cost:.6g}, so the run stops. Raise budget.{what}, or lower max_tokens."
                )
        held = Tokens(*map(sum, zip(most, *self._held, strict=True)))
        return all(spent + cost <= limit for _, limit, spent, cost in self._limits(held))

    def hold(self, most: Tokens) -> None:
        """Set aside what a request can cost."""
        self._held.append(most)

    def release(self, most: Tokens) -> None:
        """Give back what was set aside."""
        self._held.remove(most)

    def charge(self, tokens: Tokens) -> None:
        """Book the tokens of a reply."""
        self.usage.calls += 1
        self.usage.prompt += tokens.prompt
        self.usage.cached += tokens.cached
        self.usage.completion += tokens.completion
        self.usage.money += self._cost(tokens)

    def numbers(self) -> dict[str, float]:
        """Return the account as metrics."""
        return {name: float(value) for name, value in asdict(self.usage).items()}

    @property
    def bounded(self) -> bool:
        """Whether there is a budget at all."""
        return self.budget != Budget()

    def _limits(self, most: Tokens) -> list[tuple[str, float, float, float]]:
        used = self.usage
        limits = (
            ("tokens", self.budget.tokens, used.prompt + used.completion, most.prompt + most.completion),
            ("money", self.budget.money, used.money, self._cost(most)),
        )
        return [(what, limit, spent, cost) for what, limit, spent, cost in limits if limit is not None]

    def _cost(self, tokens: Tokens) -> float:
        return self.prices.of(tokens) if self.prices else 0.0
