"""Where do vLLM's processes come from, and who shares them? One policy, or several with adapters over one base.

The base lies in shared memory once and is sent once to each process; then each policy's adapter is sent alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from syllogym.agents.engines.vllm.adapters import Room, base_of
from syllogym.agents.engines.vllm.launch import Launch
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.engines.vllm.probe import Probe
from syllogym.agents.engines.vllm.process import WorkerProcess
from syllogym.agents.engines.vllm.replica import Replica
from syllogym.agents.engines.vllm.shared_weights import SharedWeights
from syllogym.agents.policy import Policy
from syllogym.agents.weights import adapter_weights, plain_weights
from syllogym.errors import UserError

_SMALL = 5_000_000
"""Parameters below which packed copies of the weights cost a CPU more at each sync than they save in between."""
_UNEVEN = 8
"""How many more replies a replica may have under way than another, for the sake of the prompts it knows."""
_BASE = 0
"""Number of the model's own weights; adapters count from 1."""


@dataclass(eq=False)
class Guest:
    """A policy that the processes sample for.

    Attributes:
        number: 0 for the model's own weights, else which adapter.
        memory: what of the policy's weights is sent. probe: tells whether that is computed with.
        version: of the weights that the memory holds, once they were to be taken up.
    """

    number: int
    policy: Policy
    memory: SharedWeights
    probe: Probe
    version: int | None = None

    def renew(self) -> None:
        """Bring the policy's weights as they are now into the memory."""
        weights = adapter_weights(self.policy.model) if self.number else self.policy.plain_weights()
        self.memory.write(weights)
        self.probe.expect()
        self.version = self.policy.version


class Host:
    """Processes that sample for one policy, or for all whose adapters are over the base of the first.

    Args:
        policy: the first. options: how vLLM is run. program: see `Launch`.

    Attributes:
        replicas: the processes. guests: the policies they sample for, by number.
    """

    def __init__(self, policy: Policy, options: VLLMOptions, program: Sequence[str] | None = None) -> None:
        on_cpu = policy.device.type == "cpu"
        dtype = options.dtype if options.dtype != "auto" else "float32" if on_cpu else "bfloat16"
        self.options = options
        self.base = base_of(policy.model) if options.adapters else frozenset()
        self.guests: dict[int, Guest] = {}
        self.launch = Launch(policy, options, dtype, program)
        self.context = self.launch.context
        self._dtype = getattr(torch, dtype)
        self._exact = on_cpu and dtype == "float32"
        self._small = sum(weight.numel() for weight in policy.model.parameters()) < _SMALL and self._exact
        self._memory = self._shared(plain_weights(policy.model, merge=False)) if self.base else None
        self._room = Room()
        self.replicas = [
            Replica(partial(self.launch.begin, number), self._start, options.restarts)
            for number in range(options.replicas)
        ]

    def takes(self, policy: Policy) -> bool:
        """Say whether a policy can join those that are here: over the same base, with an adapter there is room for."""
        begun = any(replica.begun for replica in self.replicas)
        fits = not begun or self._room.also_for(policy.model) == self._room
        return bool(self.base) and fits and base_of(policy.model) == self.base

    def admit(self, policy: Policy) -> Guest:
        """Let a policy be sampled for."""
        number = (
            next(free for free in range(1, len(self.guests) + 2) if free not in self.guests) if self.base else _BASE
        )
        weights = adapter_weights(policy.model) if number else policy.plain_weights()
        guest = Guest(number, policy, self._shared(weights), Probe(policy, exact=self._exact, context=self.context))
        self.guests[number] = guest
        if number:
            self._room = self._room.also_for(policy.model)
        return guest

    async def bring(self, guest: Guest) -> None:
        """Bring a guest's weights as they are now to every replica, and see that they came to be used."""
        async with AsyncExitStack() as stack:
            for replica in self.replicas:  # none may read the memory while it is written to
                await stack.enter_async_context(replica.lock)
            guest.renew()
            await asyncio.gather(*(replica.renew(partial(self._give, guest)) for replica in self.replicas))

    async def sample(self, guest: Guest, prompt: list[int], settings: dict[str, Any]) -> dict[str, Any]:
        """Ask one of the replicas for a reply."""
        replica = self._choose(guest, prompt)
        replica.busy += 1
        try:
            return await replica.call("sample", number=guest.number, prompt=prompt, settings=settings)
        finally:
            replica.busy -= 1

    def dismiss(self, guest: Guest) -> None:
        """Sample no more for a guest. With the last one the processes end, and their memory is given back.

        The log is kept where one of them had to be begun again.
        """
        if self.guests.get(guest.number) is not guest:
            return
        del self.guests[guest.number]
        guest.memory.close()
        if not self.guests:
            lost = any(replica.begun > 1 or (replica.process and replica.process.lost) for replica in self.replicas)
            for replica in self.replicas:
                replica.close()
            if self._memory is not None:
                self._memory.close()
            self.launch.close(keep_log=lost)

    def _shared(self, weights: Any) -> SharedWeights:
        try:
            return SharedWeights(weights, self._dtype)
        except MemoryError as error:
            if not self.guests:
                self.launch.close(keep_log=False)
            raise UserError(
                f"There is no memory left for a copy of the weights that vLLM can read: {error}."
            ) from error

    async def _start(self, process: WorkerProcess) -> None:
        """Ready a new process, and give it everybody's weights as they are in the memory."""
        await process.call(
            "start",
            within=self.options.start_timeout,
            args={**self.launch.args, **self._room.arguments(self.options.adapters)},
            small=self._small and not self.base,  # a base is sent once
        )
        if self._memory is not None:
            await self._take(process, _BASE, 0, self._memory)
        for guest in list(self.guests.values()):
            if guest.version is not None:
                await self._give(guest, process)

    async def _give(self, guest: Guest, process: WorkerProcess) -> None:
        assert guest.version is not None
        settings = {"prompt_logprobs": 0, "max_tokens": 1, "detokenize": False}
        how: dict[str, Any] = {"within": self.options.timeout, "number": guest.number, "settings": settings}
        _, *answers = await asyncio.gather(
            self._take(process, guest.number, guest.version, guest.memory),
            *(process.call("sample", prompt=ids, **how) for ids in guest.probe.sequences),
        )
        guest.probe.check([answer["scores"] for answer in answers])

    async def _take(self, process: WorkerProcess, number: int, version: int, memory: SharedWeights) -> dict[str, Any]:
        within = self.options.timeout
        what: dict[str, Any] = {"number": number, "version": version, "path": memory.path, "layout": memory.layout}
        return await process.call("take", within=within, **what)

    def _choose(self, guest: Guest, prompt: Sequence[int]) -> Replica:
        """Return the replica that knows the prompt from the rest of its group, unless others have less to do."""
        known = self.replicas[hash((guest.number, *prompt)) % len(self.replicas)]
        idlest = min(self.replicas, key=lambda replica: replica.busy)
        return known if known.busy <= idlest.busy + _UNEVEN else idlest


class Hosts:
    """Finds a host for each policy: one that takes it, or else a new one.

    Args:
        options: how vLLM is run.
    """

    def __init__(self, options: VLLMOptions) -> None:
        self.options = options
        self._hosts: list[Host] = []

    def of(self, policy: Policy) -> Host:
        """Return the host that a policy is to be a guest of."""
        self._hosts = [host for host in self._hosts if host.guests]
        host = next((host for host in self._hosts if host.takes(policy)), None)
        if host is None:
            host = Host(policy, self.options)
            self._hosts.append(host)
        return host
