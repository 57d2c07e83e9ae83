"""What does a search strategy ask for, and what is it told?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.envs.tree.usage import Usage

Kind = Literal["propose", "sample", "solve", "value", "vote", "refine", "judge"]


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be thought or judged.

    Attributes:
        id: counts from 0 in each search.
        kind: "propose" lists next thoughts of a node in one call, "sample" draws them one by one; "solve" writes whole
            answers from there; "value" judges nodes one by one, "vote" compares them, "judge" grades answers;
            "refine" criticises and rewrites an answer.
        nodes: what it is about. n: how many thoughts, answers or votes are wanted.
        agent: who is asked, where there are several models.
    """

    id: int
    kind: Kind
    nodes: tuple[int, ...]
    n: int = 1
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a request: texts for thoughts and answers, scores in [0, 1] (one a text, or one a node judged)."""

    texts: Sequence[str] = ()
    scores: Sequence[float] = ()
    usage: Usage = field(default_factory=Usage)


class Strategy(Protocol):
    """A search strategy: it says what it wants next and hears what came of it (ask/tell); it calls nobody.

    Whoever runs it reserves, on a `Meter`, the most that each request can use before it passes it on, and leaves out
    the requests that do not fit: `refuse` tells the strategy so, which then goes on without, or ends.
    """

    def begin(self, tree: ThoughtTree, task: Any, seed: int) -> None:
        """Begin a search of `task` (a `SearchTask`) in a tree that has only its root."""

    def ask(self, most: int) -> list[Request]:
        """Return up to `most` requests; none where it is finished or waits for the results of earlier ones."""

    def tell(self, request: Request, result: Result) -> None:
        """Hear the result of a request, in whatever order they come."""

    def refuse(self, request: Request) -> None:
        """Hear that there is no budget for a request."""

    def best(self, k: int = 1) -> list[int]:
        """Return the `k` best nodes so far, best first: the answer at any time."""

    def state(self) -> dict[str, Any]:
        """Return what `resume` needs, as JSON values; the tree is saved apart."""

    def resume(self, tree: ThoughtTree, task: Any, state: dict[str, Any]) -> None:
        """Go on where a search that was saved had come to."""
