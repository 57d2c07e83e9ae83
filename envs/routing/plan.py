"""In which steps is a task to be solved, and which of them wait for which? A plan as a networkx DAG.

::

    step 1: 3+4
    step 2: 5*6
    step 3 (after 1, 2): [1]*[2]

``[1]`` stands for the result of step 1; who uses it comes after it, whether that is said or not. Plans of sums have a
short form as well: the sum with bars where it is cut, as in ``3*4|7+8``. Its steps do not wait for one another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from syllogym.envs.routing.sums import terms_of
from syllogym.envs.tree.actions import Refused

if TYPE_CHECKING:
    import networkx as nx

_STEP = re.compile(r"\W*step +(\d{1,3}) *(?:\(after +([\d, and]+)\))? *: *(\S.*)", re.IGNORECASE)
_RESULT = re.compile(r"\[(\d{1,3})\]")


class Step(NamedTuple):
    """One step: what is to be done, and the steps whose results it needs (0, 1, ...)."""

    text: str
    after: tuple[int, ...] = ()


class Plan(NamedTuple):
    """Steps that wait for one another nowhere in a circle."""

    steps: tuple[Step, ...]

    @property
    def graph(self) -> nx.DiGraph:
        """The plan as a graph: a node for each step with its text, an edge to who waits for it."""
        return _graph(self.steps)

    @property
    def order(self) -> list[int]:
        """The steps, each after those that it waits for."""
        if not any(step.after for step in self.steps):
            return list(range(len(self.steps)))
        import networkx as nx

        return list(nx.lexicographical_topological_sort(self.graph))

    @property
    def sinks(self) -> list[int]:
        """The steps that nobody waits for."""
        waited = {before for step in self.steps for before in step.after}
        return [at for at in range(len(self.steps)) if at not in waited]

    @property
    def incoherent(self) -> int:
        """How many neighbours there are of which the second does not use what the first found."""
        return sum(at not in step.after for at, step in enumerate(self.steps[1:]))

    def text(self, at: int, results: Mapping[int, str]) -> str:
        """Return what step `at` asks, with the results it stands for; ``?`` where one is missing."""

        def known(match: re.Match[str]) -> str:
            number = int(match[1]) - 1
            return results.get(number, "?") if number in self.steps[at].after else match[0]

        return _RESULT.sub(known, self.steps[at].text)

    def __str__(self) -> str:
        return "\n".join(f"step {at + 1}{_after(step.after)}: {step.text}" for at, step in enumerate(self.steps))


def read_plan(reply: str, most: int) -> Plan:
    """Read a plan of up to `most` steps; lines that are no steps are left alone. Raises `Refused`, saying why."""
    found = [match for line in reply.splitlines() if (match := _STEP.match(line))]
    if not found:
        raise Refused('No step was found. Write one a line, as in "step 1: ..." and "step 2 (after 1): ...".')
    if len(found) > most:
        raise Refused(f"There are {len(found)} steps; up to {most} are allowed.")
    numbers = [int(match[1]) for match in found]
    if numbers != list(range(1, len(found) + 1)):
        raise Refused(f"Number the steps 1, 2, 3 and so on; they are {', '.join(map(str, numbers))}.")
    steps = []
    for match in found:
        said = [int(number) for number in re.findall(r"\d+", match[2] or "")]
        used = [number for number in map(int, _RESULT.findall(match[3])) if 1 <= number <= len(found)]
        for number in said:
            if not 1 <= number <= len(found):
                raise Refused(f"Step {match[1]} comes after step {number}, which is not there.")
        steps.append(Step(match[3].strip(), tuple(sorted({number - 1 for number in (*said, *used)}))))
    return _checked(tuple(steps))


def cut(reply: str, whole: str) -> Plan:
    """Read the short form. Raises `Refused` where it is not the sum with some of its ``+`` turned into bars."""
    pieces = reply.strip().split("|")
    if "+".join(pieces) != whole or not all(pieces) or any(_open(piece) for piece in pieces):
        raise Refused("Write the sum as it is, with | in the place of + wherever it is to be cut.")
    return Plan(tuple(Step(piece) for piece in pieces))


def cuts(whole: str) -> list[str]:
    """Return every short form of a plan of a sum, the one without a cut first."""
    first, *others = terms_of(whole)
    signs = product("+|", repeat=len(others))
    return [first + "".join(sign + term for sign, term in zip(chosen, others, strict=True)) for chosen in signs]


def _checked(steps: tuple[Step, ...]) -> Plan:
    import networkx as nx

    try:
        circle = [edge[0] + 1 for edge in nx.find_cycle(_graph(steps))]
    except nx.NetworkXNoCycle:
        return Plan(steps)
    if len(circle) == 1:
        raise Refused(f"Step {circle[0]} waits for itself.")
    raise Refused(f"Steps {', '.join(map(str, sorted(circle)))} wait for one another in a circle.")


def _graph(steps: Sequence[Step]) -> nx.DiGraph:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from((at, {"text": step.text}) for at, step in enumerate(steps))
    graph.add_edges_from((before, at) for at, step in enumerate(steps) for before in step.after)
    return graph


def _after(steps: Sequence[int]) -> str:
    return f" (after {', '.join(str(at + 1) for at in steps)})" if steps else ""


def _open(text: str) -> bool:
    return text.count("(") != text.count(")")
