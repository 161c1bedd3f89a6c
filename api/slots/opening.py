"""Open and close a day: it sells nothing before its first witness, and nothing after its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from api.kit.idempotency import Answer
from api.slots.archive import append_event
from api.slots.errors import BookDamaged, DayAlreadyOpen
from api.slots.ledger import ROOT_HASH, DayEvent, Event, event_hash, first_witness
from api.slots.store import DayRow, find_day, insert_day
from api.slots.unit import Unit
from api.slots.wording import routes_told
from routing.judge import Judge
from routing.witness import RouteRecord


def open_day(
    unit: Unit,
    judge: Judge,
    *,
    tenant_id: str,
    pool_day_id: str,
    pool: str,
    day: date,
    basis: str,
    routes: Mapping[str, RouteRecord],
) -> Answer:
    """Write the first witness of a pool-day, with routes that serve nothing yet.

    Raises:
        BookDamaged: the routes serve somebody, or the checker does not believe them.
        DayAlreadyOpen: somebody was quicker.
    """
    event = Event(
        pool_day_id=pool_day_id,
        seq=1,
        plan_seq=1,
        type=DayEvent.OPENED,
        body={
            "pool": pool,
            "day": day.isoformat(),
            "basis": basis,
            "routes": routes_told(routes),
        },
        actor=unit.actor.name,
        request_id=unit.actor.request_id,
        at=unit.now,
    )
    witness = first_witness(event)
    faults = [fault.text for fault in judge.faults(witness)]
    if witness.served or faults:
        raise BookDamaged(f"{pool} cannot open {day}: {faults or sorted(witness.served)}")
    if find_day(unit.connection, tenant_id, pool, day) is not None:
        raise DayAlreadyOpen(f"{pool} is open on {day} already")
    link = event_hash(ROOT_HASH, event)
    insert_day(
        unit.connection,
        DayRow(
            id=pool_day_id,
            tenant_id=tenant_id,
            pool=pool,
            day=day,
            status="open",
            seq=1,
            plan_seq=1,
            head=link,
            basis=basis,
        ),
    )
    append_event(unit.connection, event, link)
    return Answer(status=201, body={"pool_day": pool_day_id, "seq": 1})


def close_day(unit: Unit, pool_day_id: str) -> Answer:
    """End the sale of a day; what is held or booked stays."""
    (day,) = unit.lock(pool_day_id)
    if day.row.status == "open":
        day.write(DayEvent.CLOSED, {}, replans=False)
        day.row = replace(day.row, status="closed")
    return Answer(status=200, body={"pool_day": pool_day_id, "seq": day.row.seq})
