"""Are scripted experts as good, as long and as dear as their scripts say?"""

from __future__ import annotations

from math import exp, inf
from statistics import mean

import pytest

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pool import Question
from syllogym.envs.routing.scripted import Script, ScriptedPool
from syllogym.errors import UserError

SMALL = Script(ModelCard("small", output_price=1.0, pace=0.01), skill=0.3, skills={"sums": 0.8}, tokens=10)
LARGE = Script(ModelCard("large", output_price=10.0), skill=0.9, tokens=10)
POOL = ScriptedPool([SMALL, LARGE])


def asked(number: int, difficulty: float = 0.5, family: str = "") -> Question:
    return Question(f"question {number}", family, difficulty=difficulty, answer="42")


def test_the_chance_of_a_right_reply_follows_the_curve() -> None:
    quality, _ = POOL.expected("small", asked(0))
    assert quality == pytest.approx(1 / (1 + exp(12 * 0.2)))


def test_replies_are_right_as_often_as_expected() -> None:
    replies = [POOL.ask("small", asked(number, 0.3)).quality for number in range(2000)]
    assert mean(reply or 0.0 for reply in replies) == pytest.approx(0.5, abs=0.04)


def test_a_family_has_a_skill_of_its_own() -> None:
    assert POOL.expected("small", asked(0, family="sums"))[0] > 0.9


def test_the_same_question_model_and_seed_get_the_same_reply() -> None:
    first, again = (POOL.ask("small", asked(3, 0.3), seed=5) for _ in range(2))
    assert first == again


def test_another_seed_gets_another_reply_now_and_then() -> None:
    assert len({POOL.ask("small", asked(3, 0.3), seed=seed).quality for seed in range(20)}) == 2


def test_a_wrong_reply_is_not_the_answer() -> None:
    wrong = [reply for n in range(50) if not (reply := POOL.ask("small", asked(n))).quality]
    assert wrong and all(reply.text != "42" for reply in wrong)


def test_a_reply_grows_with_difficulty_and_is_paid_by_the_token() -> None:
    usage = POOL.ask("small", asked(0, 1.0)).usage
    assert (usage.prompt, usage.completion, usage.money, usage.seconds) == (2, 20, pytest.approx(20e-6), 0.2)


def test_a_reply_that_is_cut_off_is_wrong_and_costs_less() -> None:
    reply = POOL.ask("large", asked(0, 0.0), max_tokens=5)
    assert (reply.quality, reply.usage.completion) == (0.0, 5)


def test_an_infinite_slope_is_right_exactly_up_to_the_skill() -> None:
    sharp = Script(ModelCard("sharp"), skill=0.5, slope=inf)
    assert [sharp.quality(asked(0, difficulty)) for difficulty in (0.0, 0.5, 0.51)] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(("price", "best"), [(0.0, "large"), (1e5, "small")], ids=["money is free", "money is dear"])
def test_the_best_choice_weighs_quality_against_money(price: float, best: str) -> None:
    assert POOL.best(asked(0, 0.2), price) == best


def test_regret_is_nothing_for_the_best_choice_and_more_for_another() -> None:
    question = asked(0, 0.8)
    assert POOL.regret("large", question) == 0.0 < POOL.regret("small", question)


def test_an_unknown_expert_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UserError, match=r"no expert 'smal'.*small"):
        POOL.ask("smal", asked(0))


def test_two_experts_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="a name of its own"):
        ScriptedPool([SMALL, SMALL])


@pytest.mark.parametrize("script", [{"slope": 0.0}, {"skill": inf}, {"tokens": 0}], ids=["slope", "skill", "tokens"])
def test_a_script_out_of_range_is_refused(script: dict[str, float]) -> None:
    with pytest.raises(UserError, match="odd"):
        Script(ModelCard("odd"), **script)  # type: ignore[arg-type]
