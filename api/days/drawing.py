"""The lines of a plan's legs along the roads, for maps."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from api.days.documents.paths import Line
from api.days.matrix import PreparedDay, places_of
from geodata.bans import bans_in_force
from geodata.calendar import day_kind
from geodata.geometry import route_geometry
from geodata.places import Place
from geodata.travel import truck_of
from geodata.units import HOUR_S, MINUTE_S
from routing.plan import Plan, Route, Stop


def draw_routes(plan: Plan, day: PreparedDay) -> dict[str, tuple[Line, ...]]:
    """Draw every leg of every truck: to the stops in order, then home."""
    places = {place.id: place for place in places_of(day.request)}
    homes = {house.id: house.place for house in day.request.warehouses}
    classes = {truck.id: truck.road_class for truck in day.request.trucks}
    kind = day_kind(plan.day)
    drawn: dict[str, tuple[Line, ...]] = {}
    for route in plan.routes:
        truck = truck_of(classes[route.truck_id])
        stops = _visits(route, places, homes[route.warehouse_id])
        lines: list[Line] = []
        for (a, b), leg in zip(pairwise(stops), route.legs, strict=True):
            leaves = _second_of_day(leg.departs)
            holding = bans_in_force(
                day.bans,
                truck_class=truck.id,
                day=plan.day,
                day_kind=kind,
                start_s=leaves,
                end_s=leaves + 1,
            )
            points = route_geometry(
                a, b, truck=truck, roads=day.roads, closed_by=holding, departure_s=leaves
            )
            lines.append(tuple((point.lon, point.lat) for point in points))
        drawn[route.truck_id] = tuple(lines)
    return drawn


def _visits(route: Route, places: dict[str, Place], home: Place) -> list[Place]:
    halts = (places[halt.place_id] if isinstance(halt, Stop) else home for halt in route.halts)
    return [home, *halts, home]


def _second_of_day(moment: datetime) -> int:
    return moment.hour * HOUR_S + moment.minute * MINUTE_S + moment.second
