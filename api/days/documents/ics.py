"""plan.ics: every handover and every truck's day as calendar entries (RFC 5545).

Ids and stamps come from the plan, so importing a plan twice updates and never doubles.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from icalendar import Calendar, Event

from api.days.documents.figures import Locale, km, locale_of, plain
from api.days.documents.trips import trip_line
from api.settings import Language
from routing.plan import Plan, Route, Stop


def ics_bytes(plan: Plan, *, lang: Language) -> bytes:
    """Build the calendar; times are UTC, so that it needs no time zone of its own."""
    locale = locale_of(plan, lang)
    stamp = datetime.combine(plan.day, time(), tzinfo=locale.zone).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Flatbed//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", locale.say(f"配送 {plan.day}", f"Delivery {plan.day}"))
    for route in plan.routes:
        its = locale.on(route.day)
        calendar.add_component(_route_event(plan, route, stamp, its))
        for seq, stop in enumerate(route.stops, start=1):
            calendar.add_component(_stop_event(plan, route, (seq, stop), stamp, its))
    return bytes(calendar.to_ical())


def _route_event(plan: Plan, route: Route, stamp: datetime, locale: Locale) -> Event:
    event = Event()
    event.add("uid", f"{route.day.isoformat()}-truck-{plain(route.vehicle_id)}@flatbed")
    event.add("dtstamp", stamp)
    event.add("dtstart", route.departs.astimezone(UTC))
    event.add("dtend", max(route.returns, route.departs).astimezone(UTC))
    cars = locale.cars(len(route.stops))
    event.add("summary", plain(f"{route.plate} {route.driver_name} {cars}"))
    event.add(
        "description",
        plain("\n".join([*_loading(route, locale), f"{km(route.metres)} km"])),
    )
    event.add("location", plain(plan.warehouses.get(route.warehouse_id, route.warehouse_id)))
    event.add("transp", "TRANSPARENT")
    return event


def _loading(route: Route, locale: Locale) -> list[str]:
    if not route.reloads:
        return [f"{locale.say('装车', 'Loading')} {locale.span(route.load)}"]
    return [trip_line(route, number, locale) for number in range(1, len(route.trips) + 1)]


def _stop_event(
    plan: Plan, route: Route, at: tuple[int, Stop], stamp: datetime, locale: Locale
) -> Event:
    seq, stop = at
    event = Event()
    event.add("uid", f"{plan.day.isoformat()}-order-{plain(stop.order_id)}@flatbed")
    event.add("dtstamp", stamp)
    event.add("dtstart", stop.begins.astimezone(UTC))
    event.add("dtend", stop.ends.astimezone(UTC))
    event.add("summary", plain(f"{route.plate} #{seq} {stop.order_id} {stop.model_name}"))
    window = locale.say("约定窗口", "Window") + f" {locale.span(stop.slot.window)}"
    event.add("description", plain(f"{window} · VIN {stop.vin[-6:]}"))
    event.add("location", plain(stop.address))
    event.add("geo", (round(stop.lat, 6), round(stop.lon, 6)))
    return event
