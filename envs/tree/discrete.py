"""How is a search controlled by numbers? The actions of `tree/search` as integers with a mask, the tree as features.

A proposer writes the thoughts and an evaluator judges them; what is learnt is where to expand, when to go back, and
when to answer. Libraries that know masks find them in `action_masks()` and in ``info["action_mask"]``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import isnan
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from syllogym.envs.tree.actions import Refused
from syllogym.envs.tree.pay import Account, Prices
from syllogym.envs.tree.search import begin
from syllogym.envs.tree.session import Evaluator, Proposer, value_or
from syllogym.envs.tree.thought_tree import Status
from syllogym.errors import check_range

KINDS = ("expand", "evaluate", "backtrack", "prune", "answer")
"""What can be done with a node. To prune one is to cut it off with all below it, and to stand above it."""

FEATURES = (
    "there", "depth", "value", "judged", "children", "visits", "parent", "cursor", "answers",
    *(f"is_{status.name.lower()}" for status in Status),
)  # fmt: skip
"""Columns of the observation of a node, each in [0, 1]. The value of a node that is not judged is 0."""

Observation = dict[str, NDArray[Any]]
_SCALE = 16.0


class DiscreteSearch(gymnasium.Env[Any, Any]):
    """The search of a task as a Gymnasium environment with node features and masked discrete actions.

    Observations are a dict: ``nodes`` (max_nodes x features), ``budget`` (share of nodes, and of turns, that is left)
    and ``action_mask``. An action is kind * max_nodes + node, or without `flat` the pair of both. The root may always
    be answered: where it stands for no answer that is to give up.

    Args:
        task, task_options: as of ``tree/search``. max_nodes: nodes of the tree, its budget. width: thoughts that an
            expansion adds. max_turns: actions until it is truncated. prices: see `syllogym.envs.tree.pay.Prices`.
        proposer, evaluator: in place of the task's own moves and promise.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(
        self,
        task: str = "math/game24",
        task_options: Mapping[str, Any] | None = None,
        *,
        max_nodes: int = 32,
        width: int = 3,
        max_turns: int = 60,
        prices: Prices | None = None,
        flat: bool = True,
        proposer: Proposer | None = None,
        evaluator: Evaluator | None = None,
    ) -> None:
        check_range("max_nodes", max_nodes, 2, 4_096)
        check_range("width", width, 1, 1_000)
        self.task, self.task_options = task, dict(task_options or {})
        self.max_nodes, self.width, self.max_turns = max_nodes, width, max_turns
        self.prices = prices or Prices()
        self.proposer, self.evaluator = proposer, evaluator
        self.flat = flat
        size = len(KINDS) * max_nodes
        self.observation_space = spaces.Dict({
            "nodes": spaces.Box(0.0, 1.0, (max_nodes, len(FEATURES)), np.float32),
            "budget": spaces.Box(0.0, 1.0, (2,), np.float32),
            "action_mask": spaces.Box(0, 1, (size,), np.int8),
        })  # fmt: skip
        self.action_space = spaces.Discrete(size) if flat else spaces.MultiDiscrete([len(KINDS), max_nodes])

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin to search another instance; `options` are added to the task's."""
        super().reset(seed=seed)
        rng = random.Random(int(self.np_random.integers(2**62)))
        chosen = {**self.task_options, **(options or {})}
        limits = {"nodes": self.max_nodes - 1}
        self.session = begin(rng, self.task, chosen, limits, self.proposer, self.evaluator)
        self.account = Account(self.session, self.prices)
        self.turn = 0
        return self._seen(), self._info(False)

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Do an action. One that the mask rules out costs `Prices.invalid` and a turn, and changes nothing."""
        kind, node = divmod(int(action), self.max_nodes) if self.flat else map(int, action)
        refused = not self.action_masks()[kind * self.max_nodes + node]
        if not refused:
            try:
                self._do(KINDS[kind], node)
            except Refused:
                refused = True
        self.turn += 1
        terminated = self.session.answered is not None
        truncated = not terminated and self.turn >= self.max_turns
        reward = self.account.pay(refused, over=terminated or truncated)
        info = {**self._info(refused), "reward": dict(reward.parts)}
        return self._seen(), float(reward), terminated, truncated, info

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for every action that is allowed now."""
        session, tree = self.session, self.session.tree
        mask = np.zeros((len(KINDS), self.max_nodes), np.int8)
        for node in range(len(tree)):
            if session.live(node):
                mask[0, node] = session.can_grow(node) and tree.status[node] != Status.EXPANDED
                mask[1, node] = isnan(tree.value[node])
                mask[2, node] = node != session.cursor
                mask[3, node] = node > 0
                mask[4, node] = node == 0 or self._answers(node)
        return mask.reshape(-1)

    def _do(self, kind: str, node: int) -> None:
        session = self.session
        if kind == "expand":
            session.expand(node, self.width)
        elif kind == "evaluate":
            session.evaluate(node)
        elif kind == "backtrack":
            session.backtrack(node)
        elif kind == "prune":
            session.cut(node)
        else:
            session.answer(None if self._answers(node) else "", node)

    def _answers(self, node: int) -> bool:
        return self.session.task.answer(self.session.tree.state[node]) is not None

    def _seen(self) -> Observation:
        tree = self.session.tree
        nodes = np.zeros((self.max_nodes, len(FEATURES)), np.float32)
        for node in range(len(tree)):
            status = [float(tree.status[node] == one) for one in Status]
            nodes[node] = (
                1.0, tree.depth[node] / _SCALE, value_or(tree, node, 0.0), not isnan(tree.value[node]),
                len(tree.children[node]) / _SCALE, tree.visits[node] / _SCALE,
                max(0, tree.parent[node]) / self.max_nodes, node == self.session.cursor, self._answers(node), *status,
            )  # fmt: skip
        left = (1 - len(tree) / self.max_nodes, 1 - self.turn / self.max_turns)
        return {
            "nodes": nodes.clip(0.0, 1.0),
            "budget": np.array(left, np.float32).clip(0.0, 1.0),
            "action_mask": self.action_masks(),
        }

    def _info(self, refused: bool) -> dict[str, Any]:
        return {
            "action_mask": self.action_masks(), "refused": refused, "score": self.session.score,
            "usage": self.session.meter.spent, "tree": self.session.tree,
        }  # fmt: skip
