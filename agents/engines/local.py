"""How are replies sampled inside this process? Continuous batching over a decoder with a cache of its own.

Requests join whenever a row is free and leave when they end; nobody waits for the longest. What is known of a context,
since an earlier reply or a neighbour began alike, is not computed again. A reply depends on its prompt, its seed and
the weights. (On a CPU, rounding may differ by 1e-7 with the rows beside it and with what was known, so a reply can
change with its company only where two tokens are that close to the drawn number.)
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import deque
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from syllogym.agents.engines.admission import admit
from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.engine import check_fits
from syllogym.agents.engines.lockstep import lockstep
from syllogym.agents.engines.pending import Pending, check_stops
from syllogym.agents.engines.prefixes import Shelf
from syllogym.agents.engines.sampling import Rules, Sample, Sampling, draw, uniforms
from syllogym.agents.policy import Policy

_log = logging.getLogger(__name__)


class LocalEngine:
    """Samples from a policy's current weights; on a GPU from a bfloat16 copy of them.

    Args:
        policy: what is sampled from.
        rows: replies sampled at one time; more wait their turn.
        follow: see `Engine`.
        kept: GiB of keys and values of ended replies that are kept for contexts which go on from there.
    """

    def __init__(self, policy: Policy, *, rows: int = 1024, follow: bool = True, kept: float = 1.0) -> None:
        self.policy = policy
        self.rows = rows
        self.follow = follow
        self.tokens = 0
        self._decoder: Decoder | None = None
        if Decoder.drives(policy.model):
            half = torch.bfloat16 if policy.device.type == "cuda" else None
            self._decoder = Decoder(policy.model, shared=follow, dtype=half)
        else:
            _log.warning(
                "%s is sampled by its own forward pass, all replies in step with the longest: the fast decoder drives "
                "Llama, Qwen 2 and 3, and Mistral without a sliding window.",
                type(policy.model).__name__,
            )
        self._model = policy.model
        self._version = policy.version
        self._shelf = Shelf(int(kept * 2**30))
        self._loop: weakref.ref[asyncio.AbstractEventLoop] | None = None  # of the replies on the shelf
        self._going_on: deque[Pending] = deque()
        self._waiting: deque[Pending] = deque()
        self._live: list[Pending] = []
        self._checked: set[Sampling] = set()
        self._runner: asyncio.Task[None] | None = None
        self._halted = False

    @property
    def fused(self) -> bool:
        """Whether the fast decoder drives this model; if not, replies are sampled in lockstep by the model itself."""
        return self._decoder is not None

    async def generate(self, prompt: Sequence[int], *, seed: int, sampling: Sampling) -> Sample:
        """Sample a reply to a context of token ids (see `Engine`)."""
        check_fits(prompt, sampling, self.policy.context)
        if sampling not in self._checked:
            check_stops(sampling, self.policy.chat)
            self._checked.add(sampling)
        loop = asyncio.get_running_loop()
        if (
            self._loop is None or self._loop() is not loop
        ):  # other rollouts: they must not depend on those before them, not by a bit
            self._loop = weakref.ref(loop)
            self._shelf.clear()
        ends = self.policy.chat.end_ids.union(sampling.stop_ids)
        pending = Pending(list(prompt), seed, sampling, ends, self.policy.chat, loop.create_future())
        known, _ = self._shelf.find(pending.prompt)
        (self._waiting if known is None else self._going_on).append(pending)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await pending.reply

    async def take_up(self, *, inside: bool = False) -> None:
        """Take up the policy's weights as they are now (see `Engine`)."""
        self._halted = not inside
        while self._live and not inside:
            await asyncio.sleep(0)
        self._halted = False
        self._load()
        for pending in self._live:
            pending.switches.append((len(pending.ids), self._version))

    def close(self) -> None:
        """Free the cache."""
        self._shelf.clear()
        if self._decoder is not None:
            self._decoder.clear()

    def _load(self) -> None:
        self._shelf.clear()
        if self._decoder is not None:
            self._decoder.load(shared=self.follow)
        else:
            self._model = self.policy.model if self.follow else self.policy.frozen().model
        self._version = self.policy.version

    async def _run(self) -> None:
        try:
            while self._going_on or self._waiting or self._live:
                await asyncio.sleep(0)  # every episode that got a reply asks for its next before we go on
                with torch.inference_mode():
                    if self._decoder is None:
                        self._lockstep()
                    else:
                        self._advance(self._decoder)
        except BaseException as error:
            for pending in (*self._live, *self._going_on, *self._waiting):
                if not pending.reply.done():
                    pending.reply.set_exception(error if isinstance(error, Exception) else RuntimeError("cancelled"))
            self._live, self._going_on, self._waiting = [], deque(), deque()
            self.close()
            if not isinstance(error, Exception):
                raise

    def _next(self, most: int) -> list[Pending]:
        """Take those who wait, first whose beginning is known, so that it is used before it is given up."""
        joined: list[Pending] = []
        for queue in (self._going_on, self._waiting):
            while queue and len(joined) < most:
                pending = queue.popleft()
                if not pending.reply.done():
                    pending.version = self._version
                    joined.append(pending)
        return joined

    def _advance(self, decoder: Decoder) -> None:
        """Admit who waits, sample one token for every live row, let go who is done."""
        live = len(self._live)
        if live:
            logits = decoder.step(self._newest)
        elif self.follow and self._version != self.policy.version:
            decoder.clear()
            self._load()
        joined = [] if self._halted else self._next(self.rows - live)
        if joined:
            self._live += joined  # before anything can go wrong, so that an error reaches them too
            first, order = admit(decoder, self._shelf, [pending.prompt for pending in joined])
            self._live[live:] = [joined[at] for at in order]
            logits = torch.cat([logits, first]) if live else first
            self._regroup()
        if self._live:
            self._sample(logits)
            self._let_go(decoder)

    def _regroup(self) -> None:
        """Note what is the same for each live row until one joins or leaves."""
        self._seeds = np.array([pending.seed for pending in self._live], np.uint64)
        self._counts = np.array([len(pending.ids) for pending in self._live], np.uint64)
        self._rules = Rules([pending.sampling for pending in self._live], self.policy.device)

    def _sample(self, logits: Tensor) -> None:
        uniform = torch.from_numpy(uniforms(self._seeds, self._counts)).to(logits.device)
        self._newest, logprob = draw(logits, self._rules, uniform)
        self._counts += np.uint64(1)
        self.tokens += len(self._live)
        for pending, new_id, new_logprob in zip(self._live, self._newest.tolist(), logprob.tolist(), strict=True):
            pending.add(new_id, new_logprob)

    def _let_go(self, decoder: Decoder) -> None:
        """Take replies that ended, or that nobody waits for any more, out of their rows."""
        done = [row for row, pending in enumerate(self._live) if pending.reply.done()]
        if not done:
            return
        order = decoder.drop(done)
        self._shelf.moved(dict(enumerate(order)))
        order, gone = order[: decoder.rows], order[decoder.rows :]
        for row, old in enumerate(gone, decoder.rows):
            ended = self._live[old]
            if not ended.switches:  # else several weights have written into its row
                ids = ended.prompt + ended.ids[:-1]
                self._shelf.keep(ids, decoder.kept(row, len(ids)).nbytes, row)
        self._live = [self._live[row] for row in order]
        self._newest = self._newest[order]
        self._regroup()

    def _lockstep(self) -> None:
        if self.follow:
            self._load()
        self._live = self._next(self.rows)
        self._model.eval()
        if self._live:
            lockstep(self._model, self._live)
        self.tokens += sum(len(pending.ids) for pending in self._live)
        self._live = []
