"""The lines of a plan's legs along the roads, for maps."""

from __future__ import annotations

from itertools import pairwise

from api.days.documents.paths import Line
from api.days.matrix import PreparedDay, places_of
from geodata.geometry import leg_geometries
from geodata.places import Place
from geodata.travel import truck_of
from routing.plan import Plan, Route


def draw_routes(plan: Plan, day: PreparedDay) -> dict[str, tuple[Line, ...]]:
    """Draw every leg of every truck: to the stops in order, then home."""
    places = {place.id: place for place in places_of(day.request)}
    homes = {house.id: house.place for house in day.request.warehouses}
    classes = {truck.id: truck.road_class for truck in day.request.trucks}
    drawn: dict[str, tuple[Line, ...]] = {}
    for route in plan.routes:
        stops = _visits(route, places, homes[route.warehouse_id])
        legs = leg_geometries(
            list(pairwise(stops)),
            truck=truck_of(classes[route.truck_id]),
            roads=day.roads,
            closed_by=day.bans,
        )
        drawn[route.truck_id] = tuple(
            tuple((point.lon, point.lat) for point in leg) for leg in legs
        )
    return drawn


def _visits(route: Route, places: dict[str, Place], home: Place) -> list[Place]:
    return [home, *(places[stop.place_id] for stop in route.stops), home]
