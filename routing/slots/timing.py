"""A given sequence on a standing day, timed for its decision."""

from __future__ import annotations

from collections.abc import Sequence

from routing.clock import DEAD
from routing.slots.confirm import DEPARTS, LOAD, appraise
from routing.slots.standing import StandingDay


def timed(day: StandingDay, truck: int, sequence: Sequence[int]) -> tuple[int, int] | None:
    """Find (departure, start of loading) of a route that keeps all windows and finds its bays;
    None when there is none. The day is left as it was."""
    before = day.sequence(truck)
    spans = day.spans(truck)
    day.put(truck, sequence, ())
    cost = appraise(day.tables, day.routes, truck, 0, True, day.scratch, day.timing)
    found = int(day.timing[DEPARTS]), int(day.timing[LOAD])
    day.put(truck, before, spans)
    return None if cost == DEAD else found
