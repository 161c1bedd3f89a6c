"""The planner as an improver: the witness is its start, every promise a hard window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from api.plans.reoptimising import Better
from routing.clock import RELOAD
from routing.domain.orders import Order
from routing.isolate import Job, Sandbox
from routing.plan import Route
from routing.plan_json import heard, tell
from routing.search.budget import Iterations, default_iterations
from routing.search.solution import Solution
from routing.slots.basis import Bases
from routing.slots.loads import order_of
from routing.witness import RouteRecord, Witness

SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerImproves:
    """Solves the day of a witness anew, from its routes, in a sandboxed child."""

    bases: Bases
    cache_dir: Path

    def __call__(
        self, witness: Witness, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Better | None:
        """Plan all that is served; None where that is nothing, or the plan is not clean, or leaves
        a promise behind.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
        """
        routes = [
            heard(record.told, Route, f"route of {record.truck_id}")
            for record in witness.routes.values()
        ]
        if not routes:
            return None
        job = self._job(witness, routes)
        with Sandbox(cache_dir=self.cache_dir) as sandbox:
            planned = sandbox.plan(job, cancelled=cancelled)
        brought = {stop.order_id for route in planned.plan.routes for stop in route.stops}
        if not planned.report.clean or brought != witness.served & witness.promises.keys():
            return None
        return Better(
            routes={
                route.truck_id: RouteRecord(
                    truck_id=route.truck_id,
                    serves=tuple(stop.order_id for stop in route.stops),
                    told=tell(_bare(route)),
                )
                for route in planned.plan.routes
            },
            cost_before=sum(route.cost.total for route in routes),
            cost_after=planned.plan.cost_minor,
        )

    def _job(self, witness: Witness, routes: list[Route]) -> Job:
        basis = self.bases.of(witness)
        home = {stop.order_id: route.warehouse_id for route in routes for stop in route.stops}
        served = sorted(witness.served & witness.promises.keys())
        # A car from stock stays at its warehouse: what a promise took of it is not ours to change.
        orders = [_at_home(order_of(witness.promises[name].ask), home[name]) for name in served]
        places = [house.place for house in basis.request.warehouses]
        places += [order.place for order in orders]
        unique = list({place.id: place for place in places}.values())
        known = {place.id for place in unique}
        request = replace(
            basis.request,
            orders=tuple(orders),
            bans=tuple(ban for ban in basis.request.bans if ban.place_id in known),
        )
        return Job(
            request=request,
            travel=basis.roads.between(unique),
            budget=Iterations(default_iterations(len(orders))),
            seed=SEED,
            start=_start(routes, served, [truck.id for truck in request.trucks]),
        )


def _at_home(order: Order, warehouse_id: str) -> Order:
    return replace(order, warehouse_id=warehouse_id) if order.from_stock else order


def _start(routes: list[Route], served: list[str], trucks: list[str]) -> Solution:
    """The present routes in rows, without stops that nobody is promised any more."""
    order_row = {name: row for row, name in enumerate(served)}
    truck_row = {name: row for row, name in enumerate(trucks)}
    sequences: dict[int, tuple[int, ...]] = {}
    for route in routes:
        entries: list[int] = []
        for trip in route.trips:
            cars = [order_row[stop.order_id] for stop in trip.stops if stop.order_id in order_row]
            entries += [*((RELOAD,) if entries and cars else ()), *cars]
        if entries and route.truck_id in truck_row:
            sequences[truck_row[route.truck_id]] = tuple(entries)
    return Solution(sequences=MappingProxyType(sequences))


def _bare(route: Route) -> Route:
    """A route without what was simulated: the next publishing would have it wrong."""
    return replace(
        route,
        stops=tuple(replace(stop, eta_from=None, eta_to=None, p_late=None) for stop in route.stops),
        p_overrun=None,
    )
