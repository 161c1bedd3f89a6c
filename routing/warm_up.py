"""Compile the search ahead of its first day, on a day of one order and one truck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import numpy as np

from geodata.matrix import TravelMatrix
from geodata.places import Place, Point
from geodata.units import Minor
from routing.decode import decode
from routing.domain.fleet import DeckPosition, DeckTemplate, Driver, Truck, TruckCosts, TruckKind
from routing.domain.orders import DeliveryMode, Order, Priority
from routing.domain.readiness import Readiness
from routing.domain.request import PlanRequest
from routing.domain.vehicles import Edition, Model, Vehicle
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window
from routing.problem import build_problem
from routing.robustness.simulation import simulate
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search


def warm_up() -> None:
    """Run every compiled entry once; quick when the compiled code is already on disk."""
    request, travel = _smallest_day()
    # With changes counted the master also asks for the begins of a route, which a repair needs.
    problem = build_problem(replace(request, max_changes=0), travel)
    found = search(problem, Iterations(1), seed=1)
    chosen = choose(problem, found.pool, found.best, seed=1)
    simulate(request, travel, decode(problem, chosen.solution).routes, days=1, seed=1)


def _smallest_day() -> tuple[PlanRequest, TravelMatrix]:
    zone = timezone(timedelta(hours=8))
    horizon = datetime(2026, 1, 1, tzinfo=zone)
    day = Window(start=horizon + timedelta(days=1), end=horizon + timedelta(days=2))
    here = Place(id="w", label="w", point=Point(lat=34.7, lon=113.6), county_code="410100")
    there = Place(id="p", label="p", point=Point(lat=34.8, lon=113.7), county_code="410100")
    deck = DeckTemplate(
        id="d",
        positions=(DeckPosition(id="1", length_mm=5200, height_mm=2000, mass_kg=2600),),
        payload_kg=3000,
    )
    truck = Truck(
        id="t", plate="t", kind=TruckKind.ONE_CAR, road_class="c", warehouse_id="w", deck=deck,
        shift_start=day.start, shift_end=day.end, duty_max_s=36_000, overtime_after_s=28_800,
        load_base_s=600, load_per_car_s=600, licence="C1", driver_id="d",
        costs=TruckCosts(
            per_km=Minor(200), per_hour=Minor(4000), per_overtime_hour=Minor(2000), fixed=Minor(100)
        ),
    )  # fmt: skip
    model = Model(id="m", name="m", length_mm=4700, width_mm=1900, height_mm=1600, mass_kg=1800)
    order = Order(
        id="o", warehouse_id="w", place=there, address="", mode=DeliveryMode.DOOR,
        vehicle=Vehicle(vin="1M8GDM9AXKP042788", model=model, edition=Edition(id="e", name="e")),
        access=TruckKind.ONE_CAR, windows=(day,), promised=False, priority=Priority.NORMAL,
        readiness=Readiness(), unload_s=1200, handover_s=1800,
    )  # fmt: skip
    request = PlanRequest(
        day=date(2026, 1, 2),
        horizon_start=horizon,
        orders=(order,),
        trucks=(truck,),
        drivers=(Driver(id="d", name="d", warehouse_id="w", licence="C1"),),
        specialists=(),
        warehouses=(Warehouse(id="w", name="w", place=here, bays=1, loading=(day,)),),
    )
    legs = np.full((1, 1, 2, 2), 900, dtype=np.int32)
    travel = TravelMatrix(
        place_ids=("w", "p"), truck_classes=("c",), band_starts_s=(0,), seconds=legs,
        metres=legs * 10, toll_minor=np.zeros((1, 2, 2), dtype=np.int32),
    )  # fmt: skip
    return request, travel
