"""A worker process that has no vLLM: it speaks the protocol, and misbehaves as its first argument says."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from syllogym.agents.engines.vllm.wire import Wire
from syllogym.agents.engines.vllm.worker import main

HOW, SCORES = sys.argv[1], json.loads(sys.argv[2])


def note(what: str) -> int:
    """Write down that something happened; return how often it has."""
    with Path("happened").open("a+", encoding="utf-8") as file:
        file.write(f"{what}\n")
        file.seek(0)
        return file.read().split("\n").count(what)


class Fake:
    version = "fake"

    def __init__(self, wire: Wire, start: dict[str, Any]) -> None:
        self.wire = wire
        self.weights: dict[int, int] = {}
        self.begun = note("begun")
        sys.stdout.write(f"process {self.begun} begins\n")
        sys.stdout.flush()
        if HOW == "refuses to start":
            raise ValueError("no such architecture")
        if HOW == "ends at once":
            os._exit(3)

    def serve(self, inbox: Any) -> None:
        while (message := inbox.get()) is not None:
            number, what = message["id"], message["do"]
            note(what)
            if what == "take":
                self.weights[message["number"]] = message["version"]
                if HOW == "never takes":
                    time.sleep(60)
                self.wire.send({"id": number})
            elif what == "sample" and "prompt_logprobs" in message["settings"]:
                self.wire.send({"id": number, "prompt": message["prompt"], "scores": SCORES[str(message["prompt"])]})
            elif what == "sample":
                self.sample(**message)

    def sample(self, id: int, number: int, prompt: list[int], settings: dict[str, Any], **_: Any) -> None:
        if HOW == "dies" or (HOW == "dies once" and self.begun == 1 and note("reply") == 3):
            os.abort()
        if HOW == "hangs":
            return
        if HOW == "slow":
            time.sleep(0.2)
        if HOW == "babbles":
            socket.socket(fileno=int(sys.argv[-1])).send(b"Segmentation fault")
        if HOW == "refuses":
            self.wire.send({"id": id, "error": "ValueError: no"})
            return
        ids = [6 + (settings["seed"] + sum(prompt) + at) % 200 for at in range(settings["max_tokens"])]
        echo = prompt[1:] if HOW == "drops a token" else prompt
        reply = {"ids": ids, "logprobs": [-1.5] * len(ids), "finish": "length", "spans": [[0, self.weights[number]]]}
        self.wire.send({"id": id, "prompt": echo, **reply})


if __name__ == "__main__":
    main(Fake)
