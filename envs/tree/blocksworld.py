"""Can the agent plan how blocks are moved until they stand as they should?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from syllogym.envs import register
from syllogym.envs.tree import blocks
from syllogym.envs.tree.blocks import Goal, Place
from syllogym.envs.tree.puzzle import Puzzle
from syllogym.envs.tree.puzzle_files import only, read_table
from syllogym.envs.tree.reached import Reached
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_range

At: TypeAlias = Reached[Place]

COLOURS = ("red", "blue", "orange", "yellow", "green", "black")
_RULES = (
    "You have one hand that holds one block at a time. A block can be picked up from the table or unstacked from "
    "another one when nothing is on it and the hand is empty; a block that is held can be put down on the table or "
    "stacked on a block that nothing is on."
)
_EXAMPLE = """unstack the red block from on top of the blue block
put down the red block
pick up the blue block
stack the blue block on top of the red block"""
_LONGEST_PLAN = 200


class Planning:
    """A task of Blocksworld as a space of states: how the blocks stand, with the plan that led there.

    A thought is one move: ``unstack the blue block from on top of the orange block``.
    """

    def __init__(self, start: Place, goal: Goal, optimal: bool = False) -> None:
        self.start, self.goal, self.optimal = start, goal, optimal
        self.prompt = (
            f"{_RULES}\nNow {blocks.told(start)}.\nThe goal: {' and '.join(blocks.wanted(goal))}.\n"
            f"Write {'the shortest' if optimal else 'a'} plan, one move a line, as in\n{_EXAMPLE}"
        )

    @cached_property
    def far(self) -> Mapping[Place, int]:
        """How many moves the goal is away, from everywhere."""
        return blocks.distances(self.start, self.goal)

    def root(self) -> At:
        return Reached(self.start)

    def step(self, state: At, thought: str) -> At:
        move = blocks.parsed(thought)
        if move is None:
            raise IllegalThought("A thought is a move, such as: stack the red block on top of the blue block.")
        for legal, place in blocks.moves(state.at):
            if legal == move:
                return Reached(place, (*state.by, blocks.written(move)))
        raise IllegalThought(f"That cannot be done now: {blocks.told(state.at)}.")

    def show(self, state: At) -> str:
        return f"Now {blocks.told(state.at)}. Moves so far: {len(state.by)}."

    def ended(self, state: At) -> bool:
        return blocks.holds(state.at, self.goal)

    def answer(self, state: At) -> str | None:
        return "\n".join(state.by) if self.ended(state) else None

    def score(self, answer: str) -> float:
        """Pay 1.0 for a plan that is legal and ends at the goal; under `optimal`, the shortest length by its own."""
        state = self.root()
        lines = [line.strip(" ;") for line in answer.replace(";", "\n").splitlines() if line.strip(" ;")]
        try:
            for line in lines[:_LONGEST_PLAN]:
                state = self.step(state, line)
        except IllegalThought:
            return 0.0
        if len(lines) > _LONGEST_PLAN or not lines or not self.ended(state):
            return 0.0
        return self.far[self.start] / len(lines) if self.optimal else 1.0

    def moves(self, state: At) -> Sequence[str]:
        return [blocks.written(move) for move, _ in blocks.moves(state.at)]

    def promise(self, state: At) -> float:
        """Return what the shortest plan that begins like this would score."""
        if state.at not in self.far:
            return 0.0
        return self.far[self.start] / max(1, len(state.by) + self.far[state.at]) if self.optimal else 1.0

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        state = self.root()
        while not self.ended(state):
            move, place = min(blocks.moves(state.at), key=lambda way: self.far[way[1]])
            state = Reached(place, (*state.by, blocks.written(move)))
        return "\n".join(state.by)


@register()
class Blocksworld(Puzzle):
    """Plan the moves of blocks from one arrangement to another.

    Options:
        count: how many blocks. optimal: pay a plan that is longer than the shortest in part only.
        file: tasks of PlanBench (rows with a `query`, or its files as they are) instead of drawn ones.
    """

    levels = {"count": (3, 4, 5)}

    def draw(self, rng: random.Random, count: int = 4, optimal: bool = False, file: str = "") -> tuple[str, Planning]:
        check_range("count", count, 2, len(COLOURS))
        start, goal = _read(rng, file) if file else _drawn(rng, count)
        task = Planning(start, goal, optimal)
        return task.prompt, task


def _drawn(rng: random.Random, count: int) -> tuple[Place, Goal]:
    while True:
        start, end = _stacks(rng, count), _stacks(rng, count)
        goal = frozenset(pair for stack in end for pair in zip(stack[1:], stack, strict=False))
        if goal and not blocks.holds((start, ""), goal):
            return (start, ""), goal


def _stacks(rng: random.Random, count: int) -> blocks.Stacks:
    stacks: list[list[str]] = []
    for block in rng.sample(COLOURS[:count], count):
        if stacks and rng.random() < 0.6:
            rng.choice(stacks).append(block)
        else:
            stacks.append([block])
    return tuple(sorted(map(tuple, stacks)))


def _read(rng: random.Random, file: str) -> tuple[Place, Goal]:
    row = rng.choice(read_table(file))
    query = str(only(row.get("instances", row), "query", file))
    try:
        start, goal = blocks.read(query)
    except ValueError as error:
        raise UserError(f"{file}: a query is no task of Blocksworld: {error}. It begins {query[:100]!r}.") from error
    if sum(map(len, start[0])) > len(COLOURS):
        raise UserError(f"{file}: a task has more than {len(COLOURS)} blocks; shortest plans are not searched then.")
    return start, goal
