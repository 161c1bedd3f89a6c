"""routes.gpx: one route per truck with its stops, and its track along the roads (GPX 1.1)."""

from __future__ import annotations

import gpxpy.gpx

from api.days.documents.figures import Locale, locale_of, plain
from api.days.documents.paths import RouteGeometry, route_path
from api.settings import Language
from routing.plan import Plan, Route


def gpx_bytes(plan: Plan, *, geometry: RouteGeometry | None, lang: Language) -> bytes:
    """Build the file; a truck has a track only where its way along the roads is known."""
    locale = locale_of(plan, lang)
    document = gpxpy.gpx.GPX()
    document.creator = "Flatbed"
    document.name = f"Flatbed {plan.day.isoformat()}"
    document.description = "; ".join(plain(source) for source in plan.provenance.sources)
    for route in plan.routes:
        document.routes.append(_route(plan, route, locale.on(route.day)))
        path = route_path(plan, route, geometry)
        if not path.straight:
            track = gpxpy.gpx.GPXTrack(name=_name(plan, route))
            for leg in path.legs:
                segment = gpxpy.gpx.GPXTrackSegment()
                segment.points = [
                    gpxpy.gpx.GPXTrackPoint(latitude=round(lat, 6), longitude=round(lon, 6))
                    for lon, lat in leg
                ]
                track.segments.append(segment)
            document.tracks.append(track)
    xml: str = document.to_xml(version="1.1", prettyprint=True)
    return xml.encode() + b"\n"


def _route(plan: Plan, route: Route, locale: Locale) -> gpxpy.gpx.GPXRoute:
    result = gpxpy.gpx.GPXRoute(name=_name(plan, route))
    site = plan.sites.get(route.warehouse_id)
    name = plan.warehouses.get(route.warehouse_id, route.warehouse_id)
    ends = [] if site is None else [_point(site.lat, site.lon, name, locale.clock(route.departs))]
    result.points.extend(ends)
    again = {reload.before: reload for reload in route.reloads}
    for seq, stop in enumerate(route.stops, start=1):
        if site is not None and (reload := again.get(seq - 1)) is not None:
            result.points.append(_point(site.lat, site.lon, name, locale.span(reload.load)))
        note = f"{locale.span(stop.slot.window)} {stop.address}"
        result.points.append(_point(stop.lat, stop.lon, f"{seq} {stop.order_id}", note))
    if site is not None:
        result.points.append(_point(site.lat, site.lon, name, locale.clock(route.returns)))
    return result


def _name(plan: Plan, route: Route) -> str:
    return plain(route.plate if plan.days == 1 else f"{route.plate} {route.day:%m-%d}")


def _point(lat: float, lon: float, name: str, note: str) -> gpxpy.gpx.GPXRoutePoint:
    return gpxpy.gpx.GPXRoutePoint(
        latitude=round(lat, 6), longitude=round(lon, 6), name=plain(name), description=plain(note)
    )
