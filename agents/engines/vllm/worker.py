"""What runs in the worker process? vLLM itself, stepped from here: requests join and leave between steps.

`python -m syllogym.agents.engines.vllm.worker FD`, in any Python that has vLLM; the engine starts it. Only the standard
library, torch and vLLM are imported here.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from syllogym.agents.engines.vllm.wire import Wire

MERGED = "(With engine.adapters: 0 adapters are sent merged into their base.)"
_FAREWELL = 5.0
"""Seconds from the engine's end to ours, at most."""


def main(serve: Callable[[Wire, dict[str, Any]], Any]) -> None:
    """Serve the engine at the other end of the socket whose number is our last argument, until it hangs up.

    Args:
        serve: makes the server from the wire and the engine's first message.
    """
    wire = Wire(socket.socket(fileno=int(sys.argv[-1])))
    inbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(wire, inbox, os.getppid()), daemon=True).start()
    first = inbox.get()
    if first is None:
        return
    try:
        server = serve(wire, first)
    except Exception as error:
        traceback.print_exc()
        wire.send({"id": first["id"], "error": f"{type(error).__name__}: {error}"})
        raise SystemExit(1) from error
    wire.send({"id": first["id"], "vllm": server.version})
    server.serve(inbox)
    sys.stderr.flush()
    os._exit(0)  # vLLM's own farewell takes seconds, and there is nobody left to say it to


def _listen(wire: Wire, inbox: queue.SimpleQueue[dict[str, Any] | None], parent: int) -> None:
    """Put what comes into the inbox. Once the engine is gone, see to it that this process ends, whatever it does."""
    try:
        while os.getppid() == parent:
            message = wire.receive()
            if message is not None:
                inbox.put(message)
    except Exception as error:
        print(f"The engine has hung up: {error!r}", file=sys.stderr)  # noqa: T201  # the log is ours to write
    inbox.put(None)
    time.sleep(_FAREWELL)
    os._exit(1)


class Server:
    """A vLLM engine that answers messages.

    Args:
        wire: to the engine that is served.
        start: its first message: `args` of vLLM's engine, and whether the model is `small`.
    """

    def __init__(self, wire: Wire, start: dict[str, Any]) -> None:
        import vllm
        from vllm import EngineArgs
        from vllm.platforms import current_platform
        from vllm.v1.engine.llm_engine import LLMEngine

        self.wire = wire
        self.version = vllm.__version__
        args = dict(start["args"])
        on_cpu = current_platform.is_cpu()
        if on_cpu:
            args = {"enforce_eager": True, "kv_cache_memory_bytes": 1 << 30, **args}
        self.plainly = on_cpu and start["small"] and _without_packing()
        config = EngineArgs(**args).create_engine_config()
        if on_cpu:
            _check_heads(config.model_config)
        try:
            self.engine = LLMEngine.from_vllm_config(config, disable_log_stats=True)
        except ValueError as error:
            raise ValueError(f"{error} {MERGED}" if "LoRA" in str(error) else error) from error
        self.names: dict[int, str] = {}  # of the weights taken up under each number: new ones have another name
        self.versions: dict[int, int] = {}
        self.takes = 0
        self.under_way: dict[int, int] = {}  # by which weights a reply is sampled
        self.spoke = time.monotonic()

    def serve(self, inbox: queue.SimpleQueue[dict[str, Any] | None]) -> None:
        """Do as the messages say, and step while there is something to sample. Returns when the engine has hung up."""
        while True:
            busy = self.engine.has_unfinished_requests()
            try:
                message = inbox.get(block=not busy)
            except queue.Empty:
                self._step()
                continue
            if message is None:
                return
            try:
                getattr(self, f"do_{message['do']}")(**message)
            except Exception as error:
                traceback.print_exc()
                self._send({"id": message["id"], "error": f"{type(error).__name__}: {error}"})

    def do_take(self, id: int, number: int, version: int, path: str, layout: list[Any], **_: Any) -> None:
        """Take up the weights that lie in shared memory now: the model's own, or an adapter's from number 1 on.

        Whatever was computed with earlier ones is forgotten: cached prefixes, and the caches of replies under way,
        which are computed anew as these go on. An adapter's prefixes are cached under its name, and nobody else's.
        """
        if number:
            self.engine.collective_rpc("syllogym_take_adapter", args=(number, path, layout))
        else:
            self.engine.collective_rpc("syllogym_take", args=(path, layout, self.plainly))
        if not number or number in self.under_way.values():
            self.engine.reset_prefix_cache(reset_running_requests=True)
        self.takes += 1
        self.names[number] = f"{number}.{self.takes}"
        self.versions[number] = version
        self.engine.set_weight_version(json.dumps(self.versions))
        self._send({"id": id})

    def do_sample(self, id: int, number: int, prompt: list[int], settings: dict[str, Any], **_: Any) -> None:
        """Begin a reply by the weights of a number, or score the prompt when the settings ask for its log-probs."""
        from vllm import SamplingParams
        from vllm.lora.request import LoRARequest
        from vllm.sampling_params import RequestOutputKind

        how = SamplingParams(output_kind=RequestOutputKind.FINAL_ONLY, ignore_eos=True, logprobs=0, **settings)
        which = LoRARequest(self.names[number], number, "in memory") if number else None
        self.engine.add_request(str(id), {"prompt_token_ids": prompt}, how, lora_request=which)
        self.under_way[id] = number

    def do_drop(self, id: int, which: int, **_: Any) -> None:
        """Forget a reply under way."""
        self.engine.abort_request([str(which)])
        self.under_way.pop(which, None)

    def _step(self) -> None:
        for output in self.engine.step():
            if output.finished:
                self._send(_answer(output, self.under_way.pop(int(output.request_id))))
        if time.monotonic() - self.spoke > 1:
            self._send({"id": None})  # still stepping

    def _send(self, message: dict[str, Any]) -> None:
        self.wire.send(message)
        self.spoke = time.monotonic()


def _answer(output: Any, number: int) -> dict[str, Any]:
    reply, prompt = output.outputs[0], output.prompt_token_ids
    answer = {"id": int(output.request_id), "prompt": prompt, "finish": reply.finish_reason}
    if output.prompt_logprobs is not None:
        scored = zip(prompt[1:], output.prompt_logprobs[1:], strict=True)
        return {**answer, "scores": [at[token].logprob for token, at in scored]}
    ids = list(reply.token_ids)
    logprobs = [at[token].logprob for token, at in zip(ids, reply.logprobs, strict=True)]
    spans: list[tuple[int, int]] = []
    for span in reply.weight_versions or ():
        version = json.loads(span.version)[str(number)]
        if not spans or spans[-1][1] != version:
            spans.append((span.start, version))
    return {**answer, "ids": ids, "logprobs": logprobs, "spans": spans}


def _check_heads(model: Any) -> None:
    """Raise `ValueError` where a CPU has no attention for the model; vLLM itself would stumble over its first token."""
    from vllm.v1.attention.backends.cpu_attn import CPUAttentionBackend

    size, sizes = model.get_head_size(), CPUAttentionBackend.get_supported_head_sizes()
    if not model.use_mla and size not in sizes:
        raise ValueError(
            f"on a CPU it only has attention for heads of {', '.join(map(str, sizes))} numbers, not {size} "
            "(a tiny policy's have width / heads: give it fewer heads)"
        )


def _without_packing() -> bool:
    """Switch off the packed copies that vLLM makes of weights on a CPU; say whether there are none now.

    They pay for models above some 5 million parameters; below, making them anew at each sync is all they do.
    """
    from vllm import _custom_ops

    if hasattr(_custom_ops, "_supports_onednn"):
        _custom_ops._supports_onednn = False
        return True
    return False


if __name__ == "__main__":
    main(Server)
