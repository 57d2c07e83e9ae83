import gymnasium
import numpy as np
import pytest

import syllogym  # noqa: F401 - fills Gymnasium's registry
from syllogym.envs import make
from syllogym.envs.vector import TextVectorEnv, make_vector
from syllogym.errors import UserError

NAME = "games/guess_number"
REPLIES = ["25", "x", "12", "37", "6", "18", "31", "43"]


def test_every_sub_environment_goes_the_way_of_a_lone_one() -> None:
    vector = make_vector(NAME, 5)
    told, _ = vector.reset(seed=0)
    lone = [make(NAME) for _ in range(5)]
    assert list(told) == [env.reset(seed=seed)[0] for env, seed in zip(lone, vector.seeds, strict=True)]
    for step in range(40):
        replies = [REPLIES[(step + i) % 8] for i in range(5)]
        told, rewards, terminated, truncated, infos = vector.step(replies)
        for i, env in enumerate(lone):
            prompt, reward, *ends, _ = env.step(replies[i])
            last = infos["final_obs"][i] if any(ends) else told[i]
            assert (last, rewards[i], [terminated[i], truncated[i]]) == (prompt, reward, ends)
            if any(ends):
                assert told[i] == env.reset()[0]


def test_neighbouring_seeds_give_sub_environments_seeds_of_their_own() -> None:
    seeds = []
    for seed in range(20):
        vector = make_vector(NAME, 20)
        vector.reset(seed=seed)
        seeds.extend(vector.seeds)
    assert len(set(seeds)) == 400


def test_a_list_gives_every_sub_environment_its_seed() -> None:
    vector = make_vector(NAME, 2)
    vector.reset(seed=[7, 8])
    assert [env.seed for env in vector.envs] == [7, 8]


def test_an_ended_episode_leaves_its_last_prompt_and_info() -> None:
    vector = make_vector(NAME, 2, high=1)
    vector.reset(seed=0)
    told, rewards, terminated, _, infos = vector.step(["0", "1"])
    assert infos["final_obs"].tolist() == [None, "Correct."]
    assert infos["final_info"]["reward"]["correct"].tolist() == [0.0, 1.0]
    assert infos["_final_obs"].tolist() == infos["_final_info"].tolist() == terminated.tolist() == [False, True]
    assert (told[1], rewards.tolist()) == ("Guess my number between 1 and 1.", [0.0, 1.0])


def test_the_last_prompt_of_an_ended_episode_has_messages() -> None:
    vector = make_vector(NAME, 2, high=1)
    vector.reset(seed=0)
    infos = vector.step(["0", "1"])[4]
    assert infos["final_obs"][1].messages == ({"role": "user", "content": "Correct."},)


def test_rewards_and_ends_have_gymnasium_s_types() -> None:
    vector = make_vector(NAME, 3)
    vector.reset(seed=0)
    _, rewards, terminated, truncated, _ = vector.step(["1", "2", "3"])
    assert (rewards.dtype, terminated.dtype, truncated.dtype) == (np.float64, np.bool_, np.bool_)


def test_prompts_are_in_the_observation_space() -> None:
    vector = make_vector(NAME, 3)
    assert vector.reset(seed=0)[0] in vector.observation_space


def test_gymnasium_makes_it_by_id_with_options() -> None:
    vector = gymnasium.make_vec("syllogym/GuessNumber-v0", num_envs=2, high=9)
    assert isinstance(vector, TextVectorEnv) and "between 1 and 9" in vector.reset(seed=0)[0][1]


def test_too_few_replies_are_refused() -> None:
    vector = make_vector(NAME, 2)
    vector.reset(seed=0)
    with pytest.raises(ValueError, match="shorter"):
        vector.step(["1"])


def test_a_wrong_number_of_seeds_is_refused() -> None:
    with pytest.raises(UserError, match="3 seeds for 2"):
        make_vector(NAME, 2).reset(seed=[1, 2, 3])


def test_a_team_makes_no_vector() -> None:
    with pytest.raises(UserError, match="played by a team"):
        make_vector("games/tictactoe", 2)


def test_an_empty_vector_is_refused() -> None:
    with pytest.raises(UserError, match="at least one"):
        make_vector(NAME, 0)
