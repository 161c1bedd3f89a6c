"""Whole units that every floor shares. Inside there are no floats for time, distance or money."""

from typing import Final, NewType

Seconds = NewType("Seconds", int)
Metres = NewType("Metres", int)
Minor = NewType("Minor", int)
"""Minor units of money: fen."""

DAY_S: Final = 86_400
HOUR_S: Final = 3_600
MINUTE_S: Final = 60

UNREACHABLE_S: Final = 20_000_000
"""Travel time (s) and distance (m) of a pair that no road or ferry joins: 231 days.

Large enough to break every window, small enough that sums stay far inside int64 and that no
solver mistakes it for an overflow.
"""
