"""What do we and Coq's process say to each other? XML: calls to it, and of its answers only what is marked as such.

Whatever a proof prints is escaped in there, so it cannot look like an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.sax.saxutils import escape

END = b"</value>"
_ELEMENT = re.compile(rb"<(value|feedback)\b.*?</\1>", re.DOTALL)
_STATE = re.compile(rb'<state_id val="(\d+)"')


class NoAnswer(Exception):
    """What came is not in the form of the protocol."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that Coq tells: an error, a warning, a notice; of which state, and where in its sentence (in bytes)."""

    level: str
    text: str
    state: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a call.

    Attributes:
        good: whether the call succeeded. value: the answer itself. messages: what came with it.
    """

    good: bool
    value: bytes
    messages: list[Message] = field(default_factory=list)

    @property
    def state(self) -> int:
        """The first state that the answer names: a new one, or after a failure the last that is good."""
        found = _STATE.search(self.value)
        if found is None:
            raise NoAnswer("no state in an answer")
        return int(found[1])

    def tree(self) -> ElementTree.Element:
        """The answer as a tree."""
        return _tree(self.value)

    def error(self) -> Message:
        """The first thing that went wrong, from what came with a failure or from its answer."""
        for message in self.messages:
            if message.level == "error":
                return message
        tree = self.tree()
        return Message("error", _text(tree), self.state, _number(tree.get("loc_s")))


def read(data: bytes) -> Answer:
    """Read all that came up to the end of an answer."""
    messages, value = [], b""
    for element in _ELEMENT.finditer(data):
        if element[1] == b"value":
            value = element[0]
        elif b'val="message"' in element[0]:
            messages.append(_message(element[0]))
    if not value:
        raise NoAnswer("an answer without a value")
    return Answer(value.startswith(b'<value val="good"'), value, messages)


def goals(answer: Answer) -> tuple[str, ...]:
    """Return what is left to prove, in the order it is worked on: in focus, out of focus, put aside."""
    found = answer.tree().find("./option/goals")
    if found is None:
        return ()
    return tuple(_goal(goal) for goal in found.iter("goal"))


def init() -> bytes:
    """Begin."""
    return b'<call val="Init"><option val="none"/></call>'


def add(sentence: str, state: int) -> bytes:
    """Add a sentence behind a state; it is read now and carried out when it is needed."""
    text = escape(sentence).encode()
    return (
        b'<call val="Add"><pair><pair><pair><pair><string>%b</string><int>-1</int></pair>'
        b'<pair><state_id val="%d"/><bool val="false"/></pair></pair><int>0</int></pair>'
        b"<pair><int>0</int><int>0</int></pair></pair></call>" % (text, state)
    )


def goal() -> bytes:
    """Carry out what was added, and tell the goals."""
    return b'<call val="Goal"><unit/></call>'


def status() -> bytes:
    """Carry out what was added, all of it."""
    return b'<call val="Status"><bool val="true"/></call>'


def edit_at(state: int) -> bytes:
    """Go back to a state."""
    return b'<call val="Edit_at"><state_id val="%d"/></call>' % state


def _message(data: bytes) -> Message:
    tree = _tree(data)
    state, level, told = tree.find("./state_id"), tree.find(".//message_level"), tree.find(".//message")
    if state is None or level is None or told is None:
        raise NoAnswer("a message in no known form")
    place = told.find("./option/loc")
    return Message(
        level.get("val", ""), _text(told), int(state.get("val", "0")),
        None if place is None else _number(place.get("start")),
    )  # fmt: skip


def _goal(goal: ElementTree.Element) -> str:
    hypotheses, conclusion = goal.find("./list"), goal.find("./richpp")
    if hypotheses is None or conclusion is None:
        raise NoAnswer("a goal in no known form")
    lines = [_text(one) for one in hypotheses]
    return "\n".join((*lines, "=" * 28, _text(conclusion)))


def _tree(data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data.replace(b"&nbsp;", b" "))
    except ElementTree.ParseError as error:
        raise NoAnswer(str(error)) from error


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
