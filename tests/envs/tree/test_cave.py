from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.tree.cave import Cave
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError


def search(**options: Any) -> Any:
    env = sg.make("tree/search", task="tree/cave", budget={"nodes": 12}, bare=True, expands=2, **options)
    env.reset(seed=0)
    return env


def test_the_number_stands_in_the_light_alone() -> None:
    cave = Cave((1, 2), 2, 4711, seed=0)
    assert cave.answer((1, 2)) == "4711" and cave.score("4711") == 1.0
    assert [cave.answer(way) for way in ((), (1,), (1, 1), (2, 2))] == [None] * 4
    assert cave.show((1, 2)) == "c9 4711"


def test_only_the_light_has_the_strongest_draught() -> None:
    caves = [Cave((1, 1, 2), 2, 1000, seed) for seed in range(200)]
    inner = [cave.hunch(way) for cave in caves for way in ((1,), (2,), (1, 1), (1, 2))]
    assert max(inner) < 1.0 == caves[0].hunch((1, 1, 2))
    assert caves[0].hunch((1, 1, 1)) == 0.0


def test_a_wrong_way_shows_itself_after_a_step() -> None:
    caves = [Cave((1, 1, 1, 1), 2, 1000, seed) for seed in range(400)]
    right, first, second = ([cave.hunch(way) for cave in caves] for way in ((1, 1), (1, 2), (2, 1)))
    means = [9 * sum(one) / len(one) for one in (right, first, second)]
    assert means == pytest.approx([6.0, 5.0, 1.2], abs=0.25)


def test_ways_that_are_not_there_are_illegal() -> None:
    cave = Cave((1,), 2, 1000, seed=0)
    with pytest.raises(IllegalThought, match="1 to 2"):
        cave.step((), "3")
    with pytest.raises(IllegalThought, match="end"):
        cave.step((1,), "1")


def test_options_out_of_range_are_named() -> None:
    with pytest.raises(UserError, match="depth"):
        sg.make("tree/cave", depth=0).reset(seed=0)


def test_a_bare_prompt_is_one_line_of_what_is_open_and_what_is_left() -> None:
    env = search()
    prompt, _, _, _, _ = env.step("<expand node=0/>")
    shown = {node: env.session.task.show(env.session.tree.state[node]) for node in (1, 2)}
    assert prompt == f"1:{shown[1]} 2:{shown[2]} left 10"


def test_every_reply_on_offer_is_accepted() -> None:
    env, rng = search(), random.Random(0)
    while not env.over:
        reply = rng.choice(env.choices("agent"))
        _, _, _, _, info = env.step(reply)
        assert not info["refused"]


def test_free_replies_are_not_listed() -> None:
    env = sg.make("tree/search", task="tree/cave")
    env.reset(seed=0)
    assert env.choices("agent") is None


def test_when_no_node_is_left_one_can_only_give_up() -> None:
    env = sg.make("tree/search", task="tree/cave", budget={"nodes": 2}, bare=True, expands=2)
    env.reset(seed=0)
    env.step("<expand node=0/>")
    assert env.choices("agent") == ["<answer>none</answer>"]


def test_an_empty_judgement_is_a_guess_not_the_truth() -> None:
    env = search()
    env.step("<expand node=0/>")
    env.step("<evaluate node=1/>")
    assert env.session.tree.value[1] == env.session.task.hunch(env.session.tree.state[1]) < 1.0


def test_a_node_whose_moves_have_all_been_had_is_not_open_any_more() -> None:
    env = search()
    prompt, _, _, _, _ = env.step("<expand node=0 k=2/>")
    assert not str(prompt).startswith("0:")


def test_a_slip_expands_the_oldest_open_node_but_never_passes_by_what_is_found() -> None:
    env = search()
    task = env.session.task
    for at in range(len(task.light)):
        env.step(f"<propose node={env.session.cursor}>{task.light[at]}</propose>")
    assert env.slip(random.Random(0), 1.0) == "4"
    fresh = search()
    fresh.step("0")
    assert fresh.slip(random.Random(0), 1.0) == "1"
    fresh.step("1")
    assert fresh.slip(random.Random(0), 1.0) == "2"


def test_a_number_expands_its_node_and_answers_what_an_end_stands_for() -> None:
    env = search()
    task = env.session.task
    for at in range(len(task.light)):
        env.step(f"<propose node={env.session.cursor}>{task.light[at]}</propose>")
    assert not env.step("0")[4]["refused"] and len(env.session.tree) == 6
    assert env.step(" 4\n")[1:3] == (1.0, True)


@pytest.mark.parametrize("reply", ["", "7", "nonne", "0onno", "0 1"])
def test_what_is_neither_a_nodes_number_nor_an_action_is_refused_and_the_search_goes_on(reply: str) -> None:
    env = search()
    _, _, terminated, _, info = env.step(reply)
    assert info["refused"] and not terminated


def test_who_says_none_gives_up() -> None:
    assert search().step("none")[1:3] == (0.0, True)


def test_who_slips_gives_up_where_no_node_is_left_and_nothing_found() -> None:
    env = sg.make("tree/search", task="tree/cave", budget={"nodes": 2}, bare=True, expands=2)
    env.reset(seed=0)
    env.step("0")
    assert env.slip(random.Random(0), 1.0) == "none"
    assert env.step(env.solve())[1] == 1.0


def test_held_out_caves_are_found_through_a_bare_search() -> None:
    drawn = {}
    for split in ("train", "eval"):
        env = sg.make("tree/search", split=split, task="tree/cave", bare=True, expands=2)
        drawn[split] = set()
        for seed in range(20):
            env.reset(seed=seed)
            drawn[split].add(env.session.task.prompt)  # type: ignore[attr-defined]
    assert not drawn["train"] & drawn["eval"]
