"""Which text does a packed field hold? LiveCodeBench packs its private tests: a pickled text, by zlib, in base 64.

A pickle is a program that can do anything. This one is never run: it is read operation by operation, and must be
nothing but one text.
"""

from __future__ import annotations

import base64
import pickletools
import zlib

LARGEST = 256 << 20
"""Bytes that a field may unpack to."""

_TEXTS = ("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")
_SILENT = ("PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP")


def unpacked(packed: str) -> str:
    """Return the text that is packed in a field.

    Raises:
        ValueError: if it is not packed like that, is a bomb, or its pickle is more than a text.
    """
    try:
        unzip = zlib.decompressobj()
        pickled = unzip.decompress(base64.b64decode(packed, validate=True), LARGEST)
    except zlib.error as error:
        raise ValueError(f"it is packed in no known way: {error}") from error
    if not unzip.eof:
        raise ValueError("it is cut off" if len(pickled) < LARGEST else f"it unpacks to more than {LARGEST} bytes")
    texts = []
    for operation, argument, _ in pickletools.genops(pickled):
        if operation.name in _TEXTS:
            texts.append(str(argument))
        elif operation.name not in _SILENT:
            raise ValueError(f"its pickle is more than a text: it has the operation {operation.name}, and is not run")
    if len(texts) != 1:
        raise ValueError(f"its pickle holds {len(texts)} texts, not one")
    return texts[0]
