"""What every procedural environment of the family keeps, at every level of difficulty."""

from time import process_time
from typing import Any

import pytest

import syllogym as sg

NAMES = [
    "math/arithmetic", "math/calculator", "math/column_addition", "math/countdown", "math/game24",
    "math/linear_equation", "math/number_theory", "math/quadratic_equation", "math/word_problem",
]  # fmt: skip
SCRATCHPAD = {"operation": "any", "scratchpad": True}
LEVELS = {name: sg.make(name).levels for name in NAMES}
EASIEST = [(name, {option: values[0] for option, values in LEVELS[name].items()}) for name in NAMES]
SPECIAL: list[tuple[str, dict[str, Any]]] = [
    ("math/arithmetic", {"operation": "any", "scratchpad": True}),
    ("math/arithmetic", {"operation": "any"}),
    *(("math/number_theory", {"kind": kind}) for kind in ("gcd", "lcm", "power", "inverse", "base")),
]
EVERY_LEVEL = [(name, {option: value}) for name in NAMES for option, values in LEVELS[name].items() for value in values]
HOSTILE = [
    "9" * 100_000, "9**9**9**9", "(" * 100_000, "1e999", "nan", "inf", "-inf", "1/0", "\u0661\u0662\u0663", "\u00b2",
    "[" * 5_000, "\\frac{" * 5_000, "1," * 5_000, "-" * 5_000, "#" * 5_000, "\x00", "\ud800", "0x10", "1_000", "True",
    "__import__('os').abort()",
]  # fmt: skip


def play(env: Any, policy: Any) -> float:
    """Play the episode that was just begun to its end; return what it paid."""
    total, over = 0.0, False
    while not over:
        _, reward, terminated, truncated, _ = env.step(policy(env))
        total, over = total + reward, terminated or truncated
    return total


@pytest.mark.parametrize(("name", "options"), [*EVERY_LEVEL, *EASIEST, *SPECIAL])
def test_the_reference_solver_earns_the_full_return(name: str, options: dict[str, Any]) -> None:
    env = sg.make(name, **options)
    for seed in range(100):
        env.reset(seed=seed)
        assert play(env, lambda env: env.solve()) == 1.0


@pytest.mark.parametrize(("name", "options"), [*((name, {}) for name in NAMES), *EASIEST, *SPECIAL])
def test_a_lazy_policy_stays_under_the_declared_return(name: str, options: dict[str, Any]) -> None:
    env = sg.make(name, **options)
    told = {seed: env.reset(seed=seed)[0] for seed in range(200)}
    lines = ["", "I don't know", "yes", *(f"\\boxed{{{n}}}" for n in (-1, 0, 1, 2))]
    for seed in range(3):
        env.reset(seed=1_000 + seed)
        lines.append(env.solve())
    for line in [*lines, None]:
        returns = []
        for seed, prompt in told.items():
            env.reset(seed=seed)
            returns.append(play(env, lambda env, say=prompt if line is None else line: say))
        assert sum(returns) / len(returns) < env.lazy_return, line


@pytest.mark.parametrize(("name", "options"), [*((name, {}) for name in NAMES), SPECIAL[0]])
@pytest.mark.parametrize("wrap", ["{}", "\\boxed{{{}}}", "#{}"])
def test_a_hostile_reply_earns_nothing_and_takes_no_time(name: str, options: dict[str, Any], wrap: str) -> None:
    env = sg.make(name, **options)
    for seed, text in enumerate(HOSTILE):
        env.reset(seed=seed)
        began = process_time()
        assert play(env, lambda env, text=text: wrap.format(text)) == 0.0
        assert process_time() - began < 0.2


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_determines_the_episode_and_its_neighbours_differ(name: str) -> None:
    first, second = sg.make(name), sg.make(name)
    prompts = [first.reset(seed=seed)[0] for seed in range(20)]
    assert prompts == [second.reset(seed=seed)[0] for seed in range(20)]
    assert len(set(prompts)) > 15


@pytest.mark.parametrize("name", NAMES)
def test_training_and_evaluation_share_no_instance(name: str) -> None:
    seen = {}
    for split in ("train", "eval"):
        env = sg.make(name, split=split)
        seen[split] = {env.instance(env.reset(seed=seed)[0]) for seed in range(150)}
    assert not seen["train"] & seen["eval"]


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_option_is_answered_with_the_right_ones(name: str) -> None:
    option = next(iter(sg.make(name).levels))
    with pytest.raises(sg.UserError, match=f"Did you mean {option}"):
        sg.make(name, **{option + "x": 1})


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("math/arithmetic", {"operation": "ad"}, "Did you mean add"),
        ("math/arithmetic", {"digits": 0}, "digits is a whole number from 2"),
        ("math/column_addition", {"digits": 1}, "digits is a whole number from 2"),
        ("math/countdown", {"numbers": (1, 3)}, "numbers is two whole numbers"),
        ("math/countdown", {"numbers": 4}, "numbers is two whole numbers"),
        ("math/countdown", {"targets": (9, 1)}, "targets is two whole numbers"),
        ("math/countdown", {"numbers": (2, 2), "high": 3}, "hardly ever make"),
        ("math/game24", {"high": 2}, "high is a whole number from 4"),
        ("math/linear_equation", {"high": 0}, "high is a whole number from 1"),
        ("math/quadratic_equation", {"below": 0}, "below is a whole number from 1"),
        ("math/number_theory", {"kind": "gdc"}, "Did you mean gcd"),
        ("math/word_problem", {"steps": 0}, "steps is a whole number from 1"),
    ],
)
def test_an_impossible_difficulty_is_a_readable_mistake(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(sg.UserError, match=message):
        sg.make(name, **options).reset(seed=0)
