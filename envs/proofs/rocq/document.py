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
        self._sound = 0  # so many from the first are known to have been carried out

    def shared(self, sentences: Sequence[str]) -> int:
        """Return how many sentences from the first are there already."""
        count = 0
        for mine, wanted in zip(self._texts, sentences, strict=False):
            if mine != wanted:
                break
            count += 1
        return count

    def bring(self, sentences: Sequence[str], until: float, keep: int | None = None) -> None:
        """Make these the sentences of the document, carried out or not.

        Args:
            sentences: all of them.
            until: moment of `time.monotonic` at which it must be done.
            keep: how many may be left as they are where they are there already; all, unless said.

        Raises:
            Stopped: if one is not taken; those before it are there.
            TooMuch: if they need more than they may have.
        """
        count = self.shared(sentences[:keep])
        self._back(count, until)
        for number in range(count, len(sentences)):
            answer = self._ask(protocol.add(sentences[number], self._states[-1]), until)
            if not answer.good:
                self._carry_out(protocol.goal(), until)  # something before it may be wrong
                error = answer.error()
                raise Stopped(number, error.text, error.place)
            self._texts.append(sentences[number])
            self._states.append(answer.state)

    def goals(self, until: float) -> tuple[str, ...]:
        """Carry all sentences out, and return what is left to prove."""
        return protocol.goals(self._carry_out(protocol.goal(), until))

    def finish(self, until: float) -> None:
        """Carry all sentences out, proofs that are complete too."""
        self._carry_out(protocol.status(), until)

    def query(self, command: str, until: float) -> str:
        """Return what Coq tells about a command that changes nothing, after the last sentence."""
        answer = self._ask(protocol.query(command, self._states[-1], _ROUTE), until)
        if not answer.good:
            raise protocol.NoAnswer(f"Coq does not answer {command!r}: {answer.error().text}")
        told = [one.text for one in answer.messages if one.route == _ROUTE and one.level == "notice"]
        return "\n".join(told)

    def close(self) -> None:
        """End the process."""
        self.usable = False
        self.process.close()

    def _carry_out(self, call: bytes, until: float) -> protocol.Answer:
        answer = self._ask(call, until)
        wrong = [one for one in answer.messages if one.level == "error"]
        if answer.good and not wrong:
            self._sound = len(self._texts)
            return answer
        error = answer.error() if not answer.good else wrong[0]
        number = self._number(error, answer)
        self._back(number, until)
        self._sound = number
        raise Stopped(number, error.text, error.place)

    def _number(self, error: protocol.Message, answer: protocol.Answer) -> int:
        """Return the number of the sentence that is wrong."""
        if error.state in self._states[1:] and not answer.good and answer.state != error.state:
            return self._states.index(error.state) - 1
        safe = answer.state if not answer.good else error.state
        return min(self._states.index(safe), len(self._texts) - 1) if safe in self._states else self._sound

    def _back(self, count: int, until: float) -> None:
        """Go back to where so many sentences are left."""
        if count >= len(self._texts):
            return
        answer = self._ask(protocol.edit_at(self._states[count]), until)
        if not answer.good:
            self.usable = False
            raise protocol.NoAnswer(f"Coq does not go back: {answer.error().text}")
        del self._texts[count:], self._states[count + 1 :]
        self._sound = min(self._sound, count)

    def _ask(self, call: bytes, until: float) -> protocol.Answer:
        try:
            return self.process.ask(call, until)
        except TooMuch as error:
            self.usable = error.alive and self._recovered()
            raise
        except BaseException:
            self.usable = False
            raise

    def _recovered(self) -> bool:
        """After an interrupt: begin anew behind nothing, as long as the process does that."""
        self._texts, self._sound = [], 0
        del self._states[1:]
        for _ in range(2):  # the interrupt may have come late and hit the first of these
            try:
                if self.process.ask(protocol.edit_at(self._states[0]), time.monotonic() + _RECOVERY_SECONDS).good:
                    return True
            except (TooMuch, protocol.NoAnswer):
                return False
        return False


_ROUTE = 7
_RECOVERY_SECONDS = 0.1
