"""What the book answers: JSON bodies that the endpoints hand through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.events.outbox import OutgoingEvent
from api.kit.idempotency import Answer
from api.slots.states import PromiseState
from api.slots.store import PromiseRow
from routing.domain.windows import Window
from routing.witness import Promise

CHINA_ZONE: Final = "Asia/Shanghai"


def window_json(window: Window, zone: str) -> dict[str, str]:
    """Write a window as the API shows it: half-open, in the local time of its zone."""
    there = ZoneInfo(zone)
    return {
        "from": window.start.astimezone(there).isoformat(),
        "to": window.end.astimezone(there).isoformat(),
        "zone": zone,
    }


def hold_answer(
    promise: Promise,
    *,
    zone: str,
    conditions: Sequence[str],
    expires_at: datetime,
    pool_day_id: str,
    seq: int,
) -> Answer:
    """Tell that a window is held, and what the buyer must accept to have it."""
    return Answer(
        status=201,
        body={
            "hold_id": promise.ask.promise_id,
            "order_ref": promise.ask.order_ref,
            "window": window_json(promise.ask.window, zone),
            "conditions": list(conditions),
            "expires_at": expires_at.astimezone(ZoneInfo(zone)).isoformat(),
            "pool_day": pool_day_id,
            "seq": seq,
        },
    )


def promise_answer(row: PromiseRow) -> Answer:
    """Tell how a promise stands."""
    return Answer(status=200, body=promise_json(row))


def promise_json(row: PromiseRow) -> dict[str, object]:
    """Write a promise as the API shows it; one at risk shows that and not its state."""
    return {
        "booking_id": row.id,
        "order_ref": row.promise.ask.order_ref,
        "window": window_json(row.promise.ask.window, row.zone),
        "status": "at_risk" if row.at_risk_by else row.state,
        "at_risk_by": row.at_risk_by,
        "moved_to": row.moved_to,
        "pool_day": row.pool_day_id,
        "seq": row.seq,
    }


def announcement(row: PromiseRow, topic: str, **told: object) -> OutgoingEvent:
    """Make the event that the order system gets: thin, and of this order's stream."""
    return OutgoingEvent(
        stream=row.promise.ask.order_ref,
        topic=topic,
        payload={**promise_json(row), **told},
    )


TOPICS = {
    PromiseState.CONFIRMED: "booking.confirmed.v1",
    PromiseState.REFINED: "booking.refined.v1",
    PromiseState.FROZEN: "booking.frozen.v1",
    PromiseState.DISPATCHED: "booking.dispatched.v1",
    PromiseState.ARRIVED: "booking.arrived.v1",
    PromiseState.HANDED_OVER: "handover.completed.v1",
    PromiseState.FAILED_ATTEMPT: "handover.failed.v1",
    PromiseState.RELEASED: "hold.released.v1",
    PromiseState.EXPIRED: "hold.expired.v1",
    PromiseState.CANCELLED: "booking.cancelled.v1",
    PromiseState.RESCHEDULED: "booking.rescheduled.v1",
}
"""What the order system hears when a promise gets into a state."""
