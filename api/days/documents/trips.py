"""Several trips of one truck in the papers: when it is back, where it loads, which stops follow."""

from __future__ import annotations

from collections.abc import Iterator

from api.days.documents.figures import Locale
from routing.plan import Route, Trip


def numbered_trips(route: Route) -> Iterator[tuple[int, Trip]]:
    """Go through the trips, each with the number of its first stop, from 1."""
    seq = 1
    for trip in route.trips:
        yield seq, trip
        seq += len(trip.stops)


def trip_of(route: Route, seq: int) -> int:
    """Tell on which trip (from 1) a stop (from 1) is."""
    return 1 + sum(reload.before < seq for reload in route.reloads)


def trip_line(route: Route, number: int, locale: Locale) -> str:
    """Say when and where a trip (from 1) is loaded, when it leaves, and its stops."""
    trips = list(numbered_trips(route))
    first, trip = trips[number - 1]
    last = first + len(trip.stops) - 1
    stops = f"{first}" if first == last else f"{first}–{last}"
    back = locale.clock(trips[number - 2][1].back.arrives) if number > 1 else ""
    leaves = locale.clock(route.reloads[number - 2].leaves if number > 1 else trip.departs)
    load = locale.span(trip.load)
    zh = f"{trip.bay} 号位装车 {load}，{leaves} 出发，送第 {stops} 站"
    en = f"load {load} at bay {trip.bay}, leave {leaves}, stops {stops}"
    if number == 1:
        return locale.say(f"第 1 趟：{zh}", f"Trip 1: {en}")
    return locale.say(f"第 {number} 趟：{back} 回仓，{zh}", f"Trip {number}: home {back}, {en}")
