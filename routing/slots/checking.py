"""What the independent auditor says of a witness."""

from __future__ import annotations

from dataclasses import replace

from routing.audit import audit_plan
from routing.domain.orders import Order
from routing.errors import BadPlan
from routing.judge import WitnessFault
from routing.plan import Plan, Provenance, Route, StopReason
from routing.plan_json import heard, tell
from routing.plan_off_routes import idle_trucks
from routing.slots.basis import Basis
from routing.slots.loads import order_of
from routing.witness import Witness


def faults_of(basis: Basis, witness: Witness) -> tuple[WitnessFault, ...]:
    """Read every route as plan.json and let the auditor drive it, over the promises' own windows.

    Every owed promise must be on a route. Promises at risk, or done, are looked at where they are
    on one.
    """
    faults: list[WitnessFault] = []
    routes: list[Route] = []
    for record in witness.routes.values():
        try:
            route = heard(record.told, Route, f"route of {record.truck_id}")
        except BadPlan as error:
            faults.append(WitnessFault(text=str(error), truck_id=record.truck_id))
            continue
        if tuple(stop.order_id for stop in route.stops) != record.serves:
            text = f"the route of {record.truck_id} serves others than it says"
            faults.append(WitnessFault(text=text, truck_id=record.truck_id))
        routes.append(route)
    wanted = [name for name in witness.promises if name in witness.owed or name in witness.served]
    orders: list[Order] = []
    for name in wanted:
        try:
            orders.append(order_of(witness.promises[name].ask))
        except BadPlan as error:
            faults.append(WitnessFault(text=str(error), promise_id=name))
    return (*faults, *_audited(basis, orders, routes, served=witness.served))


def _audited(
    basis: Basis, orders: list[Order], routes: list[Route], *, served: frozenset[str]
) -> list[WitnessFault]:
    faults = [
        WitnessFault(text=f"promise {each.id} is on no route", promise_id=each.id)
        for each in orders
        if each.id not in served
    ]
    riding = [each for each in orders if each.id in served]
    asked = basis.request
    places = [*(house.place for house in asked.warehouses), *(each.place for each in riding)]
    unique = list({place.id: place for place in places}.values())
    travel = basis.roads.between(unique)
    known = {place.id for place in unique}
    request = replace(
        asked,
        orders=tuple(riding),
        bans=tuple(ban for ban in asked.bans if ban.place_id in known),
    )
    plan = Plan(
        day=request.day,
        time_zone=str(request.horizon_start.tzinfo),
        warehouses={house.id: house.name for house in request.warehouses},
        routes=tuple(routes),
        left_behind=(),
        idle=idle_trucks(request, {route.truck_id for route in routes}),
        provenance=Provenance(
            request_digest=request.digest,
            matrix_digest=travel.digest,
            seed=0,
            iterations=0,
            stop_reason=StopReason.ITERATIONS,
            engine="slots",
            versions={},
            assumptions=(),
            sources=(),
        ),
        policy=tell(asked.policy),
    )
    return faults + [
        WitnessFault(
            text=f"{found.check}: {found.text_en}",
            promise_id=found.order_id,
            truck_id=found.truck_id,
        )
        for found in audit_plan(request, travel, plan).findings
    ]
