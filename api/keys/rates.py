"""How often a client may ask, and how often a stranger may try keys. Counted in each process."""

from __future__ import annotations

import math
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.keys.errors import TooManyRequests
from api.kit.clock import Clock

STRANGER_PER_MINUTE: Final = 60
"""Requests without a good key from one address."""


class Rates:
    """Counts requests over a sliding minute."""

    def __init__(self, clock: Clock, *, per_minute: int) -> None:
        """`clock` must go with the machine's: the counters use that one. `per_minute` is for one
        client; all its keys count together."""
        self._clock = clock
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._of_client = RateLimitItemPerMinute(per_minute)
        self._of_stranger = RateLimitItemPerMinute(STRANGER_PER_MINUTE)

    def count(self, tenant_id: str, client_id: str) -> None:
        """Count one request of a client.

        Raises:
            TooManyRequests: it is one too many.
        """
        self._hit(self._of_client, "client", tenant_id, client_id)

    def count_stranger(self, address: str) -> None:
        """Count one request that had no good key.

        Raises:
            TooManyRequests: that address has tried too many.
        """
        self._hit(self._of_stranger, "stranger", address)

    def _hit(self, item: RateLimitItemPerMinute, *who: str) -> None:
        if self._limiter.hit(item, *who):
            return
        reset = self._limiter.get_window_stats(item, *who).reset_time
        wait_s = min(max(1, math.ceil(reset - self._clock.now().timestamp())), 60)
        raise TooManyRequests(
            f"more than {item.amount} requests in a minute: try again in {wait_s} s",
            retry_after_s=wait_s,
        )
