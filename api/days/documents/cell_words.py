"""Words that a cell, a card and a driver's text say alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.days.documents import wording as w
from api.days.documents.figures import Locale
from routing.domain.windows import Window
from routing.plan import Plan, Route, Stop


def plates_by_truck(plan: Plan) -> dict[str, str]:
    """Find every truck's plate, used or idle."""
    known = {route.truck_id: route.plate for route in plan.routes}
    return known | {truck.truck_id: truck.plate for truck in plan.idle}


def position_of(route: Route, stop: Stop) -> str:
    """Find the deck position of a stop's car; empty when the plan names none."""
    decks = [trip.deck for trip in route.trips]
    return next(
        (car.position_id for deck in decks for car in deck if car.order_id == stop.order_id), ""
    )


def required_text(stop: Stop, locale: Locale) -> str:
    """Name what the buyer must still give."""
    names = (w.name_of(w.REQUIRED_FIELDS, code, locale.lang) for code in stop.slot.required_fields)
    return locale.say("、", ", ").join(names)


def yes_no(value: bool, locale: Locale) -> str:
    """Say yes or no."""
    return locale.say("是", "yes") if value else locale.say("否", "no")


def spans(windows: Sequence[Window], show: Callable[[Window], str]) -> str:
    """Show several windows in one cell."""
    return ", ".join(show(window) for window in windows)
