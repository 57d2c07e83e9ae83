"""Does what the parent and a fork server tell each other arrive as it was said?"""

from __future__ import annotations

import pytest

from syllogym.envs.code.sandbox import Limits
from syllogym.envs.code.sandbox.inside import messages


@pytest.mark.parametrize("kind", messages.KINDS)
def test_a_request_arrives_with_its_limits(kind: str) -> None:
    limits = Limits(wall=1.5, memory=1 << 33).plain()
    assert messages.requested(messages.request(7, kind, limits)) == (7, kind, limits)


@pytest.mark.parametrize("why", messages.WHYS)
def test_the_end_of_a_run_is_told_as_it_was(why: str) -> None:
    end = (1 << 40, 9, why, 0.25, 0.125, 1 << 34, False)
    assert messages.told(messages.ended(*end)) == end


def test_limits_are_whole_where_the_kernel_counts() -> None:
    limits = Limits(threads=8.5).plain()  # type: ignore[arg-type]
    assert messages.requested(messages.request(0, "serve", limits))[2]["threads"] == 8
