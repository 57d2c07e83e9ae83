"""How does vLLM take up weights while it runs? Each of its own workers reads them from shared memory.

vLLM mixes the class below into its workers, one for each GPU that a model is spread over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from syllogym.agents.engines.vllm.shared_weights import at


class TakesWeights:
    """What a worker of vLLM can do for us in addition."""

    model_runner: Any
    reload_weights: Any

    def syllogym_take(self, path: str, layout: Sequence[Any], plainly: bool) -> None:
        """Load weights, named as in a checkpoint.

        Args:
            path: of the shared memory. layout: what lies where in it.
            plainly: copy them into the model's parameters; otherwise vLLM's reload is asked, which also makes anew
                what it has made of them (packed copies for a CPU's kernels, quantised ones).
        """
        with torch.no_grad():
            if plainly:
                self.model_runner.get_model().load_weights(at(path, layout))
            else:
                self.reload_weights(weights_iterator=at(path, layout))
