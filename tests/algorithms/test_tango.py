"""Does TANGO credit a generator with outcome and judged steps, and a verifier with regard to the rarer class?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.algorithms.core.class_balance import ClassBalance, class_scale
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.tango_generator import TANGOGenerator
from syllogym.algorithms.tango_verifier import TANGOVerifier
from syllogym.envs.teams.last_letter import LastLetter
from tests.algorithms.conformance import Case, Given, agrees, padded
from tests.algorithms.flat import batch_of, close, doubles

Vector = Callable[[str], Given]
NAN = float("nan")


def tango_generator(given: Given, params: Given) -> Given:
    ends, marks, outcome = given["step_end_token"], given["step_judgements"], given["outcome"]
    mask = [[1] * (end[-1] + 1) for end in ends]
    width = max(map(len, mask))
    mask = [row + [0] * (width - len(row)) for row in mask]
    process = [[NAN] * width for _ in ends]
    reward = [[0.0] * width for _ in ends]
    for row, (places, judged) in enumerate(zip(ends, marks, strict=True)):
        for place, mark in zip(places, judged, strict=True):
            process[row][place] = reward[row][place] = mark / len(judged)
        reward[row][places[-1]] += outcome[row]
    batch = batch_of(mask, reward=reward, process=process, group=[0] * len(ends))
    alone = TANGOGenerator(alpha=0.0).advantages(batch).advantage
    advantage = TANGOGenerator(alpha=params["alpha"]).advantages(batch).advantage
    first = torch.tensor([row.index(1) for row in mask]) + torch.tensor([0, *torch.tensor(mask).sum(1).cumsum(0)[:-1]])
    return {
        "step_rewards": torch.cat([torch.tensor(judged) / len(judged) for judged in marks]),
        "A_out": alone[first],
        "token_advantages": torch.cat([padded(advantage, mask)[row][: sum(mask[row])] for row in range(len(mask))]),
    }


def tango_verifier(given: Given, params: Given) -> Given:
    env = LastLetter()
    paid = []
    for verdict, right, form in zip(given["verdict"], given["gen_correct"], given["format"], strict=True):
        env.reset(seed=0, options={"form": params["gamma"] * form})
        env.step({"generator": env.solve("generator") if right else "?"})
        marks = " ".join(["?+"] * len(env.steps()))
        _, rewards, *_ = env.step({"verifier": f"{marks} {'+' if verdict else '-'}"})
        paid.append(rewards["verifier"])
    counts = doubles(given["n_correct"], given["n_incorrect"])
    s_plus, s_minus = class_scale(counts)
    return {"reward": doubles(*paid), "s_plus": s_plus, "s_minus": s_minus}


def tango_alpha_decay(given: Given, params: Given) -> Given:
    alpha = Coefficient(coefficient=params["alpha0"], schedule="exponential", end=params["alphaT"])
    return {"alpha": doubles(*(alpha.at(step / params["T"]) for step in given["steps"]))}


@pytest.mark.parametrize("case", [tango_generator, tango_verifier, tango_alpha_decay], ids=lambda case: case.__name__)
def test_every_number_of_the_vector_is_found(case: Case, vector: Vector) -> None:
    agrees(case, vector(case.__name__))


def test_without_judged_steps_the_generator_learns_by_grpo() -> None:
    batch = batch_of([[1, 1], [1, 1]], reward=[[0, 1], [0, 0]], group=[0, 0])
    close(TANGOGenerator().advantages(batch).advantage, GRPO().advantages(batch).advantage)


def judgements(others: list[float]) -> Any:
    """A batch of judgements in pairs, of which one was right each, on solutions of which `others` were right."""
    count = len(others)
    batch = batch_of(
        [[1]] * count, reward=[[float(at % 2)] for at in range(count)], group=[at // 2 for at in range(count)]
    )
    batch.others = doubles(*others)
    return batch


def test_the_rarer_class_weighs_more_and_equal_classes_weigh_one() -> None:
    few = judgements([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    plain = GRPO().advantages(few).advantage
    close(
        TANGOVerifier().advantages(few).advantage / plain, doubles(*[(5 / 2) ** 0.5] * 2, *[(5 / 8) ** 0.5] * 8), 1e-6
    )
    same = judgements([1, 1, 0, 0])
    close(TANGOVerifier().advantages(same).advantage, GRPO().advantages(same).advantage, 1e-6)


def test_reweighting_can_be_switched_off() -> None:
    few = judgements([1, 1, 0, 0, 0, 0])
    close(TANGOVerifier(reweight=False).advantages(few).advantage, GRPO().advantages(few).advantage)


def test_counts_are_averaged_over_rollouts_and_go_into_the_checkpoint() -> None:
    balance = ClassBalance(0.8)
    balance.of(doubles(1, 0, 0, NAN))
    balance.of(doubles(1, 1, 1, 0))
    assert balance.counts == pytest.approx([0.8 * 2 + 0.2 * 1, 0.8 * 1 + 0.2 * 3])
    other = ClassBalance(0.8)
    other.load_state_dict(balance.state_dict())
    close(other.of(doubles(1, 0)), balance.of(doubles(1, 0)))


def test_what_is_of_no_class_weighs_one() -> None:
    assert ClassBalance(0.8).of(doubles(NAN, NAN)).tolist() == [1.0, 1.0]
