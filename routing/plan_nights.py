"""Where a tour sleeps out, as a plan says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A night out at stop number `stop` of the route, from 0: before its service, or after it.

    A duty ends at `start`, the next one begins at `end`. Times are typical; `start_latest` and
    `end_latest` are with every buffer used up.
    """

    stop: int
    before_service: bool
    start: datetime
    end: datetime
    start_latest: datetime
    end_latest: datetime
