r"""Does a reply reason in words, with formal snippets between, and put them together into a proof?

The pattern of Kimina-Prover (arXiv 2504.11354)::

    <think>
    Both sides are equal by commutativity.
    ```tactics
    rw [add_comm]
    ```
    </think>
    ```lean4
    rw [add_comm]
    ```

What is thought aloud must hold snippets, and most of their lines must stand in the proof: reasoning that leads to
another proof than the one that is given is no reasoning about it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

_OPEN, _CLOSE = "<think>", "</think>"
_BLOCK = re.compile(r"^```([^\n`]*)\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
LONGEST = 200_000
"""Characters that are looked at of a reply."""


class Interleaved(NamedTuple):
    """What a reply holds.

    Attributes:
        snippets: the formal ones in the reasoning, in order. proof: the last block behind it; "" where there is none.
        wrong: how it differs from the pattern; "" where it keeps it.
    """

    snippets: tuple[str, ...]
    proof: str
    wrong: str = ""


def interleaved(reply: str, snippet: str = "tactics", final: str = "lean4", share: float = 0.6) -> Interleaved:
    """Read a reply that should keep the pattern.

    Args:
        reply: any text. snippet, final: what the blocks in the reasoning, and the one behind it, are marked with.
        share: of the snippets' lines that must stand in the proof.
    """
    reply = reply[:LONGEST].strip()
    thought, closed, behind = reply.partition(_CLOSE)
    snippets = tuple(text for mark, text in _BLOCK.findall(thought) if mark.strip() == snippet)
    proofs = [text for mark, text in _BLOCK.findall(behind) if mark.strip() == final]
    proof = proofs[-1].strip("\n") if proofs else ""
    wrong = ""
    if not thought.startswith(_OPEN) or not closed or _OPEN in behind or _CLOSE in behind:
        wrong = f"the reply does not begin with one {_OPEN} ... {_CLOSE}"
    elif not _lines(*snippets):
        wrong = f"there is no ```{snippet} block in the reasoning"
    elif not proof.strip():
        wrong = f"there is no ```{final} block behind the reasoning"
    elif kept(snippets, proof) < share:
        wrong = f"less than {share:.0%} of the snippets' lines stand in the proof"
    return Interleaved(snippets, proof, wrong)


def kept(snippets: tuple[str, ...], proof: str) -> float:
    """Return the share of the snippets' lines that stand in the proof, each as often as it stands there."""
    said, used = _lines(*snippets), _lines(proof)
    return (said & used).total() / max(1, said.total())


def _lines(*texts: str) -> Counter[str]:
    return Counter(" ".join(line.split()) for text in texts for line in text.split("\n") if line.strip())
