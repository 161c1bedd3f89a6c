"""How often, how long, how many at once: the figures of the relay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

STANDARD_WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one attempt and the next: ten attempts over three days. Source: the schedule that the
Standard Webhooks specification 1.0.0 recommends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayPolicy:
    """What a relay may be told. `jitter` is the share of a wait that luck may add to it, so that
    what failed together does not come back together."""

    waits: tuple[timedelta, ...] = STANDARD_WAITS
    jitter: float = 0.2
    timeout_s: float = 15.0
    """For one delivery as a whole, from the first packet to the status line."""
    lease: timedelta = timedelta(seconds=60)
    """How long an order's events stay with a relay that says nothing more."""
    per_endpoint: int = 4
    """Orders that are told to one endpoint at once: a slow one cannot take every sender."""
    senders: int = 8
    in_a_row: int = 50
    """Events of one order before another order has its turn."""
    idle: timedelta = timedelta(milliseconds=250)

    def __post_init__(self) -> None:
        if self.lease.total_seconds() <= self.timeout_s:
            raise ValueError(
                f"a lease of {self.lease} ends before a delivery may ({self.timeout_s} s): "
                "every slow delivery would be made twice"
            )
        if min(self.per_endpoint, self.senders, self.in_a_row) < 1 or not 0 <= self.jitter <= 1:
            raise ValueError("a relay sends at least one event at once, with jitter from 0 to 1")

    def wait_after(
        self, attempts: int, *, luck: float, asked: timedelta | None = None
    ) -> timedelta | None:
        """Say how long to wait after so many failed attempts; None once there were enough.

        `luck` is from 0 to 1. `asked` is the receiver's Retry-After: a longer wait than ours is
        granted, up to the longest of the schedule.
        """
        if attempts > len(self.waits):
            return None
        wait = self.waits[attempts - 1] * (1 + self.jitter * luck)
        return max(wait, min(asked, max(self.waits))) if asked else wait
