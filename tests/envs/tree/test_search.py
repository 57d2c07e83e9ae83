from typing import Any

import pytest

import syllogym as sg
from syllogym.envs import Reply, Reward
from syllogym.envs.tree.search import usage_of
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError

SOLVED = ("math/game24", "math/countdown", "tree/sudoku", "tree/prosqa", "tree/knights", "tree/blocksworld",
          "tree/coloring", "tree/crosswords", "tree/alphametics", "tree/creative_writing")  # fmt: skip


def env(**options: Any) -> Any:
    made = sg.make("tree/search", **options)
    made.reset(seed=3)
    return made


def parts(info: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = info["reward"]
    return found


@pytest.mark.parametrize("task", SOLVED)
def test_the_reference_solver_searches_and_is_paid_in_full(task: str) -> None:
    search = env(task=task, budget={"nodes": 60})
    total, ended = 0.0, False
    while not search.over:
        _, reward, ended, _, _ = search.step(search.solve())
        total += reward
    assert (total, ended) == (1.0, True)


def test_the_prompt_shows_the_puzzle_the_grammar_the_tree_and_what_is_left() -> None:
    prompt = env(budget={"nodes": 7, "calls": 9})._told
    assert "to make 24" in prompt and "<backtrack" in prompt and "*0: Use each" in prompt
    assert "You stand at node 0" in prompt and "Left: 9 calls, 7 nodes." in prompt


def test_a_reply_that_is_no_action_costs_a_little_and_is_told_why() -> None:
    search = env()
    prompt, reward, terminated, truncated, info = search.step("I am not sure.")
    assert (reward, terminated, truncated) == (-0.1, False, False) and parts(info) == {"invalid": -0.1}
    assert prompt.startswith("Say one of <propose>") and info["refused"]


def test_a_node_that_cannot_be_read_is_told_and_nothing_grows_where_the_search_stands() -> None:
    search = env()
    prompt, reward, _, _, info = search.step("<expand node=x k=2/>")
    assert prompt.startswith("<expand> takes k and node as whole numbers, such as node=\"3\"; not 'node=x'.")
    assert (reward, info["refused"], len(search.session.tree)) == (-0.1, True, 1)


def test_an_illegal_thought_is_told_by_the_task() -> None:
    assert env().step("<propose>1 + 1 = 3</propose>")[0].startswith("1 and 1 are not both left")


def test_a_wrong_answer_ends_the_search_unpaid() -> None:
    _, reward, terminated, _, info = env().step("<answer>1+1</answer>")
    assert (reward, terminated) == (0.0, True) and len(info["tree"]) == 1 and info["usage"].calls == 1


def test_every_node_and_token_has_its_price() -> None:
    search = env(node_cost=0.01, token_cost=0.001)
    _, reward, _, _, info = search.step('<expand node="0" k="3"/>')
    assert parts(info) == pytest.approx({"nodes": -0.03, "tokens": -0.003}) and reward == pytest.approx(-0.033)


def test_a_step_is_paid_by_where_it_leads() -> None:
    search = env(step=0.5)
    good = search.solve()
    assert parts(search.step(good)[4]) == {"step": 0.5}
    lost = next(
        move
        for move in search.session.task.moves(search.session.task.root())
        if not search.session.task.promise(search.session.task.step(search.session.task.root(), move))
    )
    assert search.step(f'<propose node="0">{lost}</propose>')[1] == 0.0


@pytest.mark.parametrize("limits", [{"calls": 2}, {"tokens": 5}, {"completion": 5}])
def test_a_budget_that_is_used_up_truncates(limits: dict[str, int]) -> None:
    search = env(budget=limits)
    assert search.step('<expand node="0" k="1"/>')[2:4] == (False, False)
    prompt, _, terminated, truncated, info = search.step('<expand node="0" k="1"/>')
    assert (terminated, truncated) == (False, True)
    assert prompt == "The budget is used up." and info["usage"].calls == 2


@pytest.mark.parametrize("limit", ["tokens", "completion"])
@pytest.mark.parametrize("missing", [0, 1])
def test_a_reply_that_goes_beyond_the_budget_is_not_acted_on(limit: str, missing: int) -> None:
    answer = env(task="tree/knights", budget={"nodes": 0}).solve()
    words = len(answer.split())
    search = env(task="tree/knights", budget={limit: words - missing, "nodes": 0})
    _, reward, terminated, truncated, info = search.step(answer)
    assert (reward, terminated, truncated) == (1.0 - missing, not missing, bool(missing))
    assert info["usage"].completion == words


def test_an_expansion_takes_the_nodes_that_are_left_and_no_more() -> None:
    search = env(budget={"nodes": 3})
    search.step('<expand node="0" k="2"/>')
    assert "Left: 0 nodes." in search.step('<expand node="0" k="5"/>')[0]
    assert len(search.session.tree) == 4 and search.session.meter.spent.nodes == 3


def test_what_has_no_price_cannot_be_limited_by_money() -> None:
    with pytest.raises(UserError, match=r"budget\.money: .* limit tokens or calls"):
        env(budget={"money": 0.5})


def test_a_small_model_is_told_that_no_node_is_left() -> None:
    assert env(task="tree/cave", budget={"nodes": 0}, bare=True)._told.endswith(" left 0")


def test_the_next_episode_has_the_whole_time_again() -> None:
    search = env(budget={"calls": 1})
    search.step("nonsense")
    search.reset(seed=4, options={"budget": {"calls": 50}})
    assert not search.step("nonsense")[3]


def test_an_answer_in_the_last_call_still_counts() -> None:
    search = env(task="tree/knights", budget={"calls": 1, "nodes": 0})
    assert search.step(search.solve())[1:4] == (1.0, True, False)


def test_nodes_that_are_used_up_leave_the_answer() -> None:
    search = env(budget={"nodes": 1})
    search.step('<expand node="0" k="1"/>')
    prompt, _, terminated, truncated, _ = search.step('<expand node="0" k="1"/>')
    assert "no node left" in prompt and not terminated and not truncated
    assert search.step("<answer>0</answer>")[2]


def test_a_proposer_and_an_evaluator_of_ones_own_are_asked() -> None:
    search = sg.make("tree/search")
    search.proposer = lambda session, node, k: ["nonsense", *session.task.moves(session.tree.state[node])[-k:]]
    search.evaluator = lambda session, node: 0.125
    search.reset(seed=3)
    last = search.session.task.moves(search.session.task.root())[-1]
    assert f"1: {last}" in search.step("<expand k='1'/>")[0]
    assert search.step("<evaluate node='1'/>")[0].startswith("Its value is 0.125")


def test_where_moves_cannot_be_listed_the_agent_has_to_think() -> None:
    search = env(task="tree/creative_writing")
    assert search.step("<expand/>")[0].startswith("Nobody can propose thoughts here")
    assert search.step("<evaluate/>")[0].startswith("Nobody can judge this")


def test_any_environment_is_searched_by_its_forks() -> None:
    search = env(task="games/guess_number", task_options={"high": 7})
    secret = search.session.task.env.secret
    search.step(f"<propose>{secret % 7 + 1}</propose>")
    search.step(f'<propose node="0">{secret}</propose>')
    assert search.step('<answer node="2"/>')[1] == 1.0


def test_tokens_are_those_the_engine_counted_and_words_otherwise() -> None:
    assert usage_of(Reply("two words")) == Usage(completion=2, calls=1)
    assert usage_of(Reply("two words", token_ids=(1, 2, 3), prompt_ids=(4,))) == Usage(prompt=1, completion=3, calls=1)
    assert usage_of(Reply("two words", tokens=(9, 3, 4))) == Usage(prompt=5, cached=4, completion=3, calls=1)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(UserError, match="Did you mean"):
        env(task="tree/sudoko")


def test_the_parts_of_a_reward_that_are_nothing_are_left_out() -> None:
    search = env()
    search.session.hear(Usage(completion=5))
    assert isinstance(search.account.pay(), Reward) and search.account.pay().parts == {}
