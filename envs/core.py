"""What does every environment do for its author? Chance, options, turns, faults, forks: one engine under all views.

An author writes `on_reset`, `on_step` and perhaps `to_act` (see `syllogym.envs.text` and `syllogym.envs.team`). The
engine owns the rest, and keeps these promises:

- (seed, options) determines an episode. Every episode has a private generator; the global ones are never touched.
- ``split="train"`` and ``split="eval"`` share no instance: an instance belongs to the split its hash says.
- `terminated` and `truncated` are never both true; `max_turns` truncates.
- an exception in a hook is a `Fault`, never a reward.
"""

from __future__ import annotations

import copy
import functools
import inspect
import pickle
import random
import zlib
from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from syllogym.envs.chance import Dice, key_of, mix
from syllogym.envs.tools import run_tools, tool_schemas
from syllogym.envs.values import Fault, Message, Prompt, Reply, check_finite
from syllogym.envs.waiting import Soon, is_coroutine
from syllogym.errors import UserError, check_options

if TYPE_CHECKING:
    from pettingzoo import AECEnv, ParallelEnv

EVAL_SHARE = 8
"""One instance in so many belongs to the evaluation split."""

_NOTHING: Mapping[int, Any] = {}
_SPLITS = (None, "train", "eval")
_DRAWS = 2_000
_AT_ONCE = ("settle", "choices", "to_act", "solve", "draw")
_signature = functools.cache(inspect.signature)


class EpisodeOver(UserError):
    """A step was asked of an episode that is over, or was never begun: call reset()."""


class Core:
    """State and promises that single-agent and team environments share.

    Class attributes an author may set:
        max_turns: turns after which an episode is truncated; None for no bound.
        system: text of the system message that opens every agent's first prompt.
        levels: for each difficulty option, its values from easy to hard (see `syllogym.envs.curriculum`).
        max_return: return of a perfect episode. lazy_return: what empty, constant or echoing policies must stay under.
        doctor_options: options under which the env doctor makes it, where the defaults do not do (a file, say).
        instance_hidden: True when the first prompts do not show the instance; it is then split by seed alone.
        counts: what is worth knowing of an episode beside its pay, such as dollars; an author sets it on `self`.
        ledger: who was asked what in it, and for how many dollars, in order; likewise.
        blocking: True when its hooks keep their thread busy or waiting for long; rollouts call it in other threads.
    """

    name: ClassVar[str] = ""
    max_turns: int | None = None
    system: ClassVar[str] = ""
    levels: ClassVar[Mapping[str, Sequence[Any]]] = {}
    max_return: ClassVar[float] = 1.0
    lazy_return: ClassVar[float] = 0.1
    instance_hidden: ClassVar[bool] = False
    doctor_options: ClassVar[Mapping[str, Any]] = {}
    blocking: ClassVar[bool] = False

    agents: tuple[str, ...] = ("agent",)
    counts: Mapping[str, float] = {}
    ledger: Sequence[tuple[str, str, float]] = ()
    _tools: ClassVar[dict[str, dict[str, Any]]] = {}
    _settles: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._tools = tool_schemas(cls)
        cls._settles = cls.settle is not Core.settle
        for hook in _AT_ONCE:
            if is_coroutine(cls, hook):
                raise TypeError(f"{cls.__name__}.{hook} is called without waiting: write it as a plain def.")

    def __init__(self, *, split: str | None = None, max_turns: int | None = None, **options: Any) -> None:
        """Set the options of every later episode; nothing is drawn, loaded or downloaded yet."""
        if split not in _SPLITS:
            raise UserError(f"split is 'train', 'eval' or None; not {split!r}.")
        defaults = self.option_defaults()
        check_options(self.name or type(self).__name__, defaults, options)
        self.split = split
        self.options: dict[str, Any] = {**defaults, **options}
        # Both are read in every step, and an instance's own attribute takes half the time of its class's.
        self.max_turns = self.max_turns if max_turns is None else max_turns
        self._has_tools = bool(self._tools)
        self.seed: int | None = None
        self.turn = 0
        self.terminated = self.truncated = False
        self.waiting: tuple[str, ...] = ()
        self.settled: Mapping[int, Any] = {}
        self._episode, self._key = -1, 0
        self._dice = Dice()

    @classmethod
    def option_defaults(cls) -> dict[str, Any]:
        """Return the options this environment takes, with their defaults: the keyword arguments of `on_reset`."""
        parameters = list(_signature(cls.on_reset).parameters.values())[2:]
        return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}

    # Hooks. Authors write on_reset (and on_step, in the subclasses); the rest is optional.

    def on_reset(self, rng: random.Random) -> Soon[str] | Soon[Mapping[str, str]]:
        """Draw an instance with `rng` (and no other chance) and return what the agents are told first."""
        raise NotImplementedError(f"{type(self).__name__} needs on_reset(self, rng, **options)")

    def settle(self) -> Mapping[int, Any]:
        """Give delayed credit when the episode ends: rewards for earlier turns (0, 1, ...), by turn.

        A value is a number, or in a team a mapping from agents to numbers; a plain number there goes to every agent.
        """
        return {}

    def choices(self, agent: str) -> Sequence[str] | None:
        """List the replies that are accepted from `agent` now; None when they cannot be listed: free text.

        Methods that learn the value of every reply need the list, and a random player draws from it.
        """
        return None

    # Engine.

    def offered(self, agent: str) -> tuple[str, ...] | None:
        """Return what `choices` lists for an agent that is waited for; a list that is empty is a `Fault`."""
        listed = self._guard(self.choices, agent)
        if listed is None:
            return None
        if not listed:
            raise self.fault(f"choices lists nothing for {agent}, whose turn it is.")
        return tuple(listed)

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        return self.terminated or self.truncated

    def instance(self, first: str | Mapping[str, str]) -> str | None:
        """Return what identifies the drawn instance, for the split; None when the seed alone does."""
        if self.instance_hidden:
            return None
        return first if isinstance(first, str) else "\n".join(f"{k}: {first[k]}" for k in sorted(first))

    def late_pay(self) -> dict[str, float]:
        """Return what `settle` gave each agent, summed over the turns; nothing while the episode goes on."""
        sums: dict[str, float] = {}
        for pay in self.settled.values():
            if not isinstance(pay, Mapping):
                pay = dict.fromkeys(self.agents, pay)
            for agent, reward in pay.items():
                sums[agent] = sums.get(agent, 0.0) + float(reward)
        return sums

    def aec(self) -> AECEnv[str, str, str]:
        """Return this environment as PettingZoo's AECEnv: one agent at a time."""
        from syllogym.envs.zoo import OneByOne

        return OneByOne(self)

    def parallel(self) -> ParallelEnv[str, str, str]:
        """Return this environment as PettingZoo's ParallelEnv: all agents at once."""
        from syllogym.envs.zoo import AtOnce

        return AtOnce(self)

    def _begin(self, seed: int | None, options: Mapping[str, Any] | None) -> Soon[str | Mapping[str, str]]:
        """Draw the next episode's instance and return what it tells first."""
        chosen = self.options
        if options:
            check_options(self.name or type(self).__name__, self.options, options)
            chosen = {**chosen, **options}
        if seed is None and self.seed is not None:
            self._episode += 1
        else:
            self.seed = random.SystemRandom().getrandbits(63) if seed is None else int(seed)
            self._key = mix(key_of(f"{self.split}/{self.seed}"))
            self._episode = 0
        self.turn = 0
        self.terminated = self.truncated = False
        self.waiting = ()
        self.settled = _NOTHING
        self._dice.restart(self._key, self._episode)
        try:
            if self.split is None:
                told: Any = self.on_reset(self._dice, **chosen) if chosen else self.on_reset(self._dice)
                if type(told) is str or not hasattr(told, "__await__"):
                    return told  # type: ignore[no-any-return]
                return self._awaited("on_reset", told)
            for _ in range(_DRAWS):
                first: Any = self.on_reset(self._dice, **chosen)
                if hasattr(first, "__await__"):
                    return self._await_split(first, chosen)
                if self._in_split(first):
                    return first  # type: ignore[no-any-return]
        except (Fault, UserError):
            raise
        except Exception as error:
            raise self.fault(f"on_reset raised {type(error).__name__}: {error}") from error
        raise self._too_few(chosen)

    async def _await_split(self, first: Any, options: dict[str, Any]) -> str | Mapping[str, str]:
        """Do as the end of `_begin`, where an instance has to be waited for."""
        for _ in range(_DRAWS):
            told = await self._awaited("on_reset", first) if hasattr(first, "__await__") else first
            if self._in_split(told):
                return told  # type: ignore[no-any-return]
            first = self._guard(self.on_reset, self._dice, **options)
        raise self._too_few(options)

    def _too_few(self, options: dict[str, Any]) -> UserError:
        return UserError(
            f"{self.name or type(self).__name__} drew {_DRAWS} instances under {options} and none belongs to the "
            f"split {self.split!r}: there are too few different ones. Widen the options or drop the split."
        )

    def _in_split(self, first: str | Mapping[str, str]) -> bool:
        identity = self.instance(first)
        if identity is None:
            return True
        held_out = zlib.crc32(identity.encode("utf-8", "surrogatepass")) % EVAL_SHARE == 0
        return held_out == (self.split == "eval")

    def _end(self, terminated: bool) -> None:
        self.terminated, self.truncated = terminated, not terminated
        self.waiting = ()
        if self._settles:
            self.settled = self._guard(self.settle)
            for agent, pay in self.late_pay().items():
                check_finite(pay, f"settle of {self.name or type(self).__name__} for {agent}")

    @classmethod
    def lacking(cls) -> str:
        """Say what this machine lacks for the environment to work, and how it is got; nothing where all is there."""
        return ""

    @classmethod
    def waits(cls) -> bool:
        """Say whether a hook or a tool is written as ``async def``."""
        return is_coroutine(cls, "on_reset", "on_step", "grade", *cls._tools)

    def _guard(self, hook: Any, *args: Any, **kwargs: Any) -> Any:
        """Call an author's hook; whatever it raises, now or when awaited, becomes a `Fault` that says where."""
        try:
            value = hook(*args, **kwargs)
        except (Fault, UserError):
            raise
        except Exception as error:
            raise self.fault(f"{hook.__name__} raised {type(error).__name__}: {error}") from error
        return self._awaited(hook.__name__, value) if hasattr(value, "__await__") else value

    async def _awaited(self, hook: str, value: Awaitable[Any]) -> Any:
        try:
            return await value
        except (Fault, UserError):
            raise
        except Exception as error:
            raise self.fault(f"{hook} raised {type(error).__name__}: {error}") from error

    def fault(self, what: str) -> Fault:
        """Return a `Fault` that says where it happened."""
        return Fault(what, f"{self.name or type(self).__name__} (seed {self.seed}, turn {self.turn})")

    def _first_messages(self, text: str) -> Prompt:
        system: list[Message] = [{"role": "system", "content": self.system}] if self.system else []
        return Prompt.of([*system, {"role": "user", "content": text}], list(self._tools.values()))

    def _run_tools(self, reply: Reply) -> Soon[list[Message]]:
        return self._guard(run_tools, self, self._tools, reply) if self._tools else []

    def _check_live(self) -> None:
        if not self.waiting:
            raise EpisodeOver(f"{self.name or type(self).__name__}: the episode is over; call reset().")

    def fork(self) -> Any:
        """Return an independent copy that goes on exactly as this one would, chance included."""
        twin = type(self).__new__(type(self))
        twin.__dict__ = copy.deepcopy(self.__dict__)
        return twin

    def snapshot(self) -> bytes:
        """Return the whole state, chance included, as bytes."""
        return pickle.dumps(self.__dict__)

    def restore(self, snapshot: bytes) -> None:
        """Go back to a state that `snapshot` of the same environment returned (never load bytes you do not trust)."""
        self.__dict__ = pickle.loads(snapshot)
