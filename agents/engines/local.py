"""How are replies sampled inside this process? Continuous batching over a decoder with a cache of its own.

Requests join whenever a row is free and leave when they end; nobody waits for the longest. A reply depends on its
prompt, its seed and the weights. (On a CPU, rounding may differ by 1e-7 with the number of rows beside it, so a reply
can change with its company only where two tokens are that close to the drawn number.)
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.engines.lockstep import lockstep
from syllogym.agents.engines.sampling import Sample, Sampling, draw, uniforms
from syllogym.agents.policy import Policy
from syllogym.errors import UserError


@dataclass(slots=True, eq=False)
class _Request:
    prompt: Sequence[int]
    seed: int
    sampling: Sampling
    reply: asyncio.Future[Sample]
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    version: int = 0
    switches: list[tuple[int, int]] = field(default_factory=list)


class LocalEngine:
    """Samples from a policy's current weights.

    Args:
        policy: what is sampled from.
        rows: replies sampled at one time; more wait their turn.
        follow: see `Engine`.
    """

    def __init__(self, policy: Policy, *, rows: int = 1024, follow: bool = True) -> None:
        self.policy = policy
        self.rows = rows
        self.follow = follow
        self.tokens = 0
        self._decoder = Decoder(policy.model, shared=follow) if Decoder.drives(policy.model) else None
        self._model = policy.model
        self._version = policy.version
        self._ends = torch.tensor(sorted(policy.chat.end_ids), device=policy.device)
        self._waiting: deque[_Request] = deque()
        self._live: list[_Request] = []
        self._seeds = np.zeros(0, np.uint64)
        self._runner: asyncio.Task[None] | None = None
        self._halted = False

    @property
    def fused(self) -> bool:
        """Whether the fast decoder drives this model; if not, replies are sampled in lockstep by the model itself."""
        return self._decoder is not None

    async def generate(self, prompt: Sequence[int], *, seed: int, sampling: Sampling) -> Sample:
        """Sample a reply to a context of token ids. Raises `ContextOverflow` when both do not fit into the model."""
        if not prompt:
            raise UserError("An empty prompt cannot be continued: the environment told the agent nothing.")
        if len(prompt) + sampling.max_tokens > self.policy.context:
            raise ContextOverflow(
                f"A context of {len(prompt)} tokens and a reply of up to {sampling.max_tokens} exceed the model's "
                f"{self.policy.context}: lower sampling.max_tokens or the environment's max_turns, bound what it "
                "remembers (memory: {turns: 4}), end such episodes there (train.overflow: end), or use a larger one."
            )
        request = _Request(prompt, seed, sampling, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await request.reply

    async def take_up(self, *, inside: bool = False) -> None:
        """Take up the policy's weights as they are now (see `Engine`)."""
        self._halted = not inside
        while self._live and not inside:
            await asyncio.sleep(0)
        self._halted = False
        self._load()
        for request in self._live:
            request.switches.append((len(request.ids), self._version))

    def close(self) -> None:
        """Free the cache."""
        if self._decoder is not None:
            self._decoder.clear()

    def _load(self) -> None:
        if self._decoder is not None:
            self._decoder.load(shared=self.follow)
        elif not self.follow:
            self._model = self.policy.frozen().model
        self._version = self.policy.version

    async def _run(self) -> None:
        try:
            while self._waiting or self._live:
                await asyncio.sleep(0)  # every episode that got a reply asks for its next before we go on
                with torch.inference_mode():
                    if self._decoder is None:
                        self._lockstep()
                    else:
                        self._advance(self._decoder)
        except BaseException as error:
            for request in (*self._live, *self._waiting):
                if not request.reply.done():
                    request.reply.set_exception(error if isinstance(error, Exception) else RuntimeError("cancelled"))
            self._live, self._waiting = [], deque()
            if self._decoder is not None:
                self._decoder.clear()
            if not isinstance(error, Exception):
                raise

    def _advance(self, decoder: Decoder) -> None:
        """Admit who waits, sample one token for every live row, let go who is done."""
        live = len(self._live)
        if live:
            logits = decoder.step(torch.tensor([request.ids[-1] for request in self._live], device=self._ends.device))
        elif self.follow and self._version != self.policy.version:
            decoder.clear()
            self._load()
        free = 0 if self._halted else min(self.rows - live, len(self._waiting))
        if free > 0:
            joined = [self._waiting.popleft() for _ in range(free)]
            self._live += joined  # before anything can go wrong, so that an error reaches them too
            for request in joined:
                request.version = self._version
            first = decoder.prefill([request.prompt for request in joined])
            logits = torch.cat([logits, first]) if live else first
            self._seeds = np.array([request.seed for request in self._live], np.uint64)
        self._sample(logits)
        done = [row for row, request in enumerate(self._live) if request.reply.done()]
        if done:
            order = decoder.drop(done)
            self._live = [self._live[row] for row in order]
            self._seeds = self._seeds[order]

    def _sample(self, logits: Tensor) -> None:
        count = np.array([len(request.ids) for request in self._live], np.uint64)
        uniform = torch.from_numpy(uniforms(self._seeds, count)).to(logits.device)
        token, logprob = draw(logits, [request.sampling for request in self._live], uniform)
        ended = torch.isin(token, self._ends)
        self.tokens += len(self._live)
        rows = zip(self._live, token.tolist(), logprob.tolist(), ended.tolist(), strict=True)
        for request, new_id, new_logprob, end in rows:
            request.ids.append(new_id)
            request.logprobs.append(new_logprob)
            if (end or len(request.ids) >= request.sampling.max_tokens) and not request.reply.done():
                finish = "stop" if end else "length"
                request.reply.set_result(
                    Sample(request.ids, request.logprobs, finish, request.version, tuple(request.switches))
                )

    def _lockstep(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self.rows, len(self._waiting)))]
        self._live = batch
        if self.follow:
            self._version = self.policy.version
        self._model.eval()
        samples = lockstep(
            self._model,
            [request.prompt for request in batch],
            [request.seed for request in batch],
            [request.sampling for request in batch],
            self._ends,
        )
        self._live = []
        for request, sample in zip(batch, samples, strict=True):
            self.tokens += len(sample.ids)
            if not request.reply.done():
                request.reply.set_result(sample._replace(version=self._version))
