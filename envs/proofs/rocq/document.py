"""What has a process of Coq been told so far? A row of sentences; it is taken back to where the next job begins.

States of other proofs are reached again by saying their sentences, from the longest beginning that is still there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.proofs.rocq import protocol
from syllogym.envs.proofs.rocq.process import Process, TooMuch


class Stopped(Exception):
    """A sentence that Coq does not take: which of those it was asked to add, why, and where in it (in bytes)."""

    def __init__(self, number: int, message: str, place: int | None = None) -> None:
        super().__init__(message)
        self.number, self.message, self.place = number, message, place


class Document:
    """A process and the sentences it holds.

    Args:
        pool: where it runs. limits: of its process.

    Attributes:
        jobs: how many it has done; after many it is replaced.
    """

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self.process = Process(pool, limits)
        self.jobs = 0
        self.usable = True
        self._texts: list[str] = []
        self._states = [self.process.root]
        self._newest = self.process.root  # states are numbered as they are made

    def shared(self, sentences: Sequence[str]) -> int:
        """Return how many sentences from the first are there already."""
        count = 0
        for mine, wanted in zip(self._texts, sentences, strict=False):
            if mine != wanted:
                break
            count += 1
        return count

    def goals(self, sentences: Sequence[str], until: float) -> tuple[str, ...]:
        """Make these the sentences of the document, carry them out, and return what is left to prove.

        Args:
            sentences: all of them; those that are there already, from the first, are not said again.
            until: moment of `time.monotonic` at which it must be done.

        Raises:
            Stopped: if one is not taken; those before it are there.
            TooMuch: if they need more than they may have.
        """
        return protocol.goals(self._reach(sentences, self.shared(sentences), protocol.goal(), until))

    def finish(self, sentences: Sequence[str], until: float, keep: int) -> str:
        """Do as `goals`, but say all sentences again save so many from the first; return what Coq tells of the last."""
        answer = self._reach(sentences, min(keep, self.shared(sentences)), protocol.status(), until)
        told = [one.text for one in answer.messages if one.state == self._states[-1] and one.level == "notice"]
        return "\n".join(told)

    def close(self) -> None:
        """End the process."""
        self.usable = False
        self.process.close()

    def _reach(self, sentences: Sequence[str], count: int, last: bytes, until: float) -> protocol.Answer:
        """Go back to `count` sentences, add the others, and make a last call that carries them out."""
        calls = [protocol.edit_at(self._states[count])] if count < len(self._texts) else []
        back = len(calls)
        del self._texts[count:], self._states[count + 1 :]
        adding = sentences[count:]
        states = [self._states[-1], *range(self._newest + 1, self._newest + len(adding))]
        calls += [protocol.add(text, state) for text, state in zip(adding, states, strict=False)]
        answers: list[protocol.Answer] = []
        for begin in range(0, len(calls) + 1, _AT_ONCE):
            end = begin + _AT_ONCE
            answers += self._ask([*calls[begin:end], *([last] if end > len(calls) else [])], until)
        if back and not answers[0].good:
            raise self._confused(f"Coq does not go back: {answers[0].error().text}")
        wrong = self._added(adding, answers[back:-1])
        self._carried_out(answers[-1], until)  # where both are wrong, what is carried out comes first
        if wrong is not None:
            raise Stopped(len(self._texts), wrong.text, wrong.place)
        return answers[-1]

    def _added(self, texts: Sequence[str], answers: Sequence[protocol.Answer]) -> protocol.Message | None:
        """Note the sentences that were taken; return what is wrong with the first one that was not."""
        for place, (text, answer) in enumerate(zip(texts, answers, strict=True)):
            if not answer.good:
                if any(later.good for later in answers[place:]):
                    raise self._confused("Coq takes a sentence behind one that it does not take")
                return answer.error()
            if answer.state != self._newest + 1:
                raise self._confused("Coq counts in another way than we do")
            self._newest = answer.state
            self._texts.append(text)
            self._states.append(answer.state)
        return None

    def _carried_out(self, answer: protocol.Answer, until: float) -> None:
        """Go back to before what could not be carried out, if there is such a sentence."""
        wrong = [one for one in answer.messages if one.level == "error"]
        if answer.good and not wrong:
            return
        error = wrong[0] if wrong else answer.error()
        good = answer.state if not answer.good else 0
        if error.state in self._states[1:] and error.state != good:
            number = self._states.index(error.state) - 1
        elif good in self._states[:-1]:
            number = self._states.index(good)
        else:
            raise self._confused(f"an error at no place: {error.text}")
        if not self._ask([protocol.edit_at(self._states[number])], until + _RECOVERY_SECONDS)[0].good:
            raise self._confused("Coq does not go back")
        del self._texts[number:], self._states[number + 1 :]
        raise Stopped(number, error.text, error.place)

    def _confused(self, message: str) -> protocol.NoAnswer:
        self.usable = False
        return protocol.NoAnswer(message)

    def _ask(self, calls: Sequence[bytes], until: float) -> list[protocol.Answer]:
        try:
            return self.process.ask(calls, until)
        except TooMuch as error:
            self.usable = error.alive and self._recovered()
            raise
        except BaseException:
            self.usable = False
            raise

    def _recovered(self) -> bool:
        """After an interrupt: begin anew behind nothing, and learn how far states are counted; say whether it does."""
        self._texts = []
        del self._states[1:]
        back = protocol.edit_at(self._states[0])
        try:
            for _ in range(2):  # the interrupt may have come late and hit the first of these
                calls = [back, protocol.add("Check 0.", self._states[0]), back]
                answers = self.process.ask(calls, time.monotonic() + _RECOVERY_SECONDS)
                if all(answer.good for answer in answers):
                    self._newest = answers[1].state
                    return True
        except (TooMuch, protocol.NoAnswer):
            return False
        return False


_AT_ONCE = 64
"""Calls that are made at once: their answers must find room on the way."""

_RECOVERY_SECONDS = 0.1
