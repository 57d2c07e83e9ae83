"""Under which ids does Gymnasium know our environments? ``syllogym/Countdown-v0`` is ``math/countdown``.

Ids are filled in from the names alone, so that `gymnasium.make`, `make_vec` and `spec` work and nothing is imported
before it is made. Gymnasium itself takes 0.25 s to import, so it is not imported for this either: if it is not there
yet, it is told as soon as somebody imports it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from syllogym.registry import Registry

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

_MODULE = "gymnasium.envs"


def gym_ids(names: Iterable[str], ours: Iterable[str]) -> dict[str, str]:
    """Return the Gymnasium id of every name.

    The last part of the name, in capitals, is the id; where two of ours share it, each takes its room's name in front.
    The namespace of a stranger's environment is the first part of its name: ``my/parity`` is ``my/Parity-v0``.
    """
    own = set(ours)
    stems = Counter(name.rpartition("/")[2] for name in own)
    ids = {}
    for name in names:
        space, _, stem = name.rpartition("/")
        parts = [space, stem] if name in own and stems[stem] > 1 else [stem]
        namespace = "syllogym" if name in own or not space else space.replace("/", "-")
        ids[name] = f"{namespace}/{''.join(map(_camel, parts))}-v0"
    return ids


def tell_gymnasium() -> None:
    """Register every environment's id with Gymnasium, now or as soon as it is imported."""
    if _MODULE in sys.modules:
        _fill()
    else:
        sys.meta_path.insert(0, _WhenImported())


def gym_spec(name: str, options: Mapping[str, Any] | None = None) -> EnvSpec:
    """Return the specification under which Gymnasium would make the environment `name` with these options.

    An environment registered after the import (in a script, say) is told to Gymnasium here.
    """
    from gymnasium.envs.registration import registry

    spec = next((spec for spec in registry.values() if spec.kwargs.get("name") == name), None)
    if spec is None:
        _register(gym_ids([name], []))
        return gym_spec(name, options)
    return replace(spec, kwargs={**spec.kwargs, **(options or {})})


def _fill() -> None:
    environments: Registry[Any] = Registry("envs", "environment")
    _register(gym_ids(environments.names(), environments.own_names()))


def _register(ids: dict[str, str]) -> None:
    from gymnasium.envs.registration import register, registry

    for name, gym_id in ids.items():
        if gym_id not in registry:
            register(
                gym_id,
                entry_point="syllogym.envs:make_plain",
                vector_entry_point="syllogym.envs.vector:make_vector",
                kwargs={"name": name},
            )


class _WhenImported(MetaPathFinder):
    """Finds Gymnasium's module of environments the usual way, and fills its registry when it has run."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_fill(module: ModuleType) -> None:
                run(module)
                _fill()

            spec.loader.exec_module = run_and_fill  # type: ignore[method-assign]
        return spec


def _camel(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in text.replace("/", "_").replace("-", "_").split("_"))
