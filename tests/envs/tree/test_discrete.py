from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs.tree.discrete import FEATURES, KINDS, DiscreteSearch
from syllogym.envs.tree.pay import Prices


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("task", ["math/game24", "tree/prosqa", "games/nim"])
def test_gymnasiums_checker_is_content(task: str, flat: bool) -> None:
    check_env(DiscreteSearch(task, max_nodes=8, flat=flat), skip_render_check=True)


def action(env: DiscreteSearch, kind: str, node: int) -> int:
    return KINDS.index(kind) * env.max_nodes + node


def begun(**options: Any) -> DiscreteSearch:
    env = DiscreteSearch(**options)
    env.reset(seed=1)
    return env


def allowed(env: DiscreteSearch) -> set[tuple[str, int]]:
    return {(KINDS[at // env.max_nodes], at % env.max_nodes) for at in np.flatnonzero(env.action_masks())}


def test_at_first_the_root_is_expanded_judged_or_given_up() -> None:
    assert allowed(begun()) == {("expand", 0), ("evaluate", 0), ("answer", 0)}


def test_what_the_mask_allows_is_never_refused() -> None:
    env = DiscreteSearch(max_nodes=16, width=2)
    for seed in range(8):
        observation, _ = env.reset(seed=seed)
        over = False
        while not over:
            chosen = env.action_space.sample(observation["action_mask"])
            observation, _, terminated, truncated, info = env.step(chosen)
            assert not info["refused"] and observation in env.observation_space
            over = terminated or truncated


def test_what_the_mask_rules_out_costs_and_changes_nothing() -> None:
    env = begun()
    before = env.action_masks()
    _, reward, terminated, truncated, info = env.step(action(env, "backtrack", 3))
    assert (reward, terminated, truncated, info["refused"]) == (-0.1, False, False, True)
    assert (env.action_masks() == before).all()


def test_features_say_what_the_tree_holds() -> None:
    env = begun(width=2)
    env.step(action(env, "expand", 0))
    observation, *_ = env.step(action(env, "evaluate", 1))
    there = dict(zip(FEATURES, observation["nodes"].T, strict=True))
    assert there["there"].sum() == 3 and there["judged"].tolist()[:3] == [0, 1, 0]
    assert there["cursor"].tolist()[:3] == [1, 0, 0] and there["value"][1] == env.session.tree.value[1]
    assert observation["budget"][0] == pytest.approx(1 - 3 / 32)


def test_a_pruned_node_is_left_alone() -> None:
    env = begun(width=2)
    env.step(action(env, "expand", 0))
    env.step(action(env, "prune", 1))
    assert not {what for what in allowed(env) if what[1] == 1} and ("prune", 2) in allowed(env)


def test_giving_up_ends_unpaid() -> None:
    env = begun()
    assert env.step(action(env, "answer", 0))[1:4] == (0.0, True, False)


def test_a_search_that_follows_the_values_is_paid() -> None:
    env = begun(width=40, max_nodes=64, prices=Prices(node_cost=0.001))
    total, over = 0.0, False
    while not over:
        tree = env.session.tree
        answers = [node for kind, node in allowed(env) if kind == "answer" and node and tree.value[node] == 1.0]
        unknown = sorted(node for kind, node in allowed(env) if kind == "evaluate")
        good = [node for kind, node in allowed(env) if kind == "expand" and tree.value[node] == 1.0]
        if answers:
            chosen = action(env, "answer", answers[0])
        elif unknown:
            chosen = action(env, "evaluate", unknown[0])
        else:
            chosen = action(env, "expand", max(good, key=lambda node: tree.depth[node]))
        _, reward, terminated, truncated, info = env.step(chosen)
        total, over = total + reward, terminated or truncated
    assert info["score"] == 1.0 and total == pytest.approx(1 - 0.001 * (len(info["tree"]) - 1))


def test_it_is_truncated_after_its_turns() -> None:
    env = begun(max_turns=2)
    assert env.step(action(env, "evaluate", 0))[2:4] == (False, False)
    assert env.step(action(env, "evaluate", 0))[2:4] == (False, True)


def test_the_pair_of_kind_and_node_is_the_same_action() -> None:
    flat, pair = begun(), begun(flat=False)
    assert isinstance(pair.action_space, gymnasium.spaces.MultiDiscrete)
    one, other = flat.step(action(flat, "expand", 0))[0], pair.step(np.array([0, 0]))[0]
    assert all((one[name] == other[name]).all() for name in one)
