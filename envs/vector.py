"""How are many episodes of one environment stepped together? As a `gymnasium.vector.VectorEnv` that copies nothing.

Sub-environments run one after the other in this process: a text game's step takes about a microsecond, less than it
takes to hand it to another process. An episode that ends is followed by the next one in the same step (Gymnasium's
``SAME_STEP``); its last prompt and info stay in ``infos["final_obs"]`` and ``infos["final_info"]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from syllogym.envs import get
from syllogym.envs.chance import key_of
from syllogym.envs.text import TextEnv
from syllogym.envs.values import Prompt
from syllogym.errors import UserError

Batch = tuple[Prompt, ...]
Flags = NDArray[np.bool_]


class TextVectorEnv(VectorEnv[Batch, Sequence[str], NDArray[Any]]):
    """Copies of one single-agent environment, stepped together.

    Prompts and replies are sequences of `num_envs` strings; rewards are float64 and flags bool arrays ``(num_envs,)``.
    Sub-environment i goes through the episodes a lone environment goes through after ``reset(seed=seeds[i])``.
    A `Fault` in one of them is raised, since no reward could stand for it.

    Attributes:
        envs: the sub-environments.
        seeds: the seed each of them was last reset with, None for one drawn by the system.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "autoreset_mode": AutoresetMode.SAME_STEP}

    def __init__(self, envs: Sequence[TextEnv]) -> None:
        self.envs = list(envs)
        self.num_envs = len(self.envs)
        if not self.envs:
            raise UserError("num_envs is 0; a vector holds at least one environment.")
        self.render_mode = self.envs[0].render_mode
        self.seeds: tuple[int | None, ...] = (None,) * self.num_envs
        self.single_observation_space = self.envs[0].observation_space
        self.single_action_space = self.envs[0].action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Batch, dict[str, Any]]:
        """Begin an episode in every sub-environment.

        Args:
            seed: one number, from which each sub-environment gets a seed of its own that no other vector seed gives;
                or one seed for each.
            options: difficulty options of these episodes.
        """
        self.seeds = self._spread(seed)
        prompts = [env.reset(seed=own, options=options)[0] for env, own in zip(self.envs, self.seeds, strict=True)]
        return tuple(prompts), {}

    def step(self, actions: Sequence[str]) -> tuple[Batch, NDArray[np.float64], Flags, Flags, dict[str, Any]]:
        """Hear one reply for each sub-environment and begin the next episode where one ends."""
        prompts: list[Prompt] = []
        rewards: list[float] = []
        ended: list[int] = []
        last: list[Prompt] = []
        truncations = np.zeros(self.num_envs, dtype=np.bool_)
        infos: dict[str, Any] = {}
        for i, (env, action) in enumerate(zip(self.envs, actions, strict=True)):
            prompt, reward, terminated, truncated, info = env.step(action)
            rewards.append(reward)
            if terminated or truncated:
                ended.append(i)
                last.append(prompt)
                if truncated:
                    truncations[i] = True
                if info:
                    infos["final_info"] = self._add_info(infos.get("final_info", {}), info, i)
                prompt = env.reset()[0]
            elif info:
                infos = self._add_info(infos, info, i)
            prompts.append(prompt)
        ends = self._record_ends(ended, last, infos)
        return tuple(prompts), np.array(rewards, dtype=np.float64), ends & ~truncations, truncations, infos

    def _record_ends(self, ended: Sequence[int], last: Sequence[Prompt], infos: dict[str, Any]) -> Flags:
        """Note the last prompts in `infos` as Gymnasium lays them out; return who has come to an end."""
        ends = np.zeros(self.num_envs, dtype=np.bool_)
        if ended:
            ends[ended] = True
            prompts = np.full(self.num_envs, None, dtype=object)
            prompts[ended] = np.array(last, dtype=object)  # of objects, or numpy would make plain strings of them
            infos["final_obs"], infos["_final_obs"] = prompts, ends.copy()
            infos.setdefault("final_info", {})
            infos["_final_info"] = ends.copy()
        return ends

    def render(self) -> tuple[str | None, ...]:  # type: ignore[override]
        """Return the latest prompt of every sub-environment under ``render_mode="ansi"``."""
        return tuple(env.render() for env in self.envs)

    def _spread(self, seed: int | Sequence[int | None] | None) -> tuple[int | None, ...]:
        if seed is None:
            return (None,) * self.num_envs
        if isinstance(seed, int | np.integer):
            return tuple(key_of(f"vector/{seed}/{i}") >> 1 for i in range(self.num_envs))
        if len(seed) != self.num_envs:
            raise UserError(
                f"seed lists {len(seed)} seeds for {self.num_envs} environments; give one number, or one each."
            )
        return tuple(seed)


def make_vector(name: str, num_envs: int = 1, **options: Any) -> TextVectorEnv:
    """Make `num_envs` copies of the single-agent environment `name` (`gymnasium.make_vec` calls this)."""
    environment = get(name)
    if not issubclass(environment, TextEnv):
        raise UserError(
            f"{name!r} is played by a team; a vector holds single agents. Vectorise one seat's episodes instead."
        )
    return TextVectorEnv([environment(**options) for _ in range(num_envs)])
