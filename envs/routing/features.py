"""What does a question look like to a network? Its words, hashed into so many numbers, and its length."""

from __future__ import annotations

import re
import zlib
from math import log1p

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
_LONG = log1p(1_000)


def features(text: str, width: int) -> NDArray[np.float32]:
    """Return `width` numbers in [0, 1]: counts of words at their hashes, as a unit vector, and last the length."""
    counts = np.zeros(width - 1)
    words = _WORD.findall(text.lower())
    for word in words:
        counts[zlib.crc32(word.encode("utf-8", "surrogatepass")) % (width - 1)] += 1.0
    length = min(1.0, log1p(len(words)) / _LONG)
    return np.append(counts / max(1.0, float(np.linalg.norm(counts))), length).astype(np.float32)
