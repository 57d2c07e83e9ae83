"""How does a language model propose and judge? Any player is asked: a policy behind an engine, or an endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from syllogym.agents import make
from syllogym.agents.asking import ask, question
from syllogym.agents.player import Player
from syllogym.agents.search.prompts import Prompts, chosen, graded
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.whole import Whole, answer_of
from syllogym.agents.tokens import Tokens
from syllogym.envs import Fault, Reply
from syllogym.envs.chance import key_of
from syllogym.envs.tree.usage import NOTHING, Usage


@dataclass(kw_only=True)
class Model:
    """Proposer and evaluator in one: every thought, answer or opinion is a reply of the player `of`.

    What a request can use at the most is known before: the tokens of its prompt, and of the longest reply. What it did
    use is what the engine or the server counts; a server that does not count is taken to have used the most.

    Attributes:
        of: a player, or its name and options. prompts: what it is told.
        unreadable: opinions without a verdict so far; each counts 0.
    """

    together: ClassVar[bool] = False

    of: Any
    prompts: Prompts = field(default_factory=Prompts)

    def __post_init__(self) -> None:
        self.player: Player = make(self.of)
        self.unreadable = 0

    def most(self, case: Case) -> Usage:
        """Return the most that answering can use: the sum over the replies it takes."""
        asked = self._asked(case)
        most = {text: self._most(text) for text in dict.fromkeys(asked)}  # several opinions have one prompt
        return sum((most[text] for text in asked), NOTHING)

    async def answer(self, cases: Sequence[Case]) -> list[Result | Fault]:
        """Answer requests, all at the same time."""
        results = await asyncio.gather(*(self._answer(case) for case in cases), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, Fault):
                raise result
        return results  # type: ignore[return-value]

    async def _answer(self, case: Case) -> Result:
        asked = self._asked(case)
        replies = await asyncio.gather(
            *(ask(self.player, text, key_of(f"{case.seed}/{at}")) for at, text in enumerate(asked))
        )
        usage = sum((self._used(*pair) for pair in zip(asked, replies, strict=True)), NOTHING)
        return self._read(case, replies, usage)

    def _read(self, case: Case, replies: Sequence[str], usage: Usage) -> Result:
        request, prompts = case.request, self.prompts
        if request.kind == "propose":
            return Result(prompts.listed(replies[0], request.n), usage=usage)
        if request.kind == "sample":
            return Result([text for reply in replies for text in prompts.thought(reply)], usage=usage)
        if request.kind in ("solve", "refine"):
            return Result(list(replies), usage=usage)
        count = len(request.nodes)
        if request.kind == "vote":
            votes = [self._heard(chosen(reply, count)) for reply in replies]
            return Result((), [votes.count(at) / request.n for at in range(count)], usage)
        scores = []
        for at, node in enumerate(request.nodes):
            heard = replies[at * request.n : (at + 1) * request.n]
            read = graded if self._is_answer(case, node) else prompts.worth
            scores.append(sum(self._heard(read(reply)) or 0.0 for reply in heard) / request.n)
        return Result((), scores, usage)

    def _heard(self, verdict: Any) -> Any:
        self.unreadable += verdict is None
        return verdict

    def _asked(self, case: Case) -> list[str]:
        """Return the prompts of a request, one for each reply that it takes."""
        request, prompts = case.request, self.prompts
        if request.kind in ("value", "judge"):
            return [
                self._filled(prompts.judge if self._is_answer(case, node) else prompts.value, case, node)
                for node in request.nodes
                for _ in range(request.n)
            ]
        name = (request.manner or "cot") if request.kind == "solve" else request.kind
        text = self._filled(getattr(prompts, name), case, request.nodes[0])
        return [text] * (1 if request.kind == "propose" else request.n)

    def _filled(self, template: str, case: Case, node: int) -> str:
        task, tree, request = case.task, case.tree, case.request
        others = {"vote": request.nodes, "refine": request.nodes[1:]}.get(request.kind, ())
        return template.format(
            problem=task.prompt,
            thoughts="\n".join(tree.text[at] for at in tree.path(node)[1:]) or "(nothing)",
            state="" if self._is_answer(case, node) else task.show(tree.state[node]),
            answer=tree.text[node] if isinstance(tree.state[node], Whole) else answer_of(task, tree, node),
            n=request.n,
            others="\n\n".join(f"Answer {at}:\n{tree.text[other]}" for at, other in enumerate(others, start=1)),
            labels=", ".join(self.prompts.labels),
        )

    @staticmethod
    def _is_answer(case: Case, node: int) -> bool:
        return answer_of(case.task, case.tree, node) is not None

    def _most(self, text: str) -> Usage:
        most = getattr(self.player, "most", None)
        return Usage(calls=1) if most is None else self._usage(most(question(text, 0)))

    def _used(self, text: str, reply: str) -> Usage:
        tokens = reply.tokens if isinstance(reply, Reply) else None
        return self._most(text) if tokens is None else self._usage(Tokens(*tokens))

    def _usage(self, tokens: Tokens) -> Usage:
        prices = getattr(self.player, "prices", None)
        money = prices.of(tokens) if prices else 0.0
        return Usage(tokens.prompt - tokens.cached, tokens.cached, tokens.completion, 1, money=money)
