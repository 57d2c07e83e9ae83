from typing import Any

import pytest

import syllogym as sg


def team(**options: Any) -> Any:
    made = sg.make("tree/team", **options)
    made.reset(seed=3)
    return made


def say(made: Any, **replies: str) -> tuple[dict[str, float], Any]:
    prompts, rewards, _, _, _ = made.step(replies)
    return rewards, prompts


def test_the_solver_of_every_role_gets_the_team_to_the_answer() -> None:
    made = team(step=0.1, calibration=0.1)
    earned = dict.fromkeys(made.agents, 0.0)
    while not made.over:
        rewards, _ = say(made, **{agent: made.solve(agent) for agent in made.waiting})
        for agent, reward in rewards.items():
            earned[agent] += reward
    assert earned == pytest.approx({"controller": 1.0, "proposer": 0.3, "evaluator": 0.3})


def test_who_is_asked_sees_the_state_and_moves_next() -> None:
    made = team()
    _, prompts = say(made, controller='<expand node="0" k="2"/>')
    assert list(prompts) == ["proposer"] and "2 thoughts, one a line" in prompts["proposer"]
    _, prompts = say(made, proposer="nonsense")
    assert list(prompts) == ["controller"] and "New nodes: none" in prompts["controller"]


def test_the_proposer_is_paid_for_promise_and_pays_for_nonsense() -> None:
    made = team(step=0.5, invalid=0.125)
    task = made.session.task
    moves = {task.promise(task.step(task.root(), move)): move for move in task.moves(task.root())}
    say(made, controller='<expand node="0" k="3"/>')
    rewards, _ = say(made, proposer=f"{moves[1.0]}\n{moves[0.0]}\nnonsense\n{moves[1.0]}")
    assert rewards["proposer"].parts == {"step": 0.5, "invalid": -0.125}
    assert rewards["controller"] == rewards["evaluator"] == 0.0 and len(made.session.tree) == 3


@pytest.mark.parametrize(("said", "paid"), [("1", 1.0), ("likely", 0.75), ("0", 0.0)])
def test_the_evaluator_is_paid_for_how_near_it_is_to_the_truth(said: str, paid: float) -> None:
    made = team(calibration=1.0)
    say(made, controller='<evaluate node="0"/>')
    rewards, _ = say(made, evaluator=said)
    assert rewards["evaluator"] == paid and made.session.tree.value[0] == float({"likely": "0.5"}.get(said, said))


def test_where_nobody_knows_the_truth_the_end_tells() -> None:
    made = team(task="tree/creative_writing", calibration=1.0)
    say(made, controller="<evaluate/>")
    say(made, evaluator="0.25")
    say(made, controller=f"<answer>{made.session.task.solve()}</answer>")
    assert made.settled == {1: {"evaluator": pytest.approx(1 - 0.75**2)}}


def test_a_judgement_that_is_none_costs_the_evaluator() -> None:
    made = team()
    say(made, controller="<evaluate/>")
    rewards, prompts = say(made, evaluator="rather good")
    assert rewards["evaluator"] == -0.1 and "A judgement is a number" in prompts["controller"]


@pytest.mark.parametrize(
    "action", ["<propose>1 + 1 = 2</propose>", "<evaluate>0.5</evaluate>", '<expand node="9"/>', "hello"]
)
def test_what_the_controller_may_not_do_costs_the_controller(action: str) -> None:
    made = team()
    rewards, prompts = say(made, controller=action)
    assert rewards["controller"].parts == {"invalid": -0.1} and list(prompts) == ["controller"]


def test_what_others_spend_is_on_the_controllers_bill() -> None:
    made = team(node_cost=0.01, token_cost=0.001)
    say(made, controller='<expand node="0" k="2"/>')
    moves = made.session.task.moves(made.session.task.root())
    rewards, _ = say(made, proposer="\n".join(moves[:2]))
    words = len("\n".join(moves[:2]).split())
    assert rewards["controller"].parts == pytest.approx({"nodes": -0.02, "tokens": -0.001 * words})


def test_a_budget_that_is_used_up_truncates() -> None:
    made = team(budget={"calls": 2})
    say(made, controller="<expand/>")
    assert made.step({"proposer": "nonsense"})[2:4] == (False, True)


def test_what_goes_beyond_the_budget_is_not_acted_on() -> None:
    made = team(budget={"tokens": 5})
    say(made, controller="<expand/>")
    moves = made.session.task.moves(made.session.task.root())
    assert made.step({"proposer": moves[0]})[2:4] == (False, True)
    assert len(made.session.tree) == 1
