"""Is a call that takes too long interrupted, and no other?"""

from __future__ import annotations

import time

import pytest

from syllogym.agents.watchdog import Hang, Watchdog


def test_a_hanging_call_is_interrupted() -> None:
    watchdog = Watchdog(0.05)
    began = time.monotonic()
    with pytest.raises(Hang, match=r"no answer within 0\.05 s"), watchdog:
        while time.monotonic() - began < 10:
            pass
    watchdog.close()


def test_time_between_calls_does_not_count() -> None:
    watchdog = Watchdog(0.1)
    for _ in range(2):
        with watchdog:
            pass
        time.sleep(0.2)
    watchdog.close()


def test_it_watches_again_after_an_interruption() -> None:
    watchdog = Watchdog(0.05)
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(Hang), watchdog:
            while time.monotonic() - began < 10:
                pass
    watchdog.close()
