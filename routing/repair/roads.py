"""Roads that change during the day: the travel matrix from a moment on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geodata.matrix import TravelMatrix
from geodata.units import DAY_S, UNREACHABLE_S
from routing.plan import Leg, Route, Stop
from routing.repair.events import RoadChanged


def with_road(travel: TravelMatrix, event: RoadChanged, *, since_s: int) -> TravelMatrix:
    """Change the legs that an event is about, in all bands from `since_s` of the local day on.

    Bands repeat every day, so the evening before counts as after the event, too.
    """
    cut = _cut(travel, since_s)
    later = np.array(cut.band_starts_s) >= since_s
    pairs = _pairs(cut, event)
    seconds, metres = np.array(cut.seconds), np.array(cut.metres)
    for band in np.flatnonzero(later):
        for layer in range(len(cut.truck_classes)):
            times = seconds[layer, band]
            if event.permille is None:
                times[pairs] = UNREACHABLE_S
                metres[layer, band][pairs] = UNREACHABLE_S
            else:
                open_pairs = pairs & (times < UNREACHABLE_S)
                longer = times[open_pairs].astype(np.int64) * event.permille
                times[open_pairs] = np.minimum(-(-longer // 1000), UNREACHABLE_S - 1)
    word = "closed" if event.permille is None else f"{event.permille / 1000:g} times as long"
    names = ", ".join(sorted(event.places)[:5])
    return replace(
        cut,
        seconds=seconds,
        metres=metres,
        assumptions=(
            *cut.assumptions,
            f"道路事件 / road event: {names} {word} from {event.since:%H:%M}",
        ),
    )


def drives_there(route: Route, event: RoadChanged, *, places: dict[str, str], home: str) -> bool:
    """Tell whether a route has a leg of the event that ends after the event begins.

    `places` are the places of orders by id, `home` is that of the route's warehouse.
    """
    at = home
    for halt in route.halts:
        there = places.get(halt.order_id, "") if isinstance(halt, Stop) else home
        if drives_on(halt.leg, event, at, there):
            return True
        at = there
    return drives_on(route.home, event, at, home)


def drives_on(leg: Leg, event: RoadChanged, here: str, there: str) -> bool:
    """Tell whether a leg between two places is one of the event, and ends after it begins."""
    return _meant(event, here, there) and leg.arrives > event.since


def _meant(event: RoadChanged, a: str, b: str) -> bool:
    if a == b:
        return False
    if not event.towards:
        return a in event.places or b in event.places
    return (a in event.places and b in event.towards) or (b in event.places and a in event.towards)


def _pairs(travel: TravelMatrix, event: RoadChanged) -> NDArray[np.bool_]:
    here = np.array([place in event.places for place in travel.place_ids], dtype=np.bool_)
    there = np.array([place in event.towards for place in travel.place_ids], dtype=np.bool_)
    if not event.towards:
        there = np.ones_like(here)
    pairs: NDArray[np.bool_] = here[:, None] & there[None, :]
    pairs = pairs | pairs.T
    np.fill_diagonal(pairs, False)
    return pairs


def _cut(travel: TravelMatrix, since_s: int) -> TravelMatrix:
    """Let a band begin at this second of the day."""
    starts = travel.band_starts_s
    since_s = max(0, min(since_s, DAY_S - 1))
    if since_s in starts:
        return travel
    band = sum(start < since_s for start in starts) - 1
    twice = [*range(band + 1), *range(band, len(starts))]
    return replace(
        travel,
        band_starts_s=(*starts[: band + 1], since_s, *starts[band + 1 :]),
        seconds=np.ascontiguousarray(travel.seconds[:, twice]),
        metres=np.ascontiguousarray(travel.metres[:, twice]),
    )
