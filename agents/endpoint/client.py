"""How is an endpoint asked? Side by side up to a limit, within rates and budget, again after temporary failures."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from syllogym.agents.endpoint.answer import Answer, Temporary, read
from syllogym.agents.endpoint.ledger import Ledger
from syllogym.agents.endpoint.pace import Pace
from syllogym.agents.endpoint.terms import Terms
from syllogym.agents.tokens import Tokens
from syllogym.envs import Fault
from syllogym.errors import UserError, did_you_mean

LONGEST_WAIT = 300.0
"""Seconds that a server may ask us to wait; a request that should wait longer fails."""

_LONGEST_BACKOFF = 60.0


@dataclass
class _Line:
    """What requests under way share. It belongs to one event loop, and is closed when the last of them is done."""

    http: httpx2.AsyncClient
    slots: asyncio.Semaphore
    settled: asyncio.Condition = field(default_factory=asyncio.Condition)
    users: int = 0


class Client:
    """Asks one endpoint, from any number of event loops one after the other.

    Args:
        terms: how. ledger: where it is booked.
    """

    def __init__(self, terms: Terms, ledger: Ledger) -> None:
        self.terms = terms
        self.ledger = ledger
        self._line: _Line | None = None
        self._tls = httpx2.create_ssl_context()  # takes 30 ms, so not for each line
        self._requests = Pace(terms.requests_per_minute)
        self._tokens = Pace(terms.tokens_per_minute)

    async def ask(self, body: Mapping[str, Any], most: Tokens, seed: int) -> Answer:
        """Return the reply to the body of a request that takes at most `most` tokens; `seed` is of the jitter.

        Raises:
            Fault: this request failed for good. UserError: the key, the model or the budget lets none pass.
        """
        async with self._open() as line, line.slots:
            async with line.settled:
                await line.settled.wait_for(lambda: self.ledger.admits(most))
                self.ledger.hold(most)
            try:
                return await self._persist(line, body, most, random.Random(seed))
            except Fault:
                self.ledger.usage.failures += 1
                raise
            finally:
                self.ledger.release(most)
                async with line.settled:
                    line.settled.notify_all()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[_Line]:
        if self._line is None:
            slots = self.terms.concurrency
            limits = httpx2.Limits(max_connections=slots)
            http = httpx2.AsyncClient(verify=self._tls, timeout=None, limits=limits)
            self._line = _Line(http, asyncio.Semaphore(slots))
        line = self._line
        line.users += 1
        try:
            yield line
        finally:
            line.users -= 1
            if not line.users:
                self._line = None
                await line.http.aclose()

    async def _persist(self, line: _Line, body: Mapping[str, Any], most: Tokens, dice: random.Random) -> Answer:
        wait = self.terms.backoff
        for attempt in range(1 + self.terms.retries):
            self.ledger.usage.retries += attempt > 0
            try:
                return await self._attempt(line, body, most)
            except Temporary as trouble:
                last = trouble
            if attempt == self.terms.retries or last.wait > LONGEST_WAIT:
                break
            await asyncio.sleep(max(last.wait, min(wait, _LONGEST_BACKOFF) * dice.uniform(0.5, 1.0)))
            wait *= 2
        asked = f", and asks to wait {last.wait:.0f} s" if last.wait > LONGEST_WAIT else ""
        times = f"{attempt + 1} attempt{'s' if attempt else ''}"
        raise Fault(f"{self.terms.base_url} gave no reply in {times}: {last}{asked}.")

    async def _attempt(self, line: _Line, body: Mapping[str, Any], most: Tokens) -> Answer:
        planned = sum(most) / 2  # `most` counts a token a byte; what was too much is given back
        now = time.monotonic()
        await asyncio.sleep(max(self._requests.take(1, now), self._tokens.take(planned, now)))
        used = 0
        began = time.monotonic()
        try:
            answer = read(*await self._post(line, body))
            if answer.tokens is not None:
                used = answer.tokens.prompt + answer.tokens.completion
                self.ledger.charge(answer.tokens)
            elif self.ledger.bounded:
                raise UserError(f"budget: {self.terms.base_url} does not tell how many tokens it used.")
            else:
                self.ledger.usage.calls += 1
            return answer
        finally:
            self._tokens.give_back(planned - used)
            self.ledger.usage.seconds += time.monotonic() - began

    async def _post(self, line: _Line, body: Mapping[str, Any]) -> tuple[int, Mapping[str, str], str]:
        status, headers, text = await self._send(line, "POST", "chat/completions", body)
        if status == 404:
            await self._check_model(line)
        return status, headers, text

    async def _check_model(self, line: _Line) -> None:
        """Raise `UserError` with the models the server has, where it tells and ours is not among them."""
        status, _, text = await self._send(line, "GET", "models")
        try:
            known = [str(model["id"]) for model in json.loads(text)["data"]] if status == 200 else []
        except (ValueError, KeyError, TypeError):
            return
        mine = self.terms.model
        if known and mine not in known:
            raise UserError(
                f"model: {self.terms.base_url} has no {mine!r}; it has {', '.join(known[:20])}."
                f"{did_you_mean(mine, known)}"
            )

    async def _send(
        self, line: _Line, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Mapping[str, str], str]:
        """Return the status, headers and text of a response; a key that the server echoes is blotted out."""
        key = self.terms.key()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            async with asyncio.timeout(self.terms.timeout):
                response = await line.http.request(method, self.terms.url(path), json=body, headers=headers)
        except TimeoutError as error:
            raise Temporary(f"it is silent for {self.terms.timeout:g} s") from error
        except httpx2.RequestError as error:
            raise Temporary(f"the connection failed ({error or type(error).__name__})") from error
        return response.status_code, response.headers, response.text.replace(key, "***") if key else response.text
