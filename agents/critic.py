"""What is a state worth? A linear layer on last hidden states: the policy's, or those of a body of its own."""

from __future__ import annotations

from typing import Any, Literal

from torch import Tensor, nn

from syllogym.agents.weights import twin

Kind = Literal["head", "model"]
"""``head`` shares the policy's body; ``model`` begins with a copy of it, and learns apart."""


class Critic(nn.Module):
    """Estimates the return before each token; at first it knows nothing and says zero.

    Args:
        model: the policy's. kind: whose hidden states are looked at.
    """

    def __init__(self, model: Any, kind: Kind = "head") -> None:
        super().__init__()
        self.body = twin(model.base_model) if kind == "model" else None
        self.head = nn.Linear(model.config.get_text_config().hidden_size, 1, bias=False)
        nn.init.zeros_(self.head.weight)

    def forward(self, states: Tensor) -> Tensor:
        """Return the values (A,), in single precision, of last hidden states (A, width) of any."""
        values: Tensor = self.head(states.to(self.head.weight.dtype))
        return values[:, 0].float()
