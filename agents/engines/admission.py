"""How do contexts become rows of the decoder? Each distinct beginning is computed once, known ones not at all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.prefixes import Kept, Shelf, waves


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
    found = [shelf.find(context) for context in distinct]
    steps = waves(distinct, [length for _, length in found])

    def rank(part: tuple[int, int, int]) -> tuple[bool, int, int]:
        """Put together what is about as long, so that little is padded, then in order of rows, so that little moves."""
        at, _, length = part
        kept, _ = found[at]
        return length > 0, len(distinct[at]) - length, kept.row if kept else 0

    steps = [sorted(wave, key=rank) for wave in steps]
    start, end = decoder.rows, decoder.rows + len(contexts)
    row = {at: new for new, (at, _, _) in enumerate(itertools.chain(*steps), start)}
    decoder.reserve(end, max(map(len, distinct)))
    known = ((row[at], *found[at]) for at, _, _ in steps[0])
    begin(decoder, shelf, end, {new: (kept, length) for new, kept, length in known if kept})
    logits, order = [], []
    for wave in steps:
        for at, other, length in wave:
            if other >= 0:
                decoder.put(row[at], decoder.kept(row[other], length))
        logits.append(decoder.prefill([distinct[at] for at, _, _ in wave], [length for _, _, length in wave]))
        order += [same[at][0] for at, _, _ in wave]
    twins = [(row[at], number) for at, numbers in enumerate(same) for number in numbers[1:]]
    if twins:
        decoder.repeat([original for original, _ in twins])
        logits.append(torch.cat(logits)[[original - start for original, _ in twins]])
        order += [number for _, number in twins]
    return torch.cat(logits), order


def begin(decoder: Decoder, shelf: Shelf, end: int, known: Mapping[int, tuple[Kept, int]]) -> None:
    """Put what is known of contexts into their rows, before the rows up to `end` are added.

    A context that goes on where another ended takes over the row in which that lies. What else lies there is copied.

    Args:
        known: by row, who has the context's first tokens, and how many.
    """
    start = decoder.rows
    taken: dict[int, int] = {}
    for row, (kept, length) in known.items():
        if kept.kv is None and kept.row >= start and length == len(kept.ids):
            taken.setdefault(kept.row, row)
    for row in range(start, end):
        if row in shelf.parked and row not in taken:
            kept = shelf.parked[row]
            shelf.copy(kept, decoder.kept(row, len(kept.ids)))
    sources = {row: source for source, row in taken.items()}
    decoder.move(sources, max((known[row][1] for row in sources), default=0))
    shelf.moved(sources)
    for row, (kept, length) in known.items():
        if row not in sources:
            decoder.put(row, (decoder.kept(kept.row, length) if kept.kv is None else kept.kv)[..., :length, :])
