"""What did a router say in a round, and is the whole of it well-formed? Router-R1's grammar (arXiv 2506.09033).

A reply counts as far as its first call or answer. A call is ``<search>model: query</search>`` or
``<route model="model">query</route>``; an answer is ``<answer>text</answer>``; thoughts stand in ``<think>``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

TAGS = ("think", "search", "information", "answer")

_ROUTE = r'<route +model="(?P<model>[^"<>]*)" *>(?P<routed>.*?)</route>'
_CALL = re.compile(rf"<search>(?P<search>.*?)</search>|{_ROUTE}|<answer>(?P<answer>.*?)</answer>", re.DOTALL)
_TAG = re.compile(rf"<(/?)({'|'.join((*TAGS, 'route'))})\b[^<>]*>")
_PLACEHOLDERS = frozenset(
    {"...", "query", "your query", "the query", "llm-name", "llm-name:your-query", "your-query", "question"}
)


class Said(NamedTuple):
    """What a reply says, as far as it counts.

    Attributes:
        text: of the reply to where it counts. model, query: of a call. answer: None where it does not answer.
        sound: whether a call is well-formed: one model, one query that is no placeholder.
    """

    text: str
    model: str | None = None
    query: str = ""
    answer: str | None = None
    sound: bool = True


def read(reply: str) -> Said:
    """Read a reply. Neither a call nor an answer is found in thoughts that are cut off or in other text."""
    match = _CALL.search(reply)
    if match is None:
        return Said(reply)
    text = reply[: match.end()]
    if match["answer"] is not None:
        return Said(text, answer=match["answer"].strip())
    if match["model"] is not None:
        model, query, sound = match["model"].strip(), match["routed"].strip(), True
    else:
        name, _, query = match["search"].partition(":")
        model, query, sound = name.strip(), query.strip(), match["search"].count(":") == 1
    return Said(text, model, query, sound=sound and bool(model and query) and query.casefold() not in _PLACEHOLDERS)


def misshapen(transcript: str, calls: Collection[Said], known: Collection[str]) -> str:
    """Say what is wrong with the form of an episode, nothing where nothing is.

    Args:
        transcript: replies as far as they count, with the environment's information between them, as it stood there.
        calls: that were made in it. known: names of the models.
    """
    text = transcript.strip()
    if not (text.startswith("<think>") and text.endswith("</answer>")):
        return "it begins with <think> and ends with </answer>"
    counts = dict.fromkeys((*TAGS, "route"), 0)
    within = ""
    thought = 0
    for match in _TAG.finditer(text):
        closing, tag = match[1] == "/", match[2]
        if closing != bool(within) or (closing and tag != within):
            return f"<{tag}> does not stand in another tag, and each tag is closed"
        if tag == "think" and closing and not text[thought : match.start()].strip():
            return "a thought is empty"
        thought = match.end()
        counts[tag] += not closing
        within = "" if closing else tag
    if within:
        return f"<{within}> is not closed"
    if counts["answer"] != 1:
        return f"there is one answer, not {counts['answer']}"
    if counts["search"] + counts["route"] != counts["information"]:
        return "each call is followed by its information"
    for call in calls:
        if not call.sound:
            return "a call names one model and one query"
        if call.model not in known:
            return f"there is no model {call.model!r}"
    return ""


def harmless(text: str) -> str:
    """Return what an expert said without tags of the grammar, which are the router's alone."""
    return _TAG.sub("", text)
