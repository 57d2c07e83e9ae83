"""Does running Python help an agent that may, at the price that was set, and in a session that is its own?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym import agents
from syllogym.agents.rollout import Rollouts, Task, branches
from syllogym.agents.tool_formats import parameters_of, read_calls
from syllogym.envs import Reply
from syllogym.envs.doctor import diagnose
from tests.envs.code.sandbox.test_pool import descendants, gone

pytestmark = pytest.mark.usefixtures("confined")


def call(code: str) -> str:
    return f"<tool_call>{json.dumps({'name': 'python', 'arguments': {'code': code}})}</tool_call>"


def begun(**options: Any) -> Any:
    env = sg.make("code/tool", **options)
    env.reset(seed=3)
    return env


def test_the_environment_is_sound() -> None:
    assert diagnose("code/tool").ok


def test_what_one_call_defines_the_next_one_has() -> None:
    env = begun()
    env.step(call("def double(x): return 2 * x"))
    told, reward, *_ = env.step(call("double(21)"))
    assert told.messages == ({"role": "tool", "name": "python", "content": "42"},) and reward == 0.0


def test_an_answer_ends_the_episode_right_or_wrong() -> None:
    assert begun().step("\\boxed{-1}")[1:4] == (0.0, True, False)
    env = begun()
    assert env.step(f"\\boxed{{{env.answer.answer}}}")[1:4] == (1.0, True, False)


def test_calls_cost_their_price_in_their_turns() -> None:
    env = begun(steps=2, price=0.125)
    env.step(call("1") + call("2"))
    env.step(call("3"))
    _, reward, _, _, info = env.step(f"\\boxed{{{env.answer.answer}}}")
    assert reward == 1.0 - 3 * 0.125 and info["reward"] == {"correct": 1.0, "format": 0.0}
    assert env.settled == {0: -0.25, 1: -0.125} and env.settled[0].parts == {"price": -0.25}


def test_calls_cost_their_price_in_an_episode_that_never_answers_too() -> None:
    env = begun(price=0.125, max_turns=2)
    env.step(call("1"))
    assert env.step(call("2"))[1:4] == (-0.25, False, True)


def test_a_reply_without_an_answer_costs_what_the_format_is_worth() -> None:
    assert begun(format=0.25).step("I do not know.")[1] == -0.25
    assert begun(format=0.25).step("\\boxed{-1}")[1] == 0.0


def test_the_solver_needs_the_session_and_not_more_turns_than_there_are() -> None:
    env = begun(steps=5, max_turns=3)
    replies = []
    while not env.over:
        replies.append(env.solve())
        reward = env.step(replies[-1])[1]
    assert reward == 1.0 and [reply.startswith("<tool_call>") for reply in replies] == [True, True, False]


@pytest.mark.parametrize("form", ["hermes", "llama", "pythonic", "mistral"])
def test_calls_may_be_written_in_the_form_a_model_knows(form: str) -> None:
    said = {
        "hermes": call("6 * 7"),
        "llama": '{"name": "python", "parameters": {"code": "6 * 7"}}',
        "pythonic": '[python(code="6 * 7")]',
        "mistral": '[TOOL_CALLS][{"name": "python", "arguments": {"code": "6 * 7"}}]',
    }[form]
    env = sg.make("code/tool")
    tools = parameters_of(env.reset(seed=0)[0].tools)
    assert env.step(Reply(said, tool_calls=tuple(read_calls(said, form, tools))))[0] == "42"


def test_rows_of_mathematics_are_asked_with_the_tool_and_graded_as_mathematics(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"question": "What is one half of one half?", "answer": "1/4"}\n')
    env = sg.make("code/tool", file=str(file))
    told, _ = env.reset(seed=0)
    assert told.startswith("What is one half of one half?") and told.tools  # type: ignore[attr-defined]
    assert env.step(call("1 / 4"))[0] == "0.25"
    assert env.step("\\boxed{0.25}")[1] == 1.0


def test_a_fork_in_the_middle_of_a_session_goes_on_apart() -> None:
    env = begun()
    env.step(call("x = [1]"))
    twin = env.fork()
    twin.step(call("x.append(2)"))
    assert (twin.step(call("x"))[0], env.step(call("x"))[0]) == ("[1, 2]", "[1]")


def test_a_snapshot_in_the_middle_of_a_session_goes_on_in_another_environment() -> None:
    env = begun()
    env.step(call("x = 41"))
    other = sg.make("code/tool")
    other.restore(env.snapshot())
    assert other.step(call("x + 1"))[0] == "42"


def test_the_next_episode_begins_with_nothing() -> None:
    env = begun()
    env.step(call("x = 1"))
    env.reset(seed=3)
    assert "NameError" in env.step(call("x"))[0]


@pytest.mark.parametrize("end", ["answered", "truncated", "reset", "dropped"])
def test_no_process_is_left_when_an_episode_is_over_or_left(end: str) -> None:
    idle = begun()
    idle.step(call("1"))
    idle.step("\\boxed{1}")
    before = descendants(os.getpid())
    env = begun(max_turns=2)
    env.step(call("x = 1"))
    alive = descendants(os.getpid()) - before
    assert alive
    if end == "answered":
        env.step("\\boxed{1}")
    elif end == "truncated":
        env.step(call("x"))
    elif end == "reset":
        env.reset(seed=4)
    else:
        del env
    assert gone(alive)


def test_rollouts_play_it_with_more_episodes_than_sessions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.envs.code.notebook.MOST", 3)
    rollouts = Rollouts({"*": agents.get("oracle")()})
    episodes = rollouts.run([Task("code/tool", seed, {"steps": 3}, group=seed) for seed in range(12)])
    assert [episode.reward() for episode in episodes] == [1.0] * 12 and not rollouts.faults


def test_an_episode_may_be_branched_between_calls() -> None:
    rollouts = Rollouts({"*": agents.get("oracle")()})
    (episode,) = rollouts.run([Task("code/tool", 5, {"steps": 3})])
    again = rollouts.run(branches(episode, turn=2, group=1, count=2))
    assert [one.reward() for one in again] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps is"),
        ({"shown": 1}, "shown is"),
        ({"seconds": 0}, "wall"),
        ({"memory": 1}, "memory"),
        ({"extract": "box"}, "boxed"),
        ({"isolation": "http://localhost:9"}, "A session cannot run"),
        ({"prize": 1}, "price"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_impossible_option_is_a_readable_mistake(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sg.UserError, match=message):
        begun(**options)
