"""How does a policy play a game whose replies are known? Its probabilities, read from the model instead of sampled."""

from __future__ import annotations

import torch

from syllogym.agents.exploitability import GameTree, Information, Strategy
from syllogym.agents.player import Context
from syllogym.agents.policy import Policy


def strategy_of(
    policy: Policy, game: GameTree, context: Context, temperature: float = 1.0
) -> tuple[Strategy, dict[Information, float]]:
    """Return the policy's strategy in a game, and the probability of the replies that are on offer.

    The strategy is what it plays when it says anything that is on offer; how often it does so in each information set
    is the second result. A reply counts with the token that ends it.
    """
    sequences: list[torch.Tensor] = []
    rows: list[int] = []
    positions: list[int] = []
    keys = [(information, reply) for information, replies in game.sets.items() for reply in replies]
    for number, (information, reply) in enumerate(keys):
        asked, said = _asked(policy, game, information, context), policy.chat.reply(reply)
        sequences.append(torch.tensor([*asked, *said]))
        rows += [number] * len(said)
        positions += range(len(asked), len(asked) + len(said))
    with torch.no_grad():
        scores = policy.score(sequences, torch.tensor(rows), torch.tensor(positions), temperature=temperature)
    total = torch.zeros(len(keys), dtype=torch.float64)
    total.index_add_(0, torch.tensor(rows), scores.logprobs.double().cpu())
    chance = dict(zip(keys, total.exp().tolist(), strict=True))
    legal = {key: sum(chance[key, reply] for reply in replies) for key, replies in game.sets.items()}
    shares = {
        information: {reply: chance[information, reply] / legal[information] for reply in replies}
        for information, replies in game.sets.items()
    }
    return shares, legal


def _asked(policy: Policy, game: GameTree, information: Information, context: Context) -> list[int]:
    """Return the ids of the context in which the policy has to move."""
    chat, prompts = policy.chat, game.prompts[information]
    if context == "markov":
        return chat.first(prompts[-1].messages)
    ids, told = chat.first(prompts[0].messages), list(prompts[0].messages)
    for reply, prompt in zip(information[2::2], prompts[1:], strict=True):
        told += [{"role": "assistant", "content": reply}, *prompt.messages]
        ids += chat.reply(reply)
        new = chat.following(prompt.messages, ids[-1])
        ids = chat.first(told) if new is None else [*ids, *new]
    return ids
