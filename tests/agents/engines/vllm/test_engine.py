"""Does the engine keep its word whatever its worker process does? Real processes, without vLLM in them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.errors import UserError
from tests.agents.engines.vllm.fakes import POLICY, PROMPTS, fake, happened, replies
from tests.agents.models import tiny_policy


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def pid(engine: VLLMEngine, number: int = 0) -> int:
    process = engine.host.replicas[number].process
    assert process is not None
    return process.pid


def test_no_process_begins_before_there_is_something_to_sample() -> None:
    with fake() as engine:
        assert engine.host.replicas[0].process is None


def test_requests_of_a_process_that_died_are_answered_by_the_next_as_it_would_have() -> None:
    with fake() as engine:
        wanted = replies(engine)
    with fake("dies once") as engine:
        assert replies(engine) == wanted
        assert happened(engine, "begun") == 2


def test_a_killed_process_is_noticed_while_nothing_is_asked_of_it() -> None:
    with fake() as engine:
        wanted = replies(engine)
        os.kill(pid(engine), signal.SIGKILL)
        assert replies(engine) == wanted


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("dies", r"(?s)was killed by SIGABRT, the last of 3 in a row\. Its last words, from .*: *\nprocess 1 begins"),
        ("ends at once", "ended with status 3, the last of 3 in a row"),
        ("babbles", "sent something that is no message"),
        ("hangs", "has been silent for 2 s with 5 calls unanswered"),
        ("never takes", "did not answer 'take' within 2 s"),
    ],
)
def test_a_process_that_is_lost_again_and_again_is_given_up(how: str, told: str) -> None:
    with fake(how, timeout=2.0) as engine:
        with pytest.raises(UserError, match=told):
            replies(engine)
        assert happened(engine, "begun") == 3


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("refuses to start", r"(?s)vLLM did not start: ValueError: no such architecture.*process 1 begins"),
        ("refuses", "vLLM refused a request: ValueError: no"),
        ("drops a token", "answers to another prompt than it was given"),
        ("scores wrongly", r"differ from the policy's by 0\.0002 where at most 0\.0001 is rounding"),
        ("scores nothing", "differ from the policy's by nan"),
    ],
)
def test_what_will_not_get_better_is_told_at_once(how: str, told: str) -> None:
    with fake(how) as engine:
        with pytest.raises(UserError, match=told):
            replies(engine)
        assert happened(engine, "begun") == 1


def test_it_follows_its_policy_between_replies() -> None:
    policy = tiny_policy()
    with fake(policy=policy) as engine:
        first = replies(engine)
        policy.version = 5
        second = replies(engine)
    assert ({sample.version for sample in first}, {sample.version for sample in second}) == ({0}, {5})


def test_weights_that_have_not_changed_are_not_sent_again() -> None:
    with fake() as engine:
        replies(engine)
        replies(engine)
        assert happened(engine, "take") == 1


def test_it_takes_up_weights_only_when_told_to() -> None:
    policy = tiny_policy()
    with fake(policy=policy, follow=False) as engine:
        replies(engine)
        policy.version = 1
        assert replies(engine)[0].version == 0
        asyncio.run(engine.take_up())
        assert replies(engine)[0].version == 1


def test_replies_under_way_end_with_the_weights_they_began_with() -> None:
    policy = tiny_policy()

    async def in_the_middle() -> int:
        asked = asyncio.create_task(engine.generate([7], seed=0, sampling=Sampling(max_tokens=2)))
        await asyncio.sleep(0.1)
        policy.version = 1
        await engine.take_up()
        assert asked.done()
        return (await asked).version

    with fake("slow", policy=policy, follow=False) as engine:
        replies(engine, [[1]])
        assert asyncio.run(in_the_middle()) == 0


def test_a_lost_process_gets_the_weights_it_had_not_those_that_are_being_learnt() -> None:
    policy = tiny_policy()
    with fake("dies once", policy=policy, follow=False) as engine:
        replies(engine, PROMPTS[:1])
        policy.version = 9
        assert {sample.version for sample in replies(engine)} == {0}


def test_a_request_that_nobody_waits_for_any_more_is_dropped() -> None:
    async def impatient() -> None:
        async with asyncio.timeout(0.3):
            await engine.generate([7], seed=0, sampling=Sampling(max_tokens=2))

    with fake("hangs") as engine:
        asyncio.run(engine.take_up())
        with pytest.raises(TimeoutError):
            asyncio.run(impatient())
        asyncio.run(engine.take_up())
        assert happened(engine, "drop") == 1


def test_a_group_goes_to_one_replica_and_what_is_too_much_for_it_to_another() -> None:
    with fake(replicas=2) as engine:
        home = engine.host._choose(engine.guest, [7, 8])
        home.busy = 8
        assert engine.host._choose(engine.guest, [7, 8]) is home
        home.busy = 9
        assert engine.host._choose(engine.guest, [7, 8]) is not home


def test_every_replica_takes_up_new_weights() -> None:
    with fake(replicas=2) as engine:
        asyncio.run(engine.take_up())
        assert (happened(engine, "begun"), happened(engine, "take")) == (2, 2)


@pytest.mark.parametrize(
    ("prompt", "temperature", "told"),
    [
        ([], 1.0, "empty prompt"),
        ([7] * 60, 1.0, r"60 tokens and a reply of up to 8 exceed the model's 64"),
        ([7], 0.005, "vLLM samples at temperatures from 0.01 to 2.0, or at 0; not at 0.005"),
        ([7], 2.5, "not at 2.5"),
    ],
)
def test_what_it_cannot_sample_is_refused(prompt: list[int], temperature: float, told: str) -> None:
    with fake(max_model_len=64) as engine, pytest.raises(UserError, match=told):
        asyncio.run(engine.generate(prompt, seed=0, sampling=Sampling(max_tokens=8, temperature=temperature)))


def test_closing_ends_the_process_and_leaves_no_file() -> None:
    with fake() as engine:
        replies(engine)
        process, folder = pid(engine), engine.host.launch.folder
    assert not alive(process)
    assert not folder.exists()


def test_the_log_of_a_lost_process_is_kept() -> None:
    with fake("dies once") as engine:
        replies(engine)
        engine.close()
        assert [path.name for path in engine.host.launch.folder.rglob("*.log")] == ["vllm-0.log"]


def test_logs_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    with fake(log=str(tmp_path / "logs")) as engine:
        replies(engine)
    assert "process 1 begins" in (tmp_path / "logs" / "vllm-0.log").read_text(encoding="utf-8")


ORPHAN = """
import os, signal
from tests.agents.engines.vllm.fakes import fake, replies
with fake() as engine:
    replies(engine)
    print(engine.host.replicas[0].process.pid, engine.host.launch.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_ends_when_the_process_of_its_engine_is_killed() -> None:
    root = Path(__file__).parents[4]
    done = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, text=True, cwd=root, timeout=600)
    assert done.returncode == -signal.SIGKILL, done.stderr
    number, folder = done.stdout.split()
    deadline = time.monotonic() + 60
    while alive(int(number)) and time.monotonic() < deadline:
        time.sleep(0.05)
    subprocess.run(["rm", "-r", folder], check=True)
    assert not alive(int(number))


def test_an_interpreter_without_vllm_is_named_with_the_line_that_installs_it() -> None:
    from syllogym.agents.engines.vllm.options import VLLMOptions

    with pytest.raises(UserError, match=r"/nowhere cannot be run"):
        VLLMEngine(POLICY, VLLMOptions(python="/nowhere"))
