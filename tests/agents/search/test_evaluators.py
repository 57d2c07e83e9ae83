"""Do those who judge by numbers say what they should, and is the oracle wrong as often as it was told to be?"""

from __future__ import annotations

import pytest
import torch

from syllogym.agents import search
from syllogym.agents.search.oracle import OracleEvaluator, OracleProposer
from syllogym.agents.search.request import Case, Request
from syllogym.agents.search.run import search as run_search
from syllogym.agents.search.scored import Scored, Texts, ValueHead
from syllogym.agents.search.verifier import Verifier
from syllogym.agents.search.whole import Whole
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError
from tests.agents.models import tiny_policy
from tests.agents.search.numbers import Numbers

PUZZLE = Numbers("4 5 6 10")


def case_of(count: int = 1, kind: str = "value", **more: int) -> Case:
    """A request about the root's first moves."""
    tree = ThoughtTree(PUZZLE.prompt, PUZZLE.root())
    for move in PUZZLE.moves(PUZZLE.root())[:count]:
        tree.add(0, move, state=PUZZLE.step(PUZZLE.root(), move))
    return Case(PUZZLE, tree, Request(0, kind, tuple(range(1, count + 1)), **more), 7)  # type: ignore[arg-type]


def test_a_reward_model_sees_puzzle_and_thoughts_of_all_searches_at_once() -> None:
    seen: list[Texts] = []

    def score(texts: Texts) -> list[float]:
        seen.append(texts)
        return [0.25] * len(texts)

    results = Scored(score=score).answer([case_of(2), case_of(1)])
    assert [result.scores for result in results] == [[0.25, 0.25], [0.25]]
    assert len(seen) == 1 and seen[0][0] == ("4 5 6 10", f"{PUZZLE.moves(PUZZLE.root())[0]}\n")


def test_a_value_head_says_what_the_critic_expects_after_the_thoughts() -> None:
    policy = tiny_policy(critic="head", context=512)
    assert policy.critic is not None
    torch.nn.init.normal_(policy.critic.head.weight, std=0.3)
    head, case = ValueHead(policy), case_of(3)
    (result,) = head.answer([case])
    ids = policy.chat.first([{"role": "user", "content": PUZZLE.prompt}]) + policy.chat.encode(f"{case.tree.text[2]}\n")
    with torch.no_grad():
        output = policy.model(input_ids=torch.tensor([ids]), output_hidden_states=True)
        expected = policy.critic(output.hidden_states[-1][0, -1:])[0].clamp(0, 1)
    assert result.scores[1] == pytest.approx(float(expected), abs=1e-5)
    assert result.usage.calls == 3 and result.usage.prompt == head.most(case).prompt > 3 * 20


def test_a_value_head_needs_a_critic() -> None:
    with pytest.raises(UserError, match="give it a critic"):
        ValueHead(tiny_policy())


def test_searches_by_a_value_head_keep_within_their_budget_of_tokens() -> None:
    policy = tiny_policy(critic="head", context=512)
    one = run_search(PUZZLE, search.make("best_first"), OracleProposer(), ValueHead(policy), budget=Budget(tokens=600))
    assert one.refused and 200 < one.meter.spent.tokens <= 600


def test_a_verifier_knows_answers_and_nothing_else() -> None:
    tree = ThoughtTree(PUZZLE.prompt, PUZZLE.root())
    tree.add(0, "", state=Whole("4 * 5 + 10 - 6"))
    tree.add(0, "", state=Whole("4 * 5"))
    case = Case(PUZZLE, tree, Request(0, "judge", (0, 1, 2)), 0)
    assert Verifier(unknown=0.3).answer([case])[0].scores == [0.3, 1.0, 0.0]


def test_the_oracle_errs_as_often_as_it_is_told_to() -> None:
    right = [PUZZLE.promise(PUZZLE.step(PUZZLE.root(), move)) for move in PUZZLE.moves(PUZZLE.root())[:12]]
    case = case_of(12, n=400)
    scores = OracleEvaluator(error=0.2).answer([case])[0].scores
    assert scores == pytest.approx([0.2 + 0.6 * value for value in right], abs=0.07)


def test_the_proposing_oracle_leaves_out_what_leads_on_as_often_as_it_is_told_to() -> None:
    cases = [case_of(0, "propose", n=40) for _ in range(300)]
    for number, case in enumerate(cases):
        case.request, case.seed = Request(0, "propose", (0,), 40), number << 32
    found = [
        any(PUZZLE.promise(PUZZLE.step(PUZZLE.root(), text)) for text in result.texts)
        for result in OracleProposer(error=0.3).answer(cases)
    ]
    assert sum(found) / len(found) == pytest.approx(0.7, abs=0.08)


def test_what_an_oracle_costs_is_charged() -> None:
    cost = Usage(prompt=7, completion=3, calls=1)
    one = run_search(PUZZLE, search.make("cot"), OracleProposer(cost=cost), budget=Budget(tokens=9))
    assert one.refused == 1 and one.meter.spent == Usage()
