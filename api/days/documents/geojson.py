"""plan.geojson: routes, stops and warehouses for QGIS and other maps (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from api.days.documents.cell_words import position_of
from api.days.documents.paths import LonLat, RouteGeometry, route_path
from api.days.documents.trips import trip_of
from routing.plan import Plan, Route, Stop
from routing.plan_off_routes import Outsourced

_DIGITS: Final = 6
"""Of a degree: 0.1 m."""


def geojson_bytes(plan: Plan, *, geometry: RouteGeometry | None) -> bytes:
    """Build one FeatureCollection; `layer` tells routes, stops, orders with carriers and
    warehouses apart."""
    features: list[Mapping[str, object]] = []
    for route in plan.routes:
        feature = _route_feature(plan, route, geometry)
        if feature is not None:
            features.append(feature)
    features += [
        _stop_feature(route, seq, stop)
        for route in plan.routes
        for seq, stop in enumerate(route.stops, start=1)
    ]
    features += [_given_feature(given) for given in plan.outsourced]
    features += [
        _point(
            (site.lon, site.lat),
            {"layer": "warehouse", "id": name, "name": plan.warehouses.get(name, name)},
        )
        for name, site in sorted(plan.sites.items())
    ]
    collection = {
        "type": "FeatureCollection",
        "name": f"flatbed {plan.day.isoformat()}",
        "attribution": list(plan.provenance.sources),
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode()


def _route_feature(
    plan: Plan, route: Route, geometry: RouteGeometry | None
) -> Mapping[str, object] | None:
    path = route_path(plan, route, geometry)
    line = [_rounded(point) for point in path.line]
    if len(line) < 2:  # one stop and no known warehouse: nothing to join
        return None
    return {
        "type": "Feature",
        "id": f"route-{route.truck_id}",
        "geometry": {"type": "LineString", "coordinates": line},
        "properties": {
            "layer": "route",
            "truck": route.truck_id,
            "plate": route.plate,
            "day": route.day.isoformat(),
            "trips": len(route.trips),
            "kind": route.kind,
            "warehouse": route.warehouse_id,
            "stops": len(route.stops),
            "metres": route.metres,
            "drive_s": route.drive_s,
            "cost_minor": route.cost.total,
            "departs": route.departs.isoformat(),
            "returns": route.returns.isoformat(),
            "straight_legs": path.straight,
        },
    }


def _stop_feature(route: Route, seq: int, stop: Stop) -> Mapping[str, object]:
    return _point(
        (stop.lon, stop.lat),
        {
            "layer": "stop",
            "order": stop.order_id,
            "truck": route.truck_id,
            "plate": route.plate,
            "day": route.day.isoformat(),
            "trip": trip_of(route, seq),
            "seq": seq,
            "model": stop.model_name,
            "vin": stop.vin,
            "position": position_of(route, stop),
            "address": stop.address,
            "mode": stop.mode,
            "county": stop.county_code,
            "radius_m": stop.radius_m,
            "slot_start": stop.slot.window.start.isoformat(),
            "slot_end": stop.slot.window.end.isoformat(),
            "promised": stop.slot.promised,
            "arrives": stop.leg.arrives.isoformat(),
            "begins": stop.begins.isoformat(),
            "ends": stop.ends.isoformat(),
        },
    )


def _given_feature(given: Outsourced) -> Mapping[str, object]:
    return _point(
        (given.lon, given.lat),
        {
            "layer": "outsourced",
            "order": given.order_id,
            "carrier": given.carrier_id,
            "carrier_name": given.carrier_name,
            "warehouse": given.warehouse_id,
            "model": given.model_name,
            "vin": given.vin,
            "address": given.address,
            "county": given.county_code,
            "collects": given.collects.isoformat(),
            "slot_start": given.window.start.isoformat(),
            "slot_end": given.window.end.isoformat(),
            "promised": given.promised,
            "metres": given.metres,
            "price_minor": given.price_minor,
        },
    )


def _point(at: LonLat, properties: Mapping[str, object]) -> Mapping[str, object]:
    name = properties.get("order", properties.get("id"))
    return {
        "type": "Feature",
        "id": f"{properties['layer']}-{name}",
        "geometry": {"type": "Point", "coordinates": _rounded(at)},
        "properties": properties,
    }


def _rounded(point: LonLat) -> list[float]:
    return [round(point[0], _DIGITS), round(point[1], _DIGITS)]
