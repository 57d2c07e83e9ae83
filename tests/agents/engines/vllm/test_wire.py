"""Do messages arrive whole, and is what is none told from them?"""

from __future__ import annotations

import socket

import pytest

from syllogym.agents.engines.vllm.wire import Garbage, Wire


def test_a_message_arrives_as_it_was_sent() -> None:
    one, other = socket.socketpair()
    message = {"id": 1, "ids": [2**31], "logprobs": [-0.1, float("-inf")], "text": "é\n"}
    with one, other:
        Wire(one).send(message)
        assert Wire(other).receive() == message


def test_messages_that_come_in_pieces_are_put_together() -> None:
    one, other = socket.socketpair()
    with one, other:
        Wire(one).send({"a": 1})
        Wire(one).send({"b": 2})
        sent = other.recv(1000)
        wire, found = Wire(other, tick=0.01), []
        for at in range(len(sent)):
            one.send(sent[at : at + 1])
            if (message := wire.receive()) is not None:
                found.append(message)
    assert found == [{"a": 1}, {"b": 2}]


def test_nothing_is_received_while_nothing_comes() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert Wire(other, tick=0.01).receive() is None


def test_the_end_is_told() -> None:
    one, other = socket.socketpair()
    with other:
        one.close()
        with pytest.raises(EOFError):
            Wire(other).receive()


@pytest.mark.parametrize("sent", [b"Traceback (most", b"\0\0\0\x02{]", b"\0\0\0\x02[]"], ids=["text", "JSON", "list"])
def test_garbage_is_told(sent: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.send(sent)
        with pytest.raises(Garbage):
            Wire(other).receive()
