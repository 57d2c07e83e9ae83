"""How do contexts become rows of the decoder? Each distinct beginning is computed once, known ones not at all."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.prefixes import Shelf, waves


def admit(decoder: Decoder, shelf: Shelf, contexts: Sequence[list[int]]) -> tuple[Tensor, list[int]]:
    """Add a row for each context, in whatever order is fastest.

    Returns:
        Logits (n, V) of the token after each, in the order of the rows, and which context each row is.
    """
    asked: dict[tuple[int, ...], list[int]] = {}
    for number, context in enumerate(contexts):
        asked.setdefault(tuple(context), []).append(number)
    same = [asked[context] for context in sorted(asked)]
    distinct = [contexts[numbers[0]] for numbers in same]
    known, lengths = zip(*(shelf.find(context) for context in distinct), strict=True)
    logits, order, start = [], [], decoder.rows
    row: dict[int, int] = {}
    for wave in waves(distinct, lengths):
        wave.sort(key=lambda part: (part[2] > 0, len(distinct[part[0]]) - part[2]))  # so that little is padded
        begun = [decoder.kept(row[other], length) if other >= 0 else known[at] for at, other, length in wave]
        row.update({at: decoder.rows + number for number, (at, _, _) in enumerate(wave)})
        logits.append(decoder.prefill([distinct[at] for at, _, _ in wave], begun))
        order += [same[at][0] for at, _, _ in wave]
    twins = [(row[at], number) for at, numbers in enumerate(same) for number in numbers[1:]]
    if twins:
        decoder.repeat([original for original, _ in twins])
        logits.append(torch.cat(logits)[[original - start for original, _ in twins]])
        order += [number for _, number in twins]
    return torch.cat(logits), order
