"""What does a program in Dial make of a list of digits? A language so small that every program ends and harms nothing.

A program goes through the list, one instruction for each digit. There is a dial, which stands at 0 in the beginning and
stays as it was turned:

- ``0`` to ``9`` turns the dial so far ahead, then writes the digit turned by the dial, after 9 comes 0;
- ``a`` to ``j`` writes 0 to 9, whatever the digit is.

A program is written as words. The last character of each is the instruction; what is before it is a remark, which
nothing reads.
"""

from __future__ import annotations

DIGITS = "0123456789"
_LETTERS = "abcdefghij"

RULES = """Find a program that makes, of each list of digits on the left, the list on the right, and does so to
other lists. It goes through a list with one instruction for each digit. There is a dial, which stands at 0 in the
beginning and stays as it was turned. 0 to 9 turns the dial so far ahead, then writes the digit plus the dial, modulo
10. a to j writes 0 to 9, whatever the digit is. Write the instructions with spaces between, and nothing else; what is
before the last character of a word is a remark."""
"""The language, and what is asked for, as a prompt tells it."""


class Broken(ValueError):
    """A program that cannot be run on a list."""


def program_in(reply: str) -> str:
    """Return the instructions of a reply, without remarks."""
    return "".join(word[-1] for word in reply.split())


def run(program: str, numbers: str) -> str:
    """Return the digits that a program writes.

    Raises:
        Broken: it has not one instruction for each digit, or one that the language does not have.
    """
    if len(program) != len(numbers):
        raise Broken(f"{len(program)} instructions for {len(numbers)} digits")
    dial, written = 0, ""
    for instruction, digit in zip(program, numbers, strict=True):
        if instruction in DIGITS:
            dial += int(instruction)
            written += str((int(digit) + dial) % 10)
        elif instruction in _LETTERS:
            written += str(_LETTERS.index(instruction))
        else:
            raise Broken(f"{instruction!r} is no instruction")
    return written


def passes(program: str, tests: tuple[tuple[str, str], ...]) -> bool:
    """Say whether a program writes, for each list, the digits that it must."""
    try:
        return all(run(program, numbers) == wanted for numbers, wanted in tests)
    except Broken:
        return False
