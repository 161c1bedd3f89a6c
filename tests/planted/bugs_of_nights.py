"""Bugs in nights out: too many, too short, too early on duty, unpaid, and a truck in two places."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from geodata.units import HOUR_S
from routing import problem as door_in
from routing.domain.fleet import Truck
from routing.domain.horizon import over_days
from routing.domain.orders import Order
from routing.domain.policy import DrivingPolicy
from routing.rules.nights import Nights
from routing.search import away
from tests.days import km, order, request, truck
from tests.planted.plants import Bug, answers, both, on


def sleeper() -> Truck:
    """A truck that may stay out for a night."""
    return replace(truck(), nights_max=1)


def tomorrow(each: Order) -> Order:
    """The same order a day later."""
    by = timedelta(days=1)
    moved = [replace(one, start=one.start + by, end=one.end + by) for one in each.windows]
    return replace(each, windows=tuple(moved))


FAR = order("O1", place=km(450), windows=[("08:00", "18:00")])
LATE = order("O1", place=km(400), windows=[("17:00", "19:00")])
TWELVE_HOURS = DrivingPolicy(night_rest_s=12 * HOUR_S)

NIGHT_BUGS = (
    Bug(
        name="nights: one more than allowed",
        plant=answers(Nights, "compile", lambda rule: rule._replace(most=rule.most + 1)),
        day=on(request(FAR, trucks=[truck()])),
        check="nights",
    ),
    Bug(
        name="nights: six hours are a night",
        plant=answers(Nights, "compile", lambda rule: rule._replace(rest=6 * HOUR_S)),
        day=on(request(LATE, trucks=[sleeper()], driving=TWELVE_HOURS)),
        check="nights",
    ),
    Bug(
        name="nights: on duty two hours before the shift",
        plant=answers(
            Nights, "compile", lambda rule: rule._replace(morning=rule.morning - 2 * HOUR_S)
        ),
        day=on(request(FAR, trucks=[sleeper()])),
        check="nights",
    ),
    Bug(
        name="nights: for nothing",
        plant=answers(Nights, "compile", lambda rule: rule._replace(per_night=0 * rule.per_night)),
        day=on(request(FAR, trucks=[sleeper()])),
        check="costs",
    ),
    Bug(
        name="nights: the truck is there on the day it is away",
        plant=both(
            answers(door_in, "kept_off_the_road", lambda pairs: ()),
            answers(away, "kept_off_the_road", lambda pairs: ()),
        ),
        day=on(
            over_days(
                request(
                    FAR,
                    tomorrow(order("O2", place=km(-30), windows=[("08:00", "12:00")])),
                    trucks=[sleeper()],
                ),
                2,
            )
        ),
        check="nights",
    ),
)
