"""Which mistakes are the user's, and what does the user read?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(ValueError):
    """A mistake in what the user wrote: a name, an option, a file. The message names it and the fix.

    The command line prints the message alone and exits with status `exit_status`.
    """

    exit_status = 2


class UnknownName(UserError, LookupError):
    """A name that nothing is registered under."""


class UnknownOption(UserError):
    """An option that its owner does not take."""

    option = ""

    @classmethod
    def of(cls, owner: str, accepted: Iterable[str], option: str) -> UnknownOption:
        """Make the error that names `option`, what `owner` takes, and the nearest of it."""
        known = list(accepted)
        takes = ", ".join(known) or "no options"
        error = cls(f"{owner!r} takes {takes}; not {option}.{did_you_mean(option, known)}")
        error.option = option
        return error


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return ``" Did you mean X?"`` for the nearest choice, or nothing when none is near."""
    near = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def check_options(owner: str, accepted: Iterable[str], given: Iterable[str]) -> None:
    """Raise `UnknownOption` naming the first given option that `owner` does not take."""
    known = list(accepted)
    for option in given:
        if option not in known:
            raise UnknownOption.of(owner, known, option)


def check_choice(what: str, given: object, choices: Iterable[object]) -> None:
    """Raise `UserError` unless `given` is one of the choices."""
    known = list(choices)
    if given not in known:
        words = list(map(str, known))
        raise UserError(f"{what} is one of {', '.join(words)}; not {given!r}.{did_you_mean(str(given), words)}")


def check_range(what: str, given: object, low: int, high: int) -> None:
    """Raise `UserError` unless `given` is a whole number from `low` to `high`."""
    if not isinstance(given, int) or not low <= given <= high:
        raise UserError(f"{what} is a whole number from {low} to {high}; not {given!r}.")


def check_span(what: str, given: object, low: int, high: int) -> None:
    """Raise `UserError` unless `given` is a pair (from, to) of whole numbers between `low` and `high`."""
    pair = list(given) if isinstance(given, list | tuple) else []
    if len(pair) != 2 or not all(isinstance(end, int) and low <= end <= high for end in pair) or pair[0] > pair[1]:
        raise UserError(f"{what} is two whole numbers, from and to, between {low} and {high}; not {given!r}.")
