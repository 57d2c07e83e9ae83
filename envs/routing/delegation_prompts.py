"""What are decomposer, allocator, experts and aggregator told? One text for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.plan import Plan, Step
from syllogym.envs.routing.sums import terms_of


def for_decomposer(task: str, most: int) -> str:
    """Ask for a plan."""
    return (
        f"{task}\n\nSplit this into 1 to {most} steps that others solve, one a line, as in\n"
        "step 1: ...\nstep 2: ...\nstep 3 (after 1, 2): ... [1] ... [2]\n"
        "[1] stands for the result of step 1. Steps that do not wait for one another are solved at the same time. "
        "Fewer, easier steps cost less."
    )


def for_allocator(task: str, plan: Plan, cards: Sequence[ModelCard]) -> str:
    """Ask for an expert for each step."""
    models = "\n".join(
        f"{card.name}: {card.description or 'nothing is known of it'} "
        f"({card.input_price:g} $ in, {card.output_price:g} $ out a million tokens)"
        for card in cards
    )
    return f"{task}\n\n{plan}\n\nModels:\n{models}\n\nSay who solves each step, one a line, as in\n1: {cards[0].name}"


def for_expert(task: str, step: str, known: Mapping[int, str]) -> str:
    """Ask for the result of a step."""
    found = "".join(f"Step {at + 1} found: {result}\n" for at, result in sorted(known.items()))
    return f"This is a part of a larger task: {task}\n{found}Your part: {step}\nGive its result and nothing else."


def for_aggregator(task: str, plan: Plan, results: Sequence[str]) -> str:
    """Ask for the answer."""
    found = "\n".join(f"{line}\nfound: {result}" for line, result in zip(str(plan).splitlines(), results, strict=True))
    return f"{task}\n\n{found}\n\nGive the final answer between <answer> and </answer>."


def unfolded(whole: str, most: int) -> Iterator[Plan]:
    """Yield the plan in which each bracket is a step of its own, where there are brackets and it is short enough."""
    steps: list[Step] = []
    for term in terms_of(whole):
        inner, bracket, rest = term.removeprefix("(").partition(")")
        if not bracket:
            steps.append(Step(term))
            continue
        steps += [Step(inner), Step(f"[{len(steps) + 1}]{rest}", (len(steps),))]
    if "(" in whole and len(steps) <= most:
        yield Plan(tuple(steps))
