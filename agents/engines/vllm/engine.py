"""How does vLLM sample for a policy? In processes of its own; weights go there through shared memory, ids both ways.

A reply depends on its prompt, its seed and the weights (on a CPU exactly so; GPU kernels may round by the company a
request has). What a lost process had not answered is asked of the next, which says the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from syllogym.agents.engines.engine import check_fits
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.engines.vllm.host import Host
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.engines.vllm.replica import LoopLock
from syllogym.agents.policy import Policy
from syllogym.errors import UserError

_COLDEST, _HOTTEST = 0.01, 2.0
"""vLLM takes lower temperatures for the first, without a word, and refuses higher ones than the second."""


class VLLMEngine:
    """Samples from a policy by vLLM.

    Args:
        policy: what is sampled from.
        options: how vLLM is run, where the host is not given.
        follow: see `Engine`.
        host: whose processes sample; processes of its own when None.
    """

    def __init__(
        self, policy: Policy, options: VLLMOptions | None = None, *, follow: bool = True, host: Host | None = None
    ) -> None:
        self.policy = policy
        self.follow = follow
        self.host = host or Host(policy, options or VLLMOptions())
        self.guest = self.host.admit(policy)
        self._busy = 0  # replies under way
        self._version: int | None = None  # of the weights that all replicas have
        self._broken: UserError | None = None
        self._gate = LoopLock()

    @property
    def gap(self) -> float:
        """The largest difference between vLLM's log-probs and the policy's that the last probe found (nats)."""
        return self.guest.probe.gap

    async def generate(self, prompt: Sequence[int], *, seed: int, sampling: Sampling) -> Sample:
        """Sample a reply to a context of token ids (see `Engine`)."""
        check_fits(prompt, sampling, self.host.context)
        settings = self._settings(seed, sampling)
        async with self._gate:
            self._check_sound()
            behind = self.follow and not self._busy and self._version != self.policy.version
            if self._version is None or behind:
                await self._sync()
            self._busy += 1
        try:
            answer = await self.host.sample(self.guest, list(prompt), settings)
        finally:
            self._busy -= 1
        return _sample(answer, list(prompt))

    async def take_up(self, *, inside: bool = False) -> None:
        """Take up the policy's weights as they are now (see `Engine`).

        Replies under way that go on with them keep their tokens; what was computed of these is computed anew.
        """
        async with self._gate:
            self._check_sound()
            while not inside and self._busy:
                await asyncio.sleep(0.001)
            await self._sync()

    def close(self) -> None:
        """Give back what the policy has of the processes, which end with their last policy."""
        self.host.dismiss(self.guest)

    async def _sync(self) -> None:
        self._version = None
        version = self.policy.version
        try:
            await self.host.bring(self.guest)
        except UserError as error:
            self._broken = error
            raise
        self._version = version

    def _check_sound(self) -> None:
        """Raise what went wrong with a sync: nobody who waits behind it need try again."""
        if self._broken is not None:
            raise UserError(str(self._broken)) from self._broken

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
