"""What does a model cost, how fast is it, and what is it said to be good at?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from syllogym.errors import UserError

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of an expert before it is asked.

    Attributes:
        name: by which a router names it.
        input_price, output_price: dollars per million tokens in and out. call_price: dollars per call beside these.
        delay: seconds until the first token. pace: seconds per token out.
        context: tokens that fit. description: for routers that read. parameters: billions of weights, None if unknown.
    """

    name: str
    input_price: float = 0.0
    output_price: float = 0.0
    call_price: float = 0.0
    delay: float = 0.0
    pace: float = 0.0
    context: int = 8192
    description: str = ""
    parameters: float | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise UserError("A model card needs a name.")
        for key in ("input_price", "output_price", "call_price", "delay", "pace"):
            value = getattr(self, key)
            if not (isfinite(value) and value >= 0):
                raise UserError(f"{self.name}: {key} is 0 or more; it is {value!r}.")

    def cost(self, prompt: int, completion: int) -> float:
        """Return the dollars of one call with so many tokens in and out."""
        tokens = prompt * self.input_price + completion * self.output_price
        return self.call_price + tokens / _MILLION

    def seconds(self, completion: int) -> float:
        """Return how long one call takes."""
        return self.delay + self.pace * completion
