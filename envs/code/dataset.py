"""Can the agent solve the programming problems of a data set? HumanEval, MBPP, APPS, ..., or any in their forms."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock

from syllogym.envs import register
from syllogym.envs.code.presets import PRESETS
from syllogym.envs.code.problems import Reading
from syllogym.envs.code.programming import Programming, Task
from syllogym.envs.tables import NoField, load
from syllogym.errors import UserError, check_choice, check_options, check_range

SAMPLE = Path(__file__).with_name("sample.jsonl")
"""A few easy problems of our own in MBPP's form, used when neither a preset nor a file is named."""

_loading = Lock()


@register()
class Dataset(Programming):
    """One problem of a data set a turn; the tests of its row decide.

    Options, next to those of `Programming` (partial, format, seconds, isolation):
        preset: form of the rows: humaneval, humaneval_plus, mbpp, mbpp_sanitized, mbpp_plus, evalplus, leetcode, apps,
            taco, livecodebench (`syllogym.envs.code.presets`).
        file: local file or hub name; without one, the preset's own data set.
        subset, part: configuration and split of a hub data set.
        fields: where the parts of a row are, if not where the preset has them, such as ``{"question": "prompt"}``.
        shown: how many of a row's tests are shown, where they come one by one (MBPP, APPS); one at least is not.
        most: how many of a row's hidden tests are run; without it, all, or 50 of those that tell about contests.
    """

    def draw(
        self,
        rng: random.Random,
        preset: str = "",
        file: str = "",
        subset: str | None = None,
        part: str = "",
        fields: Mapping[str, str] | None = None,
        shown: int = 1,
        most: int | None = None,
    ) -> tuple[str, Task]:
        check_choice("A preset", preset, ("", *PRESETS))
        most = PRESETS[preset or "mbpp"].most if most is None else most
        check_range("shown", shown, 0, 1_000)
        check_range("most", most, 1, 100_000)
        how = Reading(shown, most, self.isolation)
        return rng.choice(read_problems(preset, file, subset, part, fields or {}, how))


def read_problems(
    preset: str,
    file: str,
    subset: str | None = None,
    part: str = "",
    fields: Mapping[str, str] | None = None,
    how: Reading = Reading(),  # noqa: B008 - it cannot change
) -> tuple[tuple[str, Task], ...]:
    """Return the questions and tasks of a file or hub data set, loaded once in this process (options as above).

    Raises:
        UserError: naming file and row when something is missing or is not in the form of the preset.
    """
    known, fields = PRESETS[preset or "mbpp"], fields or {}
    source = file or (known.hub if preset else str(SAMPLE))
    if not source:
        raise UserError(
            f"The preset {preset!r} knows no data set on the hub: name a file, as in file='{preset}.jsonl'."
        )
    check_options("fields", known.fields, fields)
    places = tuple(sorted({**known.fields, **fields}.items()))
    with _loading:
        return _read(preset or "mbpp", source, subset or known.subset, part or known.part, places, how)


@lru_cache(maxsize=16)
def _read(
    preset: str, source: str, subset: str | None, part: str, places: tuple[tuple[str, str], ...], how: Reading
) -> tuple[tuple[str, Task], ...]:
    found = []
    for place, raw in enumerate(load(source, subset, part), start=1):
        try:
            question, task = PRESETS[preset].read(raw, dict(places), how)
            found.append((question, task.roomy()))
        except (NoField, UserError) as error:
            raise UserError(f"Row {place} of {source} {error}") from error
        except _NOT_IN_FORM as error:
            what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise UserError(f"Row {place} of {source} is not in the form of {preset}: {what}.") from error
    if not found:
        raise UserError(f"{source} holds no rows.")
    return tuple(found)


_NOT_IN_FORM = (LookupError, TypeError, ValueError, AttributeError, SyntaxError, RecursionError, MemoryError)
