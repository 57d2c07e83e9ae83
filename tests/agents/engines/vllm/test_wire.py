"""Do messages arrive whole, and is what is none told from them?"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from syllogym.agents.engines.vllm.wire import Garbage, Wire


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Wire]]:
    """A bare socket, and the wire at its other end."""
    bare, other = socket.socketpair()
    wire = Wire(other, tick=0.01)
    with bare:
        yield bare, wire
    wire.close()


def test_a_message_arrives_as_it_was_sent(ends: tuple[socket.socket, Wire]) -> None:
    bare, wire = ends
    sender = Wire(bare)
    message = {"id": 1, "ids": [2**31], "logprobs": [-0.1, float("-inf")], "text": "é\n"}
    sender.send(message)
    assert wire.receive() == message
    sender.close()


def test_messages_that_come_in_pieces_are_put_together(ends: tuple[socket.socket, Wire]) -> None:
    bare, wire = ends
    found = []
    for byte in b'\0\0\0\x07{"a":1}\0\0\0\x07{"b":2}':
        bare.send(bytes([byte]))
        if (message := wire.receive()) is not None:
            found.append(message)
    assert found == [{"a": 1}, {"b": 2}]


def test_nothing_is_received_while_nothing_comes(ends: tuple[socket.socket, Wire]) -> None:
    assert ends[1].receive() is None


def test_the_end_is_told(ends: tuple[socket.socket, Wire]) -> None:
    bare, wire = ends
    bare.close()
    with pytest.raises(EOFError):
        wire.receive()


@pytest.mark.parametrize("sent", [b"Traceback (most", b"\0\0\0\x02{]", b"\0\0\0\x02[]"], ids=["text", "JSON", "list"])
def test_garbage_is_told(ends: tuple[socket.socket, Wire], sent: bytes) -> None:
    bare, wire = ends
    bare.send(sent)
    with pytest.raises(Garbage):
        wire.receive()
