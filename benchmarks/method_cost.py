"""What does a method's own arithmetic cost beside the model's forward and backward pass on the same batch?

    python -m benchmarks.method_cost

Model of 0.8M parameters, 64 replies of 32 tokens, one thread, CPU time. The arithmetic is credit, loss, and the
gradient from the loss back to the log-probs.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from rich.console import Console
from rich.table import Table

from syllogym.agents.episode import Episode
from syllogym.agents.policy import Policy, Scores
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.algorithms import get, names
from syllogym.algorithms.core.base import Algorithm
from syllogym.algorithms.core.batch import Batch
from syllogym.envs import Prompt, Reply

GROUPS, SIZE, PROMPT, TOKENS, ROUNDS = 8, 8, 16, 32, 15
GOAL = 0.03


def episodes() -> list[Episode]:
    """Return replies of random tokens, groups of them to each prompt."""
    dice = random.Random(0)
    played = []
    for group in range(GROUPS):
        prompt_ids = [dice.randrange(3, 250) for _ in range(PROMPT)]
        for index in range(SIZE):
            ids = [dice.randrange(3, 250) for _ in range(TOKENS)]
            reply = Reply("", prompt_ids=prompt_ids, token_ids=ids, logprobs=[-5.0] * TOKENS, finish_reason="stop")
            episode = Episode("bench", group, group=group, index=index)
            episode.append("agent", 0, Prompt("?"), reply)
            episode.pay("agent", 0, float(dice.random() < 0.5))
            played.append(episode)
    return played


def cost(work: Callable[[], None]) -> float:
    """Return the median CPU time of some work, in seconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken[2:])


def scored(policy: Policy, batch: Batch) -> Scores:
    """Score the batch with the current weights."""
    return policy.score(batch.sequences, batch.sequence, batch.position)


def prepared(policy: Policy) -> Batch:
    """Return a batch with every column that any method asks for."""
    batch = Batch.of(episodes())
    with torch.no_grad():
        scores = scored(policy, batch)
    batch.proximal = batch.reference = batch.teacher = scores.logprobs
    batch.entropy, batch.values = scores.entropy, torch.zeros(len(batch))
    batch.demonstrated[::SIZE] = True
    return batch


def arithmetic(method: Algorithm, scores: Scores, batch: Batch) -> None:
    """Give credit, compute the loss, and its gradient with respect to the log-probs and values."""
    assert scores.values is not None and scores.distribution is not None
    columns = (scores.logprobs, scores.values, scores.distribution)
    logprobs, values, distribution = (column.detach().requires_grad_() for column in columns)
    mine = Scores(logprobs, scores.entropy, values, distribution)
    credit = method.refine(logprobs.detach(), batch, method.advantages(batch))
    method.loss(mine, batch, credit).backward()


def model(policy: Policy, batch: Batch) -> None:
    """Pass forward and backward."""
    scores = scored(policy, batch)
    assert scores.values is not None
    (scores.logprobs.sum() + scores.values.sum()).backward()
    policy.zero_grad()


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    tokenizer = byte_tokenizer()
    policy = Policy(tiny_model(tokenizer, seed=0, layers=4, width=128, heads=4, context=128), tokenizer, critic="head")
    batch = prepared(policy)
    scores = scored(policy, batch)
    table = Table("method", "own arithmetic, ms", "share of forward + backward", f"at most {GOAL:.0%}")
    for name in names():
        if issubclass(get(name), Algorithm):
            method = get(name)()
            own, both = cost(partial(arithmetic, method, scores, batch)), cost(partial(model, policy, batch))
            table.add_row(name, f"{own * 1e3:.2f}", f"{own / both:.1%}", "yes" if own / both <= GOAL else "NO")
    Console().print(table)


if __name__ == "__main__":
    main()
