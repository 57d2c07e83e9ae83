"""What does a search strategy ask for, what is it told, and who answers?"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from syllogym.envs import Fault
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.envs.tree.usage import NOTHING, Usage

Kind = Literal["propose", "sample", "solve", "value", "vote", "refine", "judge"]

GROWS = frozenset({"propose", "sample", "solve", "refine"})
"""Kinds that are answered by texts, each of which may become a node: at most `n` of them."""


@dataclass(slots=True)
class Request:
    """Something to be thought or judged; nobody changes it.

    Attributes:
        id: counts from 0 in each search.
        kind: "propose" lists next thoughts of a node in one call, "sample" draws them one by one; "solve" writes whole
            answers from there; "value" judges nodes one by one, "vote" compares them, "judge" grades answers;
            "refine" criticises and rewrites the answer of the first node, the others being what was said beside it.
        nodes: what it is about. n: how many thoughts, answers, votes or opinions of each node are wanted.
        agent: who is asked, where there are several models.
        manner: which of the prompts of its kind, as "cot" for an answer with its reasoning.
    """

    id: int
    kind: Kind
    nodes: tuple[int, ...]
    n: int = 1
    agent: str = ""
    manner: str = ""


@dataclass(slots=True)
class Result:
    """The answer to a request: texts for thoughts and answers, scores in [0, 1] (one a text, or one a node judged).

    The score of a text is how likely its author finds it; without any, all are equally likely.
    """

    texts: Sequence[str] = ()
    scores: Sequence[float] = ()
    usage: Usage = NOTHING


@dataclass(slots=True)
class Case:
    """A request with what is needed to answer it; `seed` is that of its chance."""

    task: Any
    tree: ThoughtTree
    request: Request
    seed: int


class Answerer(Protocol):
    """Whoever thinks or judges: a model, a script, a recording."""

    together: bool
    """Whether it is best asked for many searches at once; if not, each search goes its own pace."""

    def most(self, case: Case) -> Usage:
        """Return the most that answering can use; nodes are not counted here."""

    def answer(self, cases: Sequence[Case]) -> Sequence[Result | Fault] | Awaitable[Sequence[Result | Fault]]:
        """Answer requests, of any searches, in order; a coroutine where somebody has to be waited for.

        A `Fault` ends the search it belongs to.
        """


class Strategy(Protocol):
    """A search strategy: it says what it wants next and hears what came of it (ask/tell); it calls nobody.

    Whoever runs it reserves, on a `Meter`, the most that each request can use before it passes it on, and leaves out
    the requests that do not fit: `refuse` tells the strategy so, which then goes on without, or ends. What a strategy
    does follows from its settings, its seed and what it is told, so a search is resumed by telling it all again.
    """

    def begin(self, tree: ThoughtTree, task: Any, seed: int) -> None:
        """Begin a search of `task` (a `SearchTask`) in a tree that has only its root."""

    def ask(self, most: int) -> list[Request]:
        """Return up to `most` requests, in a new list; none where it is finished or waits for earlier ones."""

    def tell(self, request: Request, result: Result) -> None:
        """Hear the result of a request, in whatever order they come; at most `n` nodes grow for it, here."""

    def refuse(self, request: Request) -> None:
        """Hear that there is no budget for a request."""

    def best(self, k: int = 1) -> list[int]:
        """Return the `k` best nodes so far, best first: the answer at any time."""
