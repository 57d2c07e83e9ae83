"""How is a router trained that knows numbers only? Experts are integers with a mask, questions text or features.

Libraries that know masks find them in `action_masks()` and in ``info["action_mask"]``.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from syllogym.envs.routing.cascade import ACCEPT, Cascade
from syllogym.envs.routing.features import features
from syllogym.envs.routing.one_shot import OneShot
from syllogym.envs.space import Text
from syllogym.errors import check_choice, check_range

GAMES: dict[str, type[OneShot | Cascade]] = {"one_shot": OneShot, "cascade": Cascade}
SEEN = ("features", "text")


class DiscreteRouting(gymnasium.Env[Any, Any]):
    """`routing/one_shot` or `routing/cascade` by numbers.

    Action i asks the i-th expert; in a cascade the one behind them all accepts the latest answer. What the mask rules
    out is heard as a reply that names nobody. Observations are the prompt (`seen="text"`), or a dict: ``question``
    (width), ``experts`` (for each: asked, judged, verifier's score), ``budget`` (share that is left) and
    ``action_mask``.

    Args:
        game: one of `GAMES`. seen: one of `SEEN`. width: numbers for a question. options: of the environment.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, game: str = "one_shot", *, seen: str = "features", width: int = 64, **options: Any) -> None:
        check_choice("game", game, GAMES)
        check_choice("seen", seen, SEEN)
        check_range("width", width, 2, 1_000_000)
        self.text = GAMES[game](**options)
        self.seen, self.width = seen, width
        self.text.reset(seed=0)  # tells how many experts there are
        experts = [card.name for card in self.text.routing.exam.pool.cards]
        self.replies = [*experts, ACCEPT] if game == "cascade" else experts
        self.action_space = spaces.Discrete(len(self.replies))
        self.observation_space = Text() if seen == "text" else spaces.Dict({
            "question": spaces.Box(0.0, 1.0, (width,), np.float32),
            "experts": spaces.Box(0.0, 1.0, (len(experts), 3), np.float32),
            "budget": spaces.Box(0.0, 1.0, (1,), np.float32),
            "action_mask": spaces.Box(0, 1, (len(self.replies),), np.int8),
        })  # fmt: skip

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Draw another question; `options` are those of the environment, for this episode."""
        super().reset(seed=seed)
        told, info = self.text.reset(seed=int(self.np_random.integers(2**62)), options=options)
        self._question = features(self.text.routing.question.text, self.width)
        return self._seen(told), {**info, "action_mask": self.action_masks()}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Ask an expert, or accept."""
        told, reward, terminated, truncated, info = self.text.step(self.replies[int(action)])
        return self._seen(told), reward, terminated, truncated, {**info, "action_mask": self.action_masks()}

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for every action that is allowed now."""
        allowed = self.text.choices("agent")
        return np.array([reply in allowed for reply in self.replies], dtype=np.int8)

    def _seen(self, told: str) -> Any:
        if self.seen == "text":
            return told
        routing, scores = self.text.routing, getattr(self.text, "scores", {})
        experts = [card.name for card in routing.exam.pool.cards]
        rows = [(name in routing.asked, scores.get(name) is not None, scores.get(name) or 0.0) for name in experts]
        left = 1.0 if routing.budget is None else max(0.0, 1.0 - routing.dollars / routing.budget)
        return {
            "question": self._question.copy(),
            "experts": np.array(rows, dtype=np.float32),
            "budget": np.array([left], dtype=np.float32),
            "action_mask": self.action_masks(),
        }
