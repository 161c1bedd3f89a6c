"""Bugs in the rules of time: windows, bans, readiness, duty, driving, bays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geodata.units import HOUR_S, MINUTE_S
from routing.domain.orders import Order
from routing.domain.policy import DrivingPolicy
from routing.domain.readiness import Precondition, Readiness, ReadinessStep, StepKind
from routing.rules.bans import Bans
from routing.rules.bays import Bays
from routing.rules.driver_hours import DrivingLimit
from routing.rules.layout import Layout
from routing.rules.readiness import ReadyToLeave
from routing.rules.shift import Shift
from routing.rules.windows import Windows
from tests.days import (
    at,
    ban,
    driver,
    km,
    order,
    request,
    truck,
    warehouse,
)
from tests.planted.plants import (
    Bug,
    answers,
    on,
    orders_seen,
    sees,
    two_one_car_trucks,
)
from tests.strategies import EVENING_HOURS


def ready_by(p50: str, p90: str) -> Readiness:
    """A car that is probably ready at one time and surely at another."""
    return Readiness(steps=(ReadinessStep(kind=StepKind.PDI, done_p50=at(p50), done_p90=at(p90)),))


def half_as_ready(car: Order) -> Order:
    """An order whose planner looks at the p50 where the p90 counts."""
    steps = tuple(replace(step, done_p90=step.done_p50) for step in car.readiness.steps)
    return replace(car, readiness=replace(car.readiness, steps=steps))


def rested(day: Layout) -> Layout:
    """A day on which every driver is rested since ever."""
    drivers = tuple(replace(each, rested_at=None) for each in day.request.drivers)
    return replace(day, request=replace(day.request, drivers=drivers))


CLOCK_BUGS = (
    Bug(
        name="windows: open an hour longer",
        plant=answers(Windows, "compile", lambda rule: rule._replace(end=rule.end + HOUR_S)),
        # Loaded by 05:25, there at 08:05.
        day=on(
            request(
                order("O1", place=km(160), windows=[("07:00", "08:00")]),
                trucks=[truck(shift=("05:00", "19:00"))],
            )
        ),
        check="windows",
    ),
    Bug(
        name="windows: the end belongs to them",
        plant=answers(Windows, "compile", lambda rule: rule._replace(end=rule.end + 1)),
        day=on(
            request(
                order("O1", place=km(160), windows=[("07:00", "08:05")]),
                trucks=[truck(shift=("05:00", "19:00"))],
            )
        ),
        check="windows",
    ),
    Bug(
        name="bans: there are none",
        plant=sees(Bans, lambda day: replace(day, request=replace(day.request, bans=()))),
        day=on(
            request(
                order("O1", windows=[("09:00", "11:00")]), bans=[ban(km(30), ("07:00", "20:00"))]
            )
        ),
        check="bans",
    ),
    Bug(
        name="bans: the way inside the zone is forgotten",
        plant=answers(Bans, "compile", lambda rule: rule._replace(inside=0 * rule.inside)),
        day=on(
            request(
                order("O1", windows=[("09:00", "11:00")]),
                bans=[ban(km(30), ("08:00", "09:00"), inside_min=20)],
            )
        ),
        check="bans",
    ),
    Bug(
        name="readiness: every car is ready",
        plant=answers(ReadyToLeave, "compile", np.zeros_like),
        day=on(request(order("O1", windows=[("09:00", "11:00")], ready="15:00"))),
        check="readiness",
    ),
    Bug(
        name="readiness: probably ready is ready",
        plant=sees(ReadyToLeave, orders_seen(half_as_ready)),
        day=on(
            request(
                replace(
                    order("O1", windows=[("09:00", "11:00")]), readiness=ready_by("07:00", "12:00")
                )
            )
        ),
        check="readiness",
    ),
    Bug(
        name="readiness: papers do not matter",
        plant=sees(
            ReadyToLeave,
            orders_seen(lambda car: replace(car, readiness=replace(car.readiness, missing=()))),
        ),
        day=on(request(order("O1", missing=[Precondition.INSURANCE]))),
        check="readiness",
    ),
    Bug(
        name="readiness: not asked when loading the evening before",
        plant=answers(ReadyToLeave, "compile", np.zeros_like),
        day=on(
            request(
                order("O1", ready="05:00"),
                warehouses=[warehouse(loading=EVENING_HOURS, evening_loading=True)],
            )
        ),
        check="readiness",
    ),
    Bug(
        name="duty: twice as long",
        plant=answers(Shift, "compile", lambda rule: rule._replace(duty_max=2 * rule.duty_max)),
        # 25 min loading, 800 driving, 60 resting, 80 of service are 965 min, not 840.
        day=on(request(order("O1", place=km(400)), trucks=[truck(shift=("05:00", "23:59"))])),
        check="duty",
    ),
    Bug(
        name="shift: may end four hours later",
        plant=answers(Shift, "compile", lambda rule: rule._replace(end=rule.end + 4 * HOUR_S)),
        day=on(request(order("O1", place=km(200)), trucks=[truck(shift=("06:00", "12:00"))])),
        check="duty",
    ),
    Bug(
        name="shift: may begin two hours earlier",
        plant=answers(Shift, "compile", lambda rule: rule._replace(start=rule.start - 2 * HOUR_S)),
        day=on(
            request(
                order("O1", windows=[("08:00", "08:30")]), trucks=[truck(shift=("08:00", "19:00"))]
            )
        ),
        check="duty",
    ),
    Bug(
        name="shift: the driver's night does not count",
        plant=sees(Shift, rested),
        day=on(
            request(
                order("O1", windows=[("08:00", "10:00")]),
                drivers=[replace(driver(), rested_at=at("10:00"))],
            )
        ),
        check="crew",
    ),
    Bug(
        name="driving: no limit",
        plant=answers(DrivingLimit, "compile", lambda rule: rule._replace(drive_max_s=10**6)),
        day=on(request(order("O1", place=km(250), windows=[("09:00", "10:40")]))),
        check="driving",
    ),
    Bug(
        name="driving: ten minutes are a rest",
        plant=answers(DrivingLimit, "compile", lambda rule: rule._replace(rest_s=10 * MINUTE_S)),
        day=on(request(order("O1", place=km(250)))),
        check="driving",
    ),
    Bug(
        name="driving: the driver's own handover rests him",
        plant=answers(
            DrivingLimit,
            "compile",
            lambda rule: rule._replace(handover_rests=np.ones_like(rule.handover_rests)),
        ),
        day=on(request(order("O1", place=km(100)), driving=DrivingPolicy(drive_max_s=2 * HOUR_S))),
        check="driving",
    ),
    Bug(
        name="bays: five more than there are",
        plant=answers(Bays, "compile", lambda rule: rule._replace(bays=rule.bays + 5)),
        day=on(
            request(
                *(order(f"O{n}", windows=[("08:00", "09:00")]) for n in (1, 2)),
                trucks=two_one_car_trucks(),
                warehouses=[warehouse(bays=1, loading=[("07:00", "07:30")])],
            )
        ),
        check="bays",
    ),
    Bug(
        name="bays: open four hours longer",
        plant=answers(Bays, "compile", lambda rule: rule._replace(end=rule.end + 4 * HOUR_S)),
        day=on(
            request(
                order("O1", windows=[("09:00", "11:00")]),
                warehouses=[warehouse(loading=[("05:00", "06:30")])],
            )
        ),
        check="bays",
    ),
    Bug(
        name="bays: loading takes no time for the truck itself",
        plant=answers(Bays, "compile", lambda rule: rule._replace(load_base=0 * rule.load_base)),
        day=on(request(order("O1"))),
        check="bays",
    ),
    Bug(
        name="bays: evening loading is ignored",
        plant=answers(Bays, "compile", lambda rule: rule._replace(evening=rule.evening & False)),
        day=on(
            request(
                order("O1"),
                warehouses=[warehouse(loading=EVENING_HOURS, evening_loading=True)],
            )
        ),
        check="bays",
    ),
)
