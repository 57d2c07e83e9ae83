"""Are episodes played in order, reproducibly, with their faults counted and their credit where it is due?"""

from __future__ import annotations

import random
from typing import Any

import pytest

from syllogym import agents, envs
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import DemonstrationPlayer, Player, PolicyPlayer
from syllogym.agents.rollout import Rollouts, Task, TooManyFaults
from syllogym.envs import Reply, TeamEnv, TextEnv, Turn
from syllogym.errors import UserError
from tests.agents.models import tiny_policy


@envs.register("test-rollout/faulty")
class Faulty(TextEnv):
    """Asks for the seed; raises, or hangs, in one episode in ten."""

    instance_hidden = True

    def on_reset(self, rng: random.Random, trouble: str = "raise") -> str:
        self.trouble = trouble
        return str(self.seed)

    def on_step(self, reply: Reply) -> Turn:
        if self.seed is not None and self.seed % 10 == 9:
            while self.trouble == "hang":
                pass
            raise ZeroDivisionError("division by zero")
        return Turn(reward=float(reply == str(self.seed)), over=True)

    def solve(self) -> str:
        return str(self.seed)


@envs.register("test-rollout/late")
class Late(TeamEnv):
    """Two agents take turns; when it is over, credit is given for earlier turns."""

    agents = ("X", "O")
    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        return "go"

    def on_step(self, agent: str, reply: Reply) -> Turn:
        return Turn({"X": "x", "O": "o"}, over=self.turn == 3)

    def settle(self) -> dict[int, Any]:
        return {0: {"X": 1.0, "O": 2.0}, 1: {"O": 4.0}, 3: {"X": 8.0}}


def tasks(env: str, count: int, group: int = 1, **options: Any) -> list[Task]:
    return [Task(env, seed, options, group=seed, index=at) for seed in range(count) for at in range(group)]


def scripted(name: str) -> Player:
    player: Player = agents.get(name)()
    return player


def sampler(context: Any = "conversation") -> PolicyPlayer:
    policy = tiny_policy()
    return PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4), context)


def lines(episodes: list[Episode]) -> list[str]:
    return [episode.to_json() for episode in episodes]


def test_episodes_come_in_the_order_of_their_tasks() -> None:
    played = Rollouts({"*": scripted("oracle")}, live=3).run(tasks("test-rollout/faulty", 9))
    assert [episode.seed for episode in played] == list(range(9))
    assert all(episode.reward() == 1.0 and episode.terminated for episode in played)


def test_members_of_a_group_share_the_instance_and_differ_in_replies() -> None:
    played = Rollouts({"*": sampler()}).run(tasks("games/guess_number", 2, group=4))
    first = [[episode.steps[0] for episode in played if episode.group == group] for group in (0, 1)]
    assert all(len({tuple(step.prompt_ids) for step in group}) == 1 for group in first)
    assert all(len({tuple(step.token_ids) for step in group}) == 4 for group in first)


@pytest.mark.parametrize("live", [1, 3])
def test_reruns_agree_however_many_are_live(live: int) -> None:
    game = tasks("games/guess_number", 4)
    wanted = [[step.token_ids for step in episode.steps] for episode in Rollouts({"*": sampler()}, "k").run(game)]
    again = Rollouts({"*": sampler()}, "k", live=live).run(game)
    assert [[step.token_ids for step in episode.steps] for episode in again] == wanted


def test_another_key_gives_other_replies() -> None:
    one, other = (Rollouts({"*": sampler()}, key).run(tasks("games/guess_number", 1)) for key in "ab")
    assert one[0].steps[0].token_ids != other[0].steps[0].token_ids


def test_a_conversation_grows_by_what_is_new() -> None:
    episode = Rollouts({"*": sampler()}).run(tasks("games/guess_number", 1))[0]
    assert [step.parent for step in episode.steps] == [-1, 0, 1, 2, 3, 4, 5]
    assert (episode.terminated, episode.truncated) == (False, True)


def test_without_memory_every_turn_is_a_context() -> None:
    episode = Rollouts({"*": sampler("markov")}).run(tasks("games/guess_number", 1))[0]
    assert {step.parent for step in episode.steps} == {-1}


@pytest.mark.parametrize(("trouble", "words"), [("raise", "ZeroDivisionError"), ("hang", "no answer within 1.5 s")])
def test_episodes_with_a_fault_are_dropped_and_counted(trouble: str, words: str) -> None:
    rollouts = Rollouts({"*": scripted("oracle")}, turn_timeout=1.5, max_faults=0.1)
    played = rollouts.run(tasks("test-rollout/faulty", 10, trouble=trouble))
    assert [episode.seed for episode in played] == list(range(9))
    ((fault, times),) = rollouts.faults.items()
    assert words in fault and times == 1
    assert rollouts.most_frequent() == f"once {fault}, first in test-rollout/faulty (seed 9, turn 0)"


def test_too_many_faults_stop_the_run_and_show_the_most_frequent() -> None:
    rollouts = Rollouts({"*": scripted("oracle")}, max_faults=0.05)
    with pytest.raises(TooManyFaults, match=r"1 of 10 episodes .* ZeroDivisionError"):
        rollouts.run(tasks("test-rollout/faulty", 10))


def test_the_users_mistake_passes_through() -> None:
    with pytest.raises(UserError, match="'test-rollout/faulty' takes trouble; not troubel"):
        Rollouts({"*": scripted("oracle")}).run(tasks("test-rollout/faulty", 3, troubel="x"))


def test_a_team_that_moves_at_once_has_a_step_each_and_pay_each() -> None:
    players = {"player_0": sampler(), "*": scripted("random_text")}
    episode = Rollouts(players).run(tasks("games/rock_paper_scissors", 1, rounds=2))[0]
    assert [(step.agent, step.turn) for step in episode.steps] == [
        (agent, turn) for turn in (0, 1) for agent in ("player_0", "player_1")
    ]
    assert [bool(step.token_ids) for step in episode.steps] == [True, False] * 2
    assert episode.part("illegal", "player_0") == -1.0


def test_late_credit_goes_to_the_move_it_is_for() -> None:
    episode = Rollouts({"*": scripted("random_text")}).run(tasks("test-rollout/late", 1))[0]
    assert [(step.agent, step.reward) for step in episode.steps] == [("X", 1.0), ("O", 4.0), ("X", 8.0), ("O", 0.0)]
    assert episode.idle == {"O": 2.0}


def test_what_rollouts_pay_is_what_the_environment_pays() -> None:
    env = envs.make("test-rollout/late")
    prompts, _ = env.reset(seed=0)
    total = dict.fromkeys(env.agents, 0.0)
    while prompts:
        prompts, rewards, *_ = env.step(dict.fromkeys(prompts, "go"))
        total = {agent: total[agent] + rewards[agent] for agent in total}
    episode = Rollouts({"*": scripted("random_text")}).run(tasks("test-rollout/late", 1))[0]
    assert {agent: episode.reward(agent) + episode.idle.get(agent, 0.0) for agent in total} == total


def test_demonstrations_hold_the_ids_a_policy_should_have_sampled() -> None:
    chat = tiny_policy().chat
    episode = Rollouts({"*": DemonstrationPlayer(chat)}).run(tasks("games/guess_number", 1))[0]
    assert all(chat.text(step.token_ids) == step.reply for step in episode.steps)
    assert all(step.token_ids[-1] in chat.end_ids and not step.logprobs for step in episode.steps)
    assert episode.part("correct") == 1.0


@pytest.mark.parametrize("env", ["test-rollout/late", "test-rollout/unsolved"])
def test_an_oracle_without_a_solver_is_the_users_mistake(env: str) -> None:
    with pytest.raises(UserError, match=f"{env} has no reference solver"):
        Rollouts({"*": scripted("oracle")}).run(tasks(env, 1))


@envs.register("test-rollout/unsolved")
class Unsolved(TextEnv):
    """Has no reference solver."""

    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        return "?"


def test_every_step_says_which_weights_sampled_it() -> None:
    policy = tiny_policy()
    policy.version = 7
    rollouts = Rollouts({"*": PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=2))})
    episode = rollouts.run([Task("games/guess_number", seed=0, max_turns=2)])[0]
    assert [step.version for step in episode.steps] == [7, 7]


def test_agents_that_are_alike_say_the_same_in_all_episodes_of_a_group() -> None:
    policy = tiny_policy()
    engine = LocalEngine(policy)
    player = PolicyPlayer(engine, policy.chat, Sampling(max_tokens=8))
    played = Rollouts({"*": player}, alike=["X"]).run(tasks("test-rollout/late", 2, 4))
    said = {who: [[s.reply for s in e.steps if s.agent == who][0] for e in played] for who in "XO"}  # noqa: RUF015
    assert all(len(set(said["X"][at : at + 4])) == 1 for at in (0, 4))
    assert said["X"][0] != said["X"][4]
    assert all(len(set(said["O"][at : at + 4])) > 1 for at in (0, 4))
