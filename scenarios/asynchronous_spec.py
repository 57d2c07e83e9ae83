"""What may a scenario say of rollouts that are played while others are learnt from?"""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveInt

from syllogym.scenarios.mappings import Strict


class AsynchronousSpec(Strict):
    """How old may be what is learnt from, and when do the engines take up new weights?

    Attributes:
        staleness: how many rollouts may be learnt from between the sampling of a token and its being learnt from;
            each is as many versions of the weights as the algorithm takes optimiser steps on it.
        swap: ``between``: once for each rollout that is learnt from, when the next one is played; replies of others
            that are under way end first. With a staleness of 1 each rollout is wholly sampled by the weights that the
            last but one left behind (one-step-off), and runs can be repeated. ``inside``: after every optimiser step,
            at once, in the middle of the replies under way (arXiv 2505.24298, 2509.19128).
    """

    staleness: PositiveInt = 1
    swap: Literal["between", "inside"] = "between"
