"""What do these tests need? Coq, and a machine that can confine it."""

from __future__ import annotations

import pytest

from syllogym.envs.code.sandbox.layers import chosen
from syllogym.envs.proofs.rocq.process import missing

needs_coq = pytest.mark.skipif(bool(missing()) or chosen() is None, reason=missing() or "no sandbox on this machine")
