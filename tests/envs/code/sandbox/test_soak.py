"""Does the sandbox still do its work after a while of hostile programs among honest ones?"""

from __future__ import annotations

import pytest

from benchmarks.sandbox_soak import soak
from syllogym.envs.code.sandbox import Sandbox

SECONDS = 60.0


@pytest.mark.slow
def test_hostile_programs_do_not_wear_it_out(sandbox: Sandbox) -> None:
    """A minute of what the benchmark does for longer (`python -m benchmarks.sandbox --soak 30`)."""
    done = soak(sandbox, SECONDS, workers=8)
    assert not done.wrong
    assert done.honest and done.hostile
    descriptors, processes, *_ = done.after
    assert (descriptors, processes) <= done.before[:2]
    assert done.after[-1] - done.before[-1] < 50
