"""How does vLLM sample for a policy? In processes of its own; weights go there through shared memory, ids both ways.

A reply depends on its prompt, its seed and the weights (on a CPU exactly so; GPU kernels may round by the company a
request has). What a lost process had not answered is asked of the next, which says the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import torch

from syllogym.agents.engines.engine import check_fits
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.engines.vllm.launch import Launch
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.engines.vllm.probe import Probe
from syllogym.agents.engines.vllm.process import WorkerProcess
from syllogym.agents.engines.vllm.replica import LoopLock, Replica
from syllogym.agents.engines.vllm.shared_weights import SharedWeights
from syllogym.agents.policy import Policy
from syllogym.errors import UserError

_SMALL = 5_000_000
"""Parameters below which packed copies of the weights cost a CPU more at each sync than they save in between."""
_UNEVEN = 8
"""How many more replies a replica may have under way than another, for the sake of the prompts it knows."""
_COLDEST, _HOTTEST = 0.01, 2.0
"""vLLM takes lower temperatures for the first, without a word, and refuses higher ones than the second."""


class VLLMEngine:
    """Samples from a policy by vLLM.

    Args:
        policy: what is sampled from.
        options: how vLLM is run.
        follow: see `Engine`.
        program: see `Launch`.

    Attributes:
        gap: the largest difference (nats) between vLLM's log-probs and the policy's that the last probe found.
    """

    def __init__(
        self,
        policy: Policy,
        options: VLLMOptions | None = None,
        *,
        follow: bool = True,
        program: Sequence[str] | None = None,
    ) -> None:
        options = options or VLLMOptions()
        on_cpu = policy.device.type == "cpu"
        dtype = options.dtype if options.dtype != "auto" else "float32" if on_cpu else "bfloat16"
        self.policy = policy
        self.options = options
        self.follow = follow
        self._launch = Launch(policy, options, dtype, program)
        self.context = self._launch.context
        try:
            self._memory = SharedWeights(policy.plain_weights(), getattr(torch, dtype))
        except MemoryError as error:
            self._launch.close(keep_log=False)
            raise UserError(
                f"There is no memory left for a copy of the weights that vLLM can read: {error}."
            ) from error
        self._probe = Probe(policy, exact=on_cpu and dtype == "float32", context=self.context)
        self._version: int | None = None  # of the weights that all replicas have
        self._broken: UserError | None = None
        self._gate = LoopLock()
        self._replicas = [self._replica(number) for number in range(options.replicas)]

    @property
    def gap(self) -> float:
        """The difference between vLLM's log-probs and the policy's that the last probe found (nats)."""
        return self._probe.gap

    async def generate(self, prompt: Sequence[int], *, seed: int, sampling: Sampling) -> Sample:
        """Sample a reply to a context of token ids (see `Engine`)."""
        check_fits(prompt, sampling, self.context)
        settings = self._settings(seed, sampling)
        async with self._gate:
            self._check_sound()
            idle = not any(replica.busy for replica in self._replicas)
            if self._version is None or (self.follow and idle and self._version != self.policy.version):
                await self._sync()
            replica = self._choose(prompt)
            replica.busy += 1
        try:
            answer = await replica.call("sample", prompt=list(prompt), settings=settings)
        finally:
            replica.busy -= 1
        return _sample(answer, list(prompt))

    async def take_up(self, *, inside: bool = False) -> None:
        """Take up the policy's weights as they are now (see `Engine`).

        Replies under way that go on with them keep their tokens; what was computed of these is computed anew.
        """
        async with self._gate:
            self._check_sound()
            while not inside and any(replica.busy for replica in self._replicas):
                await asyncio.sleep(0.001)
            await self._sync()

    def close(self) -> None:
        """End the processes, and give back their memory. The log is kept where one of them had to be begun again."""
        lost = any(replica.begun > 1 or (replica.process and replica.process.lost) for replica in self._replicas)
        for replica in self._replicas:
            replica.close()
        if self._replicas:
            self._memory.close()
            self._launch.close(keep_log=lost)
        self._replicas = []

    async def _sync(self) -> None:
        """Bring the policy's weights to every replica, and see that they came to be used."""
        async with AsyncExitStack() as stack:
            for replica in self._replicas:  # none may read the memory while it is written to
                await stack.enter_async_context(replica.lock)
            self._version = None
            version = self._held = self.policy.version
            self._memory.write(self.policy.plain_weights())
            self._probe.expect()
            try:
                await asyncio.gather(*(replica.renew() for replica in self._replicas))
            except UserError as error:
                self._broken = error
                raise
            self._version = version

    def _check_sound(self) -> None:
        """Raise what went wrong with a sync: nobody who waits behind it need try again."""
        if self._broken is not None:
            raise UserError(str(self._broken)) from self._broken

    def _replica(self, number: int) -> Replica:
        memory = self._memory.file
        return Replica(lambda: self._launch.begin(number, [memory]), self._start, self._renew, self.options.restarts)

    async def _start(self, process: WorkerProcess) -> None:
        await process.call(
            "start",
            within=self.options.start_timeout,
            args=self._launch.args,
            memory=self._memory.file,
            small=sum(weight.numel() for _, weight in self.policy.plain_weights()) < _SMALL and self._probe.exact,
        )

    async def _renew(self, process: WorkerProcess) -> None:
        within = self.options.timeout
        settings = {"prompt_logprobs": 0, "max_tokens": 1, "detokenize": False}
        answers = await asyncio.gather(
            process.call("take", within=within, version=self._held, layout=self._memory.layout),
            *(process.call("sample", within=within, prompt=ids, settings=settings) for ids in self._probe.sequences),
        )
        self._probe.check([answer["scores"] for answer in answers[1:]])

    def _choose(self, prompt: Sequence[int]) -> Replica:
        """Return the replica that knows the prompt from the rest of its group, unless others have less to do."""
        known = self._replicas[hash(tuple(prompt)) % len(self._replicas)]
        idlest = min(self._replicas, key=lambda replica: replica.busy)
        return known if known.busy <= idlest.busy + _UNEVEN else idlest

    def _settings(self, seed: int, sampling: Sampling) -> dict[str, Any]:
        if sampling.temperature and not _COLDEST <= sampling.temperature <= _HOTTEST:
            raise UserError(
                f"sampling.temperature: vLLM samples at temperatures from {_COLDEST} to {_HOTTEST}, or at 0; not at "
                f"{sampling.temperature}."
            )
        return {
            "seed": seed,
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_k": sampling.top_k,
            "top_p": sampling.top_p,
            "min_p": sampling.min_p,
            "stop_token_ids": sorted(self.policy.chat.end_ids.union(sampling.stop_ids)),
            "stop": list(sampling.stop),
            "detokenize": bool(sampling.stop),
        }


def _sample(answer: dict[str, Any], prompt: list[int]) -> Sample:
    if answer["prompt"] != prompt:
        raise UserError(f"vLLM answers to another prompt than it was given: {answer['prompt']}, not {prompt}.")
    if answer["finish"] not in ("stop", "length"):
        raise UserError(f"vLLM ended a reply for no reason that is known here: {answer['finish']}.")
    (_, version), *switches = answer["spans"]
    return Sample(answer["ids"], answer["logprobs"], answer["finish"], version, tuple(map(tuple, switches)))
