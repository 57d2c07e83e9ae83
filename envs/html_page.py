"""How do data get onto a page of HTML? As JSON that nothing in them breaks out of, in a template that loads nothing."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def filled(template: Path, title: str, data: Any) -> str:
    """Return a template with its ``{{title}}`` and its ``{{data}}``, which stand for the title and the data as JSON.

    Texts in the data are put on the page as text by its script: whatever they say, none of it is run or loaded.
    """
    written = json.dumps(data, ensure_ascii=True, separators=(",", ":")).translate(_UNSAFE)
    parts = {"{{title}}": html.escape(title), "{{data}}": written}
    return re.sub(r"\{\{(?:title|data)\}\}", lambda place: parts[place[0]], template.read_text(encoding="utf-8"))
