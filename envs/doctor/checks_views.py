"""Do Gymnasium and PettingZoo accept the environment, and do all ways of playing it give the same bytes?"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import warnings
from collections.abc import Iterator
from functools import partial

from gymnasium.utils.env_checker import check_env

from syllogym.envs import Prompt, TeamEnv, TextEnv, make
from syllogym.envs.doctor.play import TURNS, Subject, first_difference, mixed, solution, written
from syllogym.envs.doctor.report import Failed, Skipped
from syllogym.envs.vector import TextVectorEnv

_CYCLES = 40
_TEXT_ADVICE = (
    "Observation is not a NumPy array",
    "Observation space for each agent probably should be gymnasium.spaces.box or gymnasium.spaces.discrete",
    "Action space for each agent probably should be gymnasium.spaces.box or gymnasium.spaces.discrete",
)
"""What PettingZoo's api_test advises against every environment whose observations and actions are text."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def gymnasium_api(subject: Subject) -> str:
    """Gymnasium's check_env passes without a warning; for a team, from every agent's seat."""
    if subject.single:
        registered = "name" in vars(subject.environment)
        env = make(subject.name, **subject.options) if registered else subject.make()
        with _no_warnings():
            check_env(env, skip_render_check=env.spec is None)
        return ""
    for agent in subject.environment.agents:
        team = subject.make()
        others = {other: partial(_partner, team, other) for other in team.agents if other != agent}
        with _no_warnings():
            check_env(team.seat(agent, others), skip_render_check=True)
    return ""


def _partner(team: TeamEnv, agent: str, prompt: Prompt) -> str:
    """Move so that the game goes on to the seat under examination: as the solver says, or the first reply on offer."""
    return solution(team, agent) or (team.offered(agent) or ("1",))[0]


def pettingzoo_api(subject: Subject) -> str:
    """PettingZoo's api, parallel and seed tests pass with no warning but those it has for every text."""
    if importlib.util.find_spec("pettingzoo") is None:
        raise Skipped('PettingZoo is not installed: pip install "syllogym[pettingzoo]"')
    from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

    with _no_warnings(except_for=_TEXT_ADVICE), contextlib.redirect_stdout(io.StringIO()):
        api_test(subject.make().aec(), num_cycles=_CYCLES)
        parallel_api_test(subject.make().parallel(), num_cycles=_CYCLES)
        seed_test(lambda: subject.make().aec(), num_cycles=_CYCLES)
        parallel_seed_test(lambda: subject.make().parallel(), num_cycles=_CYCLES)
    return ""


def same_on_every_path(subject: Subject) -> str:
    """`step`, `act` and, for one agent, the vector give the same prompts, rewards and ends."""
    paths = {"step": _by_step, "act": _by_act} | ({"the vector": _by_vector} if subject.single else {})
    for seed in (21, 22, 23):
        plays = {name: list(path(subject, seed)) for name, path in paths.items()}
        for name, play in plays.items():
            if difference := first_difference(plays["step"], play):
                raise Failed(f"in seed {seed} step and {name} part: {difference}.")
    return ""


def _by_step(subject: Subject, seed: int) -> Iterator[str]:
    env, policy = subject.make(), mixed(seed)
    env.reset(seed=seed)
    for _ in range(TURNS):
        replies = {agent: policy(env, agent, env.observe(agent)) for agent in env.waiting}
        answer = env.step(replies[env.agents[0]] if subject.single else replies)
        rewards = [float(answer[1])] if subject.single else [float(answer[1][agent]) for agent in env.agents]
        yield written([str(env.observe(agent)) for agent in env.agents], rewards, answer[2], answer[3])
        if answer[2] or answer[3]:
            return


def _by_act(subject: Subject, seed: int) -> Iterator[str]:
    env, policy = subject.make(), mixed(seed)
    env.reset(seed=seed)
    for _ in range(TURNS):
        rewards, _ = env.act({agent: policy(env, agent, env.observe(agent)) for agent in env.waiting})
        late = env.late_pay()
        paid = [float(rewards[agent]) + late.get(agent, 0.0) for agent in env.agents]
        yield written([str(env.observe(agent)) for agent in env.agents], paid, env.terminated, env.truncated)
        if env.over:
            return


def _by_vector(subject: Subject, seed: int) -> Iterator[str]:
    env: TextEnv = subject.make()
    vector, policy = TextVectorEnv([subject.make(), env]), mixed(seed)
    vector.reset(seed=[seed + 1, seed])
    for _ in range(TURNS):
        reply = policy(env, env.agents[0], env.observe(env.agents[0]))
        prompts, rewards, terminated, truncated, infos = vector.step(["1", reply])
        over = bool(terminated[1] or truncated[1])
        told = infos["final_obs"][1] if over else prompts[1]
        yield written([str(told)], [float(rewards[1])], bool(terminated[1]), bool(truncated[1]))
        if over:
            return


@contextlib.contextmanager
def _no_warnings(except_for: tuple[str, ...] = ()) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    messages = [_COLOUR.sub("", str(warning.message)) for warning in caught]
    unwanted = [message for message in messages if message not in except_for]
    if unwanted:
        raise Failed(f"it warns: {unwanted[0]}")
