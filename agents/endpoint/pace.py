"""How long must a request wait so that a rate limit is kept? As long as the ones before it, evenly spread, take."""

from __future__ import annotations


class Pace:
    """Spreads amounts evenly over time, so that no minute sees more than its limit.

    Args:
        per_minute: requests or tokens; None for no limit.
    """

    def __init__(self, per_minute: float | None) -> None:
        self.seconds_each = 60.0 / per_minute if per_minute else 0.0
        self._free_at = float("-inf")

    def take(self, amount: float, now: float) -> float:
        """Book an amount at the time `now` (seconds, of any steady clock); return the seconds to wait before it."""
        start = max(self._free_at, now)
        self._free_at = start + amount * self.seconds_each
        return start - now

    def give_back(self, amount: float) -> None:
        """Take back a part of what was booked, because less was used; negative when more was."""
        self._free_at -= amount * self.seconds_each
