"""Can one agent join the last letters of some words, and another find the step at which it went wrong?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from operator import eq

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register

_SAME = {True: "+", False: "-"}
_MARK = re.compile(r"(\S*?)([+-])")


def labels(words: Sequence[str], solution: str) -> list[bool]:
    """Return which lines of a solution are right: those that add the last letter of their word to the line before."""
    found, before = [], ""
    for at, line in enumerate(_lines(solution)):
        found.append(at < len(words) and line == before + words[at][-1])
        before = line
    return found


def verdicts(reply: str) -> tuple[list[str], list[bool]]:
    """Return a verifier's reasons and its marks (true for +), the last of them for the whole."""
    marks = [found for word in reply.split() if (found := _MARK.fullmatch(word))]
    return [found[1] for found in marks], [found[2] == "+" for found in marks]


def _lines(solution: str) -> list[str]:
    return [line.strip() for line in solution.splitlines() if line.strip()]


@register()
class LastLetter(TeamEnv):
    """The task of TANGO (arXiv 2505.15034), with its labels of steps: `labels` knows which lines are right.

    The generator writes the letters so far on a line for each word; the last line is its answer. The verifier sees
    these lines beside the words. For each it says which letter should have come, which one came, and + or -; at the end
    + or - for the whole: `y/y+ b/x- t/t+ -`. The generator is paid for a right answer, and by step (`process` times the
    mark / number of steps) what the verifier says of it; the verifier for a right last mark, and `form` for its form.
    No label pays; `counts` has the share of steps that were judged rightly, as `step_accuracy`.
    """

    agents = ("generator", "verifier")
    levels = {"words": (2, 4, 7, 10), "longest": (3, 6, 10)}
    max_return = 2.0

    def on_reset(
        self,
        rng: random.Random,
        words: int = 4,
        shortest: int = 3,
        longest: int = 4,
        alphabet: str = "abcdefghijklmnopqrstuvwxyz",
        process: float = 1.0,
        form: float = 0.8,
    ) -> dict[str, str]:
        self.words = ["".join(rng.choices(alphabet, k=rng.randint(shortest, longest))) for _ in range(words)]
        self.alphabet, self.process, self.form = alphabet, process, form
        self.solution, self.counts = "", {}
        return {"generator": " ".join(self.words)}

    def on_step(self, agent: str, reply: Reply) -> Turn:
        if agent == "generator":
            self.solution = str(reply)
            shown = "\n".join(f"{word} {line}" for word, line in self._beside())
            return Turn({"verifier": shown}, Reward(correct=float(self.right())))
        reasons, marks = verdicts(reply)
        verdict = bool(marks) and marks[-1] == self.right()
        form = self.form * self._form(reply, len(marks) - 1, sum(map(bool, reasons[:-1]))) if marks else 0.0
        pay = {"verifier": Reward(correct=float(verdict), form=form)}
        if truth := self.labels():
            fits = len(marks) == len(truth) + 1  # else nobody knows which mark is whose
            self.counts = {"step_accuracy": sum(map(eq, marks, truth)) / len(truth) if fits else 0.0}
        spans = list(self._spans(marks[:-1]))
        if spans:
            pay["generator"] = Reward(spans=spans)
        return Turn(reward=pay, over=True)

    def steps(self) -> list[str]:
        """Return the lines that the generator wrote."""
        return _lines(self.solution)

    def labels(self) -> list[bool]:
        """Return which of these lines are right."""
        return labels(self.words, self.solution)

    def right(self) -> bool:
        """Say whether the generator's answer is right."""
        return self.steps()[-1:] == ["".join(word[-1] for word in self.words)]

    def solve(self, agent: str) -> str:
        return self.slip(agent, random.Random(0), 0.0)

    def slip(self, agent: str, rng: random.Random, rate: float) -> str:
        """Return what a solver says who misreads a word's last letter with chance `rate`; what follows builds on it."""
        letters = [rng.choice(self.alphabet) if rng.random() < rate else word[-1] for word in self.words]
        if agent == "generator":
            return "\n".join("".join(letters[: at + 1]) for at in range(len(letters)))
        wanted = letters + ["?"] * (len(self.steps()) - len(letters))
        marks = [_SAME[letter == line[-1]] for letter, line in zip(wanted, self.steps(), strict=False)]
        said = [f"{one}/{line[-1]}{mark}" for one, line, mark in zip(wanted, self.steps(), marks, strict=False)]
        return " ".join([*said, _SAME["-" not in marks and len(marks) == len(letters)]])

    def _beside(self) -> Iterator[tuple[str, str]]:
        lines = self.steps()
        for at in range(max(len(lines), len(self.words))):
            yield self.words[at] if at < len(self.words) else "?", lines[at] if at < len(lines) else "?"

    def _form(self, reply: str, steps: int, reasons: int) -> float:
        """Return a half for a verdict on every step and nothing else, and a half for reasons with all of them."""
        wanted = len(self.steps())
        return 0.5 * (steps == wanted and len(reply.split()) == wanted + 1) + 0.5 * (reasons == wanted)

    def _spans(self, marks: list[bool]) -> Iterator[tuple[int, int, float]]:
        """Yield where each judged line stands in the solution and what it is paid; nothing unless all are judged."""
        if len(marks) != len(self.steps()) or not self.process:
            return
        begin = 0
        for line, mark in zip(self.steps(), marks, strict=True):
            begin = self.solution.index(line, begin)
            yield begin, begin + len(line), (self.process if mark else -self.process) / len(marks)
            begin += len(line)
