"""What may be said of a vLLM engine? Where vLLM is, how many of it, and how long it may take."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from syllogym.errors import UserError

PYTHON_VARIABLE = "SYLLOGYM_VLLM_PYTHON"

_OURS = frozenset({
    "model", "tokenizer", "skip_tokenizer_init", "load_format", "dtype", "max_model_len", "generation_config",
    "logprobs_mode", "worker_extension_cls", "async_scheduling", "quantization",
    "enable_lora", "max_loras", "max_lora_rank", "max_cpu_loras", "lora_target_modules",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VLLMOptions:
    """How vLLM is run.

    Attributes:
        python: a Python that has vLLM. None takes the one that $SYLLOGYM_VLLM_PYTHON names, or else this one.
        replicas: processes, each with the whole model; replies are spread over them.
        dtype: what it computes in. ``auto`` is float32 for a policy on a CPU, else bfloat16.
        memory: GiB for keys and values in each process; None is 1 on a CPU, and vLLM's own choice on a GPU.
        max_model_len: tokens a context may hold, if fewer than the policy's own.
        threads: of each process on a CPU; one is fastest for tiny models.
        timeout: seconds for anything but starting and sampling, and for signs of life while it samples.
        start_timeout: seconds until it is ready.
        adapters: over one base that are sampled from in one batch; policies that have one share the processes. None are
            kept apart where it is 0: each is merged into a base of its own.
        restarts: how often in a row a lost process is begun again before the run stops.
        log: folder for what it writes; None keeps that only if something went wrong.
        args: further arguments of vLLM's own `EngineArgs`, such as ``{tensor_parallel_size: 2}``.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    python: str | None = None
    replicas: int = 1
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    memory: float | None = None
    max_model_len: int | None = None
    threads: int = 1
    timeout: float = 120.0
    start_timeout: float = 600.0
    adapters: int = 4
    restarts: int = 2
    log: str | None = None
    args: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        least = {"replicas": 1, "threads": 1, "max_model_len": 2, "adapters": 0, "restarts": 0}
        for name in (*least, "memory", "timeout", "start_timeout"):
            value = getattr(self, name)
            if value is not None and (value < least[name] if name in least else value <= 0):
                bound = f"at least {least[name]}" if name in least else "above 0"
                raise UserError(f"{name} is {bound}; not {value!r}.")
        for name in self.args:
            if name in _OURS:
                raise UserError(f"args: {name} is the engine's own business; leave it out.")

    @property
    def interpreter(self) -> str:
        """The Python that runs vLLM. A name without a slash is looked for on the path."""
        python = self.python or os.environ.get(PYTHON_VARIABLE) or sys.executable
        return os.path.abspath(python) if os.sep in python else python
