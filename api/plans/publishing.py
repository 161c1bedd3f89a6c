"""A checked revision goes into force: its routes become the witness of the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from api.errors import Refused
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.plans import store
from api.plans.errors import NotPublishable, OrdersUnpromised
from api.plans.store import PlanRow, Revision
from api.slots.hold_desk import HoldOrder
from api.slots.publishing import NewPlan
from api.slots.service import Book
from api.slots.transactions import Caller
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.plan import LoadedCar, Plan, Route, Slot
from routing.plan_json import tell
from routing.slots.loads import load_of
from routing.witness import RouteRecord, Witness


class Publishing:
    """Puts revisions into the book of one process."""

    def __init__(self, database: Database, book: Book) -> None:
        self._database = database
        self._book = book

    def publish(
        self, caller: Caller, plan: PlanRow, revision: Revision, *, promise: bool
    ) -> Answer:
        """Publish a revision, if it keeps every promise of its day. With `promise` orders that
        nobody was promised anything are booked in their slots first, those that find room.

        The newest promises of the day, made since the plan was asked for, are put in; what was
        given up since is taken out.

        Raises:
            NotPublishable: the auditor objects to it, or it was published before.
            OrdersUnpromised: it brings orders that have no booking on its day.
            Refused: as `Book.days.publish`: another world, a promise that would not be kept.
        """
        if revision.findings:
            raise NotPublishable(
                f"the auditor has {len(revision.findings)} objections: mend them first",
                findings=list(revision.findings),
            )
        with self._database.reading() as connection:
            made_from = store.read_input(connection, plan.tenant_id, revision.input_digest)
            said = store.read_plan_text(connection, revision)
        witness = self._book.witness(plan.tenant_id, pool=plan.pool, day=plan.day)
        orders = {order.id: order for order in made_from.request.orders}
        was_promised = {name for name, order in orders.items() if order.promised}
        open_orders = _unpromised(said, witness) - was_promised
        if open_orders and promise:
            refused = self._promised(caller, plan, said, orders, sorted(open_orders))
            if refused:
                raise OrdersUnpromised(
                    f"{len(refused)} orders find no room beside what is promised", orders=refused
                )
            witness = self._book.witness(plan.tenant_id, pool=plan.pool, day=plan.day)
            open_orders = _unpromised(said, witness) - was_promised
        if open_orders:
            raise OrdersUnpromised(
                f"{len(open_orders)} orders of the plan have no booking on {plan.day}",
                orders=sorted(open_orders),
            )

        def in_force(connection: Connection) -> None:
            store.put_in_force(connection, revision)

        return self._book.days.publish(
            caller,
            pool=plan.pool,
            day=plan.day,
            plan=NewPlan(
                plan_id=f"{plan.id}:{revision.number}",
                base_plan_seq=revision.base_plan_seq,
                routes=records_of(said, witness),
            ),
            also=in_force,
        )

    def _promised(
        self,
        caller: Caller,
        plan: PlanRow,
        said: Plan,
        orders: Mapping[str, Order],
        wanted: list[str],
    ) -> list[str]:
        """Hold and confirm the slots of orders; name those that are refused."""
        slots = {stop.order_id: stop.slot for route in said.routes for stop in route.stops}
        refused = []
        for name in wanted:
            held = self._asked(
                _under(caller, f"hold-{name}"),
                HoldOrder(
                    pool=plan.pool,
                    day=plan.day,
                    order_ref=name,
                    window=slots[name].window,
                    load=load_of(orders[name]),
                ),
            )
            if held is None:
                refused.append(name)
                continue
            confirmed = self._book.confirm(_under(caller, f"confirm-{name}"), held)
            if not confirmed.granted:
                refused.append(name)
        return refused

    def _asked(self, caller: Caller, wanted: HoldOrder) -> str | None:
        try:
            answer = self._book.hold(caller, wanted)
        except Refused:
            return None
        return str(answer.body["hold_id"]) if answer.granted else None


def _under(caller: Caller, step: str) -> Caller:
    """The same caller with a key of its own for one step, so that a repeated request repeats it."""
    return replace(caller, key=f"{caller.key[:150]}/{step}"[:255])


def _unpromised(plan: Plan, witness: Witness) -> set[str]:
    promised = {each.ask.order_ref for each in witness.promises.values()}
    return {stop.order_id for route in plan.routes for stop in route.stops} - promised


def records_of(plan: Plan, witness: Witness) -> dict[str, RouteRecord]:
    """Write the routes of a plan as the book keeps them: by promises and not by orders.

    Of an order that has two promises on the day, while it moves, the older one is meant. One whose
    promise was given up since goes by a name that nobody has: publishing takes it out.
    """
    promises: dict[str, tuple[str, Window]] = {
        stop.order_id: (f"gone:{stop.order_id}", stop.slot.window)
        for route in plan.routes
        for stop in route.stops
    }
    for each in reversed(list(witness.promises.values())):
        promises[each.ask.order_ref] = (each.ask.promise_id, each.ask.window)
    return {route.truck_id: _record(route, promises) for route in plan.routes}


def _record(route: Route, promises: Mapping[str, tuple[str, Window]]) -> RouteRecord:
    def deck(cars: tuple[LoadedCar, ...]) -> tuple[LoadedCar, ...]:
        return tuple(replace(car, order_id=promises[car.order_id][0]) for car in cars)

    stops = tuple(
        replace(
            stop,
            order_id=promises[stop.order_id][0],
            slot=Slot(
                window=promises[stop.order_id][1],
                promised=True,
                required_fields=stop.slot.required_fields,
            ),
            accepted=(promises[stop.order_id][1],),
            shunts=tuple(
                replace(shunt, order_id=promises[shunt.order_id][0]) for shunt in stop.shunts
            ),
            # Intervals and chances belong to the plan as it was simulated.
            eta_from=None,
            eta_to=None,
            p_late=None,
        )
        for stop in route.stops
    )
    told = tell(
        replace(
            route,
            stops=stops,
            deck=deck(route.deck),
            reloads=tuple(replace(each, deck=deck(each.deck)) for each in route.reloads),
            p_overrun=None,
        )
    )
    return RouteRecord(
        truck_id=route.truck_id, serves=tuple(stop.order_id for stop in stops), told=told
    )
