"""How good does a model that gives numbers find a thought? A reward model, or a policy's value head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from syllogym.agents.search.request import Case, Result
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError

if TYPE_CHECKING:
    from syllogym.agents.policy import Policy

Texts = Sequence[tuple[str, str]]
"""Of each node, the puzzle and all that was thought from there, a line each."""


@dataclass(kw_only=True)
class Scored:
    """Judges by any function of texts, all nodes of all searches in one call.

    Attributes:
        score: returns a number in [0, 1] for each of (puzzle, thoughts).
    """

    together: ClassVar[bool] = True

    score: Callable[[Texts], Sequence[float]]

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return sum((self.use(text) for text in texts_of(case)), NOTHING)

    def use(self, text: tuple[str, str]) -> Usage:
        """Return what one text uses: nothing, unless a subclass knows better."""
        return NOTHING

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Judge every node."""
        texts = [texts_of(case) for case in cases]
        scores = list(self.score([text for group in texts for text in group]))
        results, at = [], 0
        for case, group in zip(cases, texts, strict=True):
            results.append(Result((), scores[at : at + len(group)], self.most(case)))
            at += len(group)
        return results


class ValueHead(Scored):
    """Judges by a policy's critic: the return it expects after the puzzle and the thoughts so far, cut to [0, 1].

    Args:
        policy: with a critic that was trained on contexts of this form.
    """

    def __init__(self, policy: Policy) -> None:
        if policy.critic is None:
            raise UserError("A value head judges only where the policy has one: give it a critic.")
        super().__init__(score=self._values)
        self.policy = policy

    def use(self, text: tuple[str, str]) -> Usage:
        """Return the tokens of a context."""
        return Usage(prompt=len(self._ids(text)), calls=1)

    def _ids(self, text: tuple[str, str]) -> list[int]:
        puzzle, thoughts = text
        chat = self.policy.chat
        return chat.first([{"role": "user", "content": puzzle}]) + chat.encode(thoughts)

    def _values(self, texts: Texts) -> list[float]:
        import torch

        contexts = [self._ids(text) for text in texts]
        if not contexts:
            return []
        # What is expected before a next token, whichever that is.
        sequences = [torch.tensor([*ids, 0]) for ids in contexts]
        row, position = torch.arange(len(contexts)), torch.tensor([len(ids) for ids in contexts])
        with torch.no_grad():
            values = self.policy.score(sequences, row, position).values
        assert values is not None
        found: list[float] = values.clamp(0.0, 1.0).tolist()
        return found


def texts_of(case: Case) -> list[tuple[str, str]]:
    """Return the puzzle and the thoughts of each node of a request."""
    tree = case.tree
    return [
        (case.task.prompt, "".join(f"{tree.text[at]}\n" for at in tree.path(node)[1:])) for node in case.request.nodes
    ]
