"""Where can blocks be moved? By a hand that holds one block at a time, as in the planning domain Blocksworld."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Stacks: TypeAlias = tuple[tuple[str, ...], ...]
"""Blocks from bottom to top, the stacks in the order of their lowest."""

Place: TypeAlias = tuple[Stacks, str]
"""The stacks, and the block in the hand, an empty text for none."""

Goal: TypeAlias = frozenset[tuple[str, str]]
"""Pairs of a block and the one it is to stand on."""

_MOVE = re.compile(
    r"(?:(pick up|put down) (?:the )?(\w+)|(unstack|stack) (?:the )?(\w+)(?: block)?"
    r" (?:from )?(?:on )?(?:top of )?(?:the )?(\w+))(?: block)?\.?",
    re.ASCII | re.IGNORECASE,
)
_ON = re.compile(r"the (\w+) block is on top of the (\w+) block")
_TABLE = re.compile(r"the (\w+) block is on the table")
_HAND = re.compile(r"the hand is holding the (\w+) block")


def parsed(thought: str) -> tuple[str, str, str] | None:
    """Return what a thought does, with which block, and on which; None when it is no move."""
    said = _MOVE.fullmatch(" ".join(thought[:200].split()))
    if said is None:
        return None
    return ((said[1] or said[3]).lower(), (said[2] or said[4]).lower(), (said[5] or "").lower())


def written(move: tuple[str, str, str]) -> str:
    """Write a move as the prompts of PlanBench do."""
    does, block, on = move
    where = {"stack": f" on top of the {on} block", "unstack": f" from on top of the {on} block"}.get(does, "")
    return f"{does} the {block} block{where}"


def moves(place: Place) -> Iterator[tuple[tuple[str, str, str], Place]]:
    """Yield every move there is, with where it leads."""
    stacks, held = place
    if held:
        yield ("put down", held, ""), (tuple(sorted((*stacks, (held,)))), "")
    for stack in stacks:
        others = tuple(other for other in stacks if other is not stack)
        top, below = stack[-1], stack[:-1]
        if held:
            yield ("stack", held, top), (tuple(sorted((*others, (*stack, held)))), "")
        elif below:
            yield ("unstack", top, below[-1]), (tuple(sorted((*others, below))), top)
        else:
            yield ("pick up", top, ""), (others, top)


def holds(place: Place, goal: Goal) -> bool:
    """Say whether all the blocks stand as they should."""
    return goal <= {pair for stack in place[0] for pair in zip(stack[1:], stack, strict=False)}


def distances(start: Place, goal: Goal) -> Mapping[Place, int]:
    """Return how many moves the goal is away from everywhere; nothing where it cannot be reached.

    Every move can be taken back, so the search begins at all the places where the goal holds.
    """
    seen = {start}
    ahead = deque(seen)
    while ahead:
        for _, place in moves(ahead.popleft()):
            if place not in seen:
                seen.add(place)
                ahead.append(place)
    far = {place: 0 for place in seen if holds(place, goal)}
    ahead = deque(far)
    while ahead:
        here = ahead.popleft()
        for _, place in moves(here):
            if place not in far:
                far[place] = far[here] + 1
                ahead.append(place)
    return far


def told(place: Place) -> str:
    """Write what stands where."""
    stacks, held = place
    parts = [f"the hand is holding the {held} block" if held else "the hand is empty"]
    for stack in stacks:
        parts.append(f"the {stack[0]} block is on the table")
        parts += wanted(frozenset(zip(stack[1:], stack, strict=False)))
    return ", ".join(parts)


def wanted(goal: Goal) -> list[str]:
    """Write which blocks stand on which."""
    return [f"the {block} block is on top of the {on} block" for block, on in sorted(goal)]


def read(text: str) -> tuple[Place, Goal]:
    """Read the last task of a prompt of PlanBench: what stands where, and what should.

    Raises:
        ValueError: if it does not say both.
    """
    task = text.rpartition("[STATEMENT]")[2]
    given, asked, goal = task.partition("My goal is to have that")
    on = {above: below for above, below in _ON.findall(given)}
    stands = {below: above for above, below in on.items()}
    stacks = []
    for block in _TABLE.findall(given):
        stack = [block]
        while stack[-1] in stands:
            stack.append(stands[stack[-1]])
        stacks.append(tuple(stack))
    pairs = frozenset(_ON.findall(goal.partition("My plan")[0]))
    if not asked or not stacks or not pairs:
        raise ValueError("it says no initial conditions, or no goal")
    held = _HAND.search(given)
    return (tuple(sorted(stacks)), held[1] if held else ""), pairs
