"""Are rewards deserved? No code in a reply runs, laziness stays poor, and the reference solver earns the maximum."""

from __future__ import annotations

import base64
import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syllogym.envs import TextEnv
from syllogym.envs.doctor.play import TURNS, Policy, Subject, constant, mixed, returns, seen, solution
from syllogym.envs.doctor.report import Failed, Skipped

_EPISODES = 40
_TURNS_A_PAYLOAD = 3
_WRAPPERS = ("{}", "\\boxed{{{}}}", "<answer>{}</answer>", "#### {}", "```python\n{}\n```")
_LAZY = (
    "", " ", "0", "1", "2", "10", "42", "-1", "A", "yes", "no", "True", "False", "I don't know.",
    "I'm sorry, but I can't help with that.", "The answer is obvious.", "\\boxed{}", "\\boxed{0}", "\\boxed{1}",
    "<answer></answer>", "<answer>1</answer>", "#### 0", "#### 1",
)  # fmt: skip


def canary(subject: Subject) -> str:
    """A reply that writes a file, if anything executes it, writes none; a format string in it shows no insides."""
    with tempfile.TemporaryDirectory() as folder:
        marker = Path(folder) / "canary"
        for payload in _payloads(marker):
            for reply in (*(wrapper.format(payload) for wrapper in _WRAPPERS), *_tool_calls(subject, payload)):
                env = subject.make()
                env.reset(seed=31)
                for _ in range(_TURNS_A_PAYLOAD):
                    if env.over:
                        break
                    env.act(dict.fromkeys(env.waiting, reply))
                    if "<class '" in repr(seen(env)):
                        raise Failed(f"it formats the reply {reply[:100]!r} as a template.")
                if marker.exists():
                    raise Failed(f"it executes what a reply says: {reply[:100]!r} wrote a file.", vital=True)
    return ""


def lazy_policies(subject: Subject) -> str:
    """Empty, constant, refusing and echoing replies earn on average no more than `lazy_return`."""
    policies: dict[str, Policy] = {repr(text): constant(text) for text in _LAZY}
    policies["an echo of the prompt"] = lambda env, agent, prompt: str(prompt)
    limit, best = subject.environment.lazy_return, -math.inf
    for name, policy in policies.items():
        env = subject.make()
        played = [returns(env, seed, policy) for seed in range(_EPISODES)]
        for agent in env.agents:
            mean = sum(earned[agent] for earned in played) / len(played)
            best = max(best, mean)
            if mean > limit + 1e-9:
                raise Failed(f"{name} earns {agent} {mean:.3f} an episode; lazy_return allows {limit}.")
    return f"at most {best:.3f} an episode, {subject.environment.lazy_return} allowed"


def reference_solver(subject: Subject) -> str:
    """`solve` earns `max_return` in every episode, at the default, the easiest and the hardest options.

    In a team, the agent that earns most counts.
    """
    hardest = {option: values[-1] for option, values in subject.environment.levels.items()}
    easiest = {option: values[0] for option, values in subject.environment.levels.items()}
    for options in (dict(subject.options), {**easiest, **subject.options}, {**hardest, **subject.options}):
        env = subject.make(**options)
        for seed in range(_EPISODES // 2):
            env.reset(seed=seed)
            if solution(env, env.waiting[0]) is None:
                raise Skipped("it has no reference solver (`solve`)")
            earned = max(returns(env, seed, _solver).values())
            if abs(earned - env.max_return) > 1e-6:
                raise Failed(
                    f"solve earns {earned:g} in seed {seed} under {options}; max_return is {env.max_return:g}."
                )
    return ""


def finite_and_one_end(subject: Subject) -> str:
    """Rewards are finite numbers, and an episode is terminated or truncated, never both."""
    for seed in range(10):
        env, policy = subject.make(), mixed(seed)
        env.reset(seed=seed)
        for turn in range(TURNS):
            replies = {agent: policy(env, agent, env.observe(agent)) for agent in env.waiting}
            _, reward, terminated, truncated, _ = env.step(replies[env.agents[0]] if subject.single else replies)
            if terminated and truncated:
                raise Failed(f"seed {seed} is terminated and truncated at once in turn {turn}.")
            for value in (reward,) if isinstance(env, TextEnv) else reward.values():
                if not math.isfinite(value):
                    raise Failed(f"seed {seed} pays {value} in turn {turn}.")
            if terminated or truncated:
                break
    return ""


def _solver(env: Any, agent: str, prompt: str) -> str:
    return solution(env, agent) or ""


def _payloads(marker: Path) -> Iterator[str]:
    """Yield code in the languages that scorers have been seen to execute."""
    path = str(marker)
    shell = f"touch {path}"
    python = f"__import__('os').system('{shell}')"
    pickled = f"cos\nsystem\n(S'{shell}'\ntR."
    yield f"open('{path}', 'w').close()"
    yield f"open('{path}', 'w')"
    yield python
    yield f"exec({python!r})"
    yield f"(lambda: {python})()"
    yield f"1 + 1 if {python} else 2"
    yield f"import os\nos.system('{shell}')"
    yield pickled
    yield base64.b64encode(pickled.encode()).decode()
    yield f"!!python/object/apply:os.system ['{shell}']"
    yield f"$({shell})"
    yield f"`{shell}`"
    yield "{0.__class__}"
    yield "{self.__class__}"
    yield "{reply.__class__}"


def _tool_calls(subject: Subject, payload: str) -> Iterator[str]:
    for name, schema in subject.environment._tools.items():
        arguments = dict.fromkeys(schema["function"]["parameters"]["properties"], payload)
        yield f"<tool_call>{json.dumps({'name': name, 'arguments': arguments})}</tool_call>"
