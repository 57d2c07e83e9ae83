r"""Can the agent solve the problems of a data set? GSM8K, MATH, AIME, ..., or the rows of any file.

``envs.make("math/dataset", preset="gsm8k")`` loads from the Hugging Face hub, ``file="problems.jsonl"`` a local file
(jsonl, json, parquet or csv, ``.gz`` too). Nothing is loaded before the first reset. Answers are judged by
`syllogym.envs.math.equivalence`: exactly, safely, in any thread.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from syllogym.envs import Reply, Reward, Turn, register
from syllogym.envs.answers import FORMS, extract
from syllogym.envs.math.equivalence import Verdict, verdict_on
from syllogym.envs.math.notation import plain
from syllogym.envs.math.presets import PRESETS, Preset
from syllogym.envs.math.rows import Row, read_rows
from syllogym.envs.question import Question
from syllogym.envs.waiting import Soon, then
from syllogym.errors import UserError, check_choice

SAMPLE = Path(__file__).with_name("sample.jsonl")
"""A few easy problems of our own, used when neither a preset nor a file is named."""

_LETTER = re.compile(r"\(?([A-Za-z])\)?(?:[).:].*)?", re.DOTALL)
_OPTION = re.compile(r"\s*\(?([A-Z])[).:]\s*")

NONE = Verdict(False, "none")
"""The verdict on a reply that gives no answer in the form asked for."""


@register()
class Dataset(Question):
    """One problem of a data set a turn; 1.0 for an answer that equals the given one.

    Options:
        preset: a well-known format (see `syllogym.envs.math.presets`); it also knows where the set is on the hub.
        file: local file or hub name; without one, the preset's own data set.
        subset, part: configuration and split of a hub data set.
        fields: where the parts of a row are, such as ``{"question": "prompt", "answer": "target", "level": "grade"}``.
        gold: how the right answer is found in its field, one of the forms of `syllogym.envs.answers`.
        template: the prompt; ``{question}`` is replaced. How to write the answer is asked for behind it.
        extract: how the answer is found in a reply, one of the same forms.
        level: only rows of at most this difficulty, where rows have one.
        tolerance: relative error allowed to plain numbers.
    """

    tolerance: float = 0.0
    verdict: Verdict = NONE
    levels = {"level": (1, 2, 3, 4, 5)}

    def draw(
        self,
        rng: random.Random,
        preset: str = "",
        file: str = "",
        subset: str | None = None,
        part: str = "",
        fields: Mapping[str, str] | None = None,
        gold: str = "",
        template: str = "{question}",
        extract: str = "boxed",
        level: float | None = None,
        tolerance: float | None = None,
    ) -> tuple[str, Row]:
        check_choice("The form of an answer", extract, FORMS)
        known, file = _preset(preset, file)
        asked: dict[str, Any] = {"subset": subset, "part": part, "gold": gold, "tolerance": tolerance}
        known = replace(known, **{name: value for name, value in asked.items() if value not in (None, "")})
        rows = read_rows(file, known, fields or {}, level)
        self.answer_in, self.tolerance = extract, known.tolerance
        row = rng.choice(rows)
        return template.replace("{question}", row.question), row

    def grade(self, reply: str, answer: Row) -> Soon[float]:
        found = extract(reply, self.answer_in)
        return then(NONE if found is None else judge(found, answer, self.tolerance), self._reward)

    def _reward(self, verdict: Verdict) -> float:
        self.verdict = verdict
        return Reward(correct=float(verdict.equal))

    def solution(self, answer: Row) -> str:
        return FORMS[self.answer_in].write % (answer.answer,)

    def on_step(self, reply: Reply) -> Soon[Turn]:
        """Grade the reply; ``info["verdict"]`` says what decided (see `syllogym.envs.math.equivalence.Verdict`)."""
        return then(super().on_step(reply), self._noted)

    def _noted(self, turn: Turn) -> Turn:
        turn.info["verdict"] = self.verdict.source
        return turn


def judge(answer: str, row: Row, tolerance: float = 0.0) -> Soon[Verdict]:
    """Judge an answer to a row; in a multiple choice, its letter or what the right option says."""
    if not row.choices:
        return verdict_on(answer, row.answer, tolerance)
    marks = [_OPTION.match(option) for option in row.choices]
    options = {mark[1]: mark.string[mark.end() :] for mark in marks if mark is not None}
    letter = _LETTER.fullmatch(plain(answer))
    if letter is not None and letter[1].upper() in options:
        return Verdict(letter[1].upper() == row.answer, "choice")
    return verdict_on(answer, options.get(row.answer, row.answer), tolerance)


def _preset(name: str, file: str) -> tuple[Preset, str]:
    """Return a preset and where its rows are."""
    if not name:
        return (Preset(), file) if file else (Preset(level="level"), str(SAMPLE))
    check_choice("A preset", name, PRESETS)
    known = PRESETS[name]
    if not file and not known.hub:
        raise UserError(f"The preset {name!r} knows no data set on the hub: name a file, as in file='{name}.jsonl'.")
    return known, file or known.hub
