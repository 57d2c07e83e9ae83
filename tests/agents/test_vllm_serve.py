"""Does the endpoint player get on with a real `vllm serve`?"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from syllogym import envs
from syllogym.agents import get
from syllogym.agents.rollout import Rollouts, Task, TooManyFaults
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.envs import Question
from syllogym.errors import UserError
from tests.agents.engines.vllm.interpreter import python_with_vllm
from tests.agents.faulty_server import Fault, completion, serving

pytestmark = pytest.mark.vllm

KEY = "sk-of-this-test"
QUIET = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
SERVE = (  # what `vllm serve` runs; the command itself looks for a package "vllm", and vllm-cpu has another name
    "-m vllm.entrypoints.openai.api_server --model {model} --served-model-name tiny "
    "--dtype float32 --enforce-eager --max-model-len 256 --max-num-seqs 8"
)


@envs.register("test-vllm/wordy")
class Wordy(Question):
    """A question longer than the model's context."""

    answer_in = "plain"

    def draw(self, rng: random.Random) -> tuple[str, str]:
        return f"Say {rng.randrange(10**6)}. " * 30, "no"


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a tiny model made from nothing, with a key; stop the server at the end."""
    interpreter = python_with_vllm()
    folder = tmp_path_factory.mktemp("model")
    tokenizer = byte_tokenizer()
    tiny_model(tokenizer, seed=0, width=128, heads=4, context=256).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [interpreter, *SERVE.format(model=folder).split()]
    command += ["--host", "127.0.0.1", "--port", str(port), "--api-key", KEY]
    with open(folder / "log", "w+b") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **QUIET}, start_new_session=True)
        try:
            await_health(server, f"http://127.0.0.1:{port}/health", folder / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            stop(server)


def await_health(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"vllm serve is not up after 5 minutes:\n{log.read_text()[-3000:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture
def options(base_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv("TEST_VLLM_KEY", KEY)
    return {"base_url": base_url, "model": "tiny", "api_key_env": "TEST_VLLM_KEY", "max_tokens": 8, "retries": 1}


TASKS = [Task("math/arithmetic", seed) for seed in range(3)]


def test_it_plays_and_the_same_seeds_get_the_same_replies(options: dict[str, object]) -> None:
    player = get("openai_compatible")(**options)
    first, again = (Rollouts({"*": player}, max_faults=0).run(TASKS) for _ in range(2))
    assert first == again
    assert len({episode.steps[0].reply for episode in first}) == len(TASKS)
    assert 0 < player.ledger.usage.completion <= 8 * 6


def test_faults_on_the_way_change_no_reply(options: dict[str, object], base_url: str) -> None:
    direct = Rollouts({"*": get("openai_compatible")(**options)}, max_faults=0).run(TASKS[:1])
    cut = Fault(body=completion("cut"), cut=True)
    faults = [Fault(429, {}), Fault(500, "boom"), Fault(hang=60.0, body={}), cut, Fault(body="{not json")]
    with serving(*faults, upstream=base_url) as proxy:
        patient = {"base_url": proxy.base_url, "retries": 5, "backoff": 0.001, "timeout": 5.0}
        player = get("openai_compatible")(**{**options, **patient})
        assert Rollouts({"*": player}, max_faults=0).run(TASKS[:1]) == direct
    assert player.ledger.usage.retries == 5


def test_a_wrong_key_is_refused(options: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_VLLM_KEY", "another")
    with pytest.raises(UserError, match="refuses the key"):
        Rollouts({"*": get("openai_compatible")(**options)}).run(TASKS[:1])


def test_a_model_it_has_not_is_answered_with_the_one_it_has(options: dict[str, object]) -> None:
    with pytest.raises(UserError, match=r"has no .tinny.; it has tiny\. Did you mean tiny"):
        Rollouts({"*": get("openai_compatible")(**{**options, "model": "tinny"})}).run(TASKS[:1])


@pytest.mark.parametrize(
    ("env", "max_tokens", "told"),
    [
        ("test-vllm/wordy", 8, r"longer than the endpoint's context .*256"),
        ("math/arithmetic", 300, r"refuses the request .*300.*256"),
    ],
)
def test_a_context_overflow_tells_the_numbers(options: dict[str, object], env: str, max_tokens: int, told: str) -> None:
    player = get("openai_compatible")(**{**options, "max_tokens": max_tokens})
    with pytest.raises(TooManyFaults, match=told):
        Rollouts({"*": player}, max_faults=0).run([Task(env, 0)])
