"""A plan of several days, day by day: which routes, which figures, how each day is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from routing.plan import Plan


def days_of(plan: Plan) -> tuple[date, ...]:
    """List the days of a plan."""
    return tuple(plan.day + timedelta(days=number) for number in range(plan.days))


def part_of(plan: Plan, day: date) -> Plan:
    """Cut out the routes, the trucks at home and what carriers bring on one day; orders left behind
    are of no day."""
    zone = ZoneInfo(plan.time_zone)
    return replace(
        plan,
        day=day,
        days=1,
        routes=tuple(route for route in plan.routes if route.day == day),
        left_behind=(),
        idle=tuple(truck for truck in plan.idle if truck.day in (None, day)),
        outsourced=tuple(
            given for given in plan.outsourced if given.window.start.astimezone(zone).date() == day
        ),
        outlook=None,
    )
