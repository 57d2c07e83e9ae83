"""What is a router asked, and when is its answer right? An instance of any environment that asks one question.

Environments may say of their question which `family` and `difficulty` it has (0 to 1), and what a query in other words
has `asked`. Where nobody judges answers, one is worth what the reply was worth that it repeats.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syllogym.envs import Question as QuestionEnv
from syllogym.envs import make_plain
from syllogym.envs.answers import FORMS, extract
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.waiting import Soon, then
from syllogym.errors import UserError


@dataclass
class Asked:
    """One question, and who judges answers to it (nobody, where it is a pool's own)."""

    question: Question
    env: QuestionEnv | None = None

    def put(self, query: str) -> Question:
        """Return what experts are asked by a router's own words.

        An environment that understands them says it in `asked`; else they are taken for the question in other words.
        What was recorded was said to the whole question, whatever the words.
        """
        if self.question.row >= 0:
            return self.question
        asked = getattr(self.env, "asked", None)
        return asked(query) if asked else replace(self.question, text=query)

    def grade(self, answer: str, heard: Sequence[ExpertReply] = ()) -> Soon[float]:
        """Return the quality of an answer; `heard` are the replies that it may repeat."""
        if self.env is None:
            worth = [reply.quality for reply in heard if reply.text.strip() == answer.strip()]
            return next((quality for quality in reversed(worth) if quality is not None), 0.0)
        written = FORMS[self.env.answer_in].write % (answer,)
        graded: Soon[Any] = self.env.grade(written, self.env.answer)
        return then(graded, lambda reward: max(0.0, min(1.0, float(reward))))


def draw(rng: random.Random, task: str, options: Mapping[str, Any] | None) -> Asked:
    """Draw a question of an environment."""
    env = make_plain(task, **(options or {}))
    if not isinstance(env, QuestionEnv):
        raise UserError(f"task: {task} does not ask one question; routers need one that does, such as routing/sums.")
    ask = FORMS[env.answer_in].ask  # of a reply to this environment alone
    text = str(env.on_reset(rng, **env.options)).removesuffix(f"\n{ask}")
    family, difficulty = str(getattr(env, "family", task)), float(getattr(env, "difficulty", 0.0))
    answer = extract(env.solution(env.answer), env.answer_in)
    return Asked(Question(text, family, difficulty=difficulty, answer=answer), env)
