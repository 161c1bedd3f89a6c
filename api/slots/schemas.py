"""Windows, holds and bookings on the wire."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints

from api.kit.pages import CURSOR_MAX, LIMIT_DEFAULT, LIMIT_MAX
from api.kit.schema import Day, Id, Moment, QueryWire, Ref, WindowWire, Wire, shown_as
from api.slots.answers import promise_json
from api.slots.certificate import Certificate
from api.slots.hold_desk import ALSO_MAX
from api.slots.reading import LedgerLine
from api.slots.store import DayRow, PromiseRow
from api.slots.tokens import TOKEN_MAX
from api.slots.wording import window_read

BookingStatus = Literal[
    "held",
    "confirmed",
    "refined",
    "frozen",
    "dispatched",
    "arrived",
    "handed_over",
    "failed_attempt",
    "released",
    "expired",
    "cancelled",
    "rescheduled",
    "at_risk",
]
"""A promise's state, or `at_risk` for one that an outside event broke, whatever its state."""

OfferToken = Annotated[str, StringConstraints(min_length=1, max_length=TOKEN_MAX)]
Condition = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]

_ID: Final = "promise_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c"
_WINDOW: Final = {
    "from": "2026-12-05T09:00:00+08:00",
    "to": "2026-12-05T11:00:00+08:00",
    "zone": "Asia/Shanghai",
}
_BOOKING: Final = {
    "booking_id": _ID,
    "order_ref": "SO-20261120-0017",
    "window": _WINDOW,
    "status": "confirmed",
    "at_risk_by": "",
    "moved_to": "",
    "pool_day": "day_0b7d5e1f2a3c4d5e6f708192a3b4c5d6",
    "seq": 42,
}
_LISTED: Final = {
    **_BOOKING,
    "updated_at": "2026-12-01T20:03:12.400000+08:00",
    "county": "411627",
}


class HoldIn(Wire):
    """A window that was offered, wanted now."""

    model_config = shown_as({"offer_id": "v1.k1.eyJkYXkiOiIyMDI2LTEyLTA1In0.5f0c9d", "also": []})

    offer_id: OfferToken
    also: list[OfferToken] = Field(default_factory=list, max_length=ALSO_MAX)
    """Other offers of the same search and day, to be told of if they still have room."""


class HoldOut(Wire):
    """A window that is held until `expires_at`; then it may be given to somebody else."""

    model_config = shown_as(
        {
            "hold_id": _ID,
            "order_ref": "SO-20261120-0017",
            "window": _WINDOW,
            "conditions": ["pin"],
            "expires_at": "2026-12-01T20:15:00+08:00",
            "pool_day": "day_0b7d5e1f2a3c4d5e6f708192a3b4c5d6",
            "seq": 41,
        }
    )

    hold_id: str
    order_ref: str
    window: WindowWire
    conditions: list[str]
    expires_at: Moment
    pool_day: str
    seq: int


class BookingIn(Wire):
    """A hold that the buyer has paid for, and the conditions that they have accepted."""

    model_config = shown_as({"hold_id": _ID, "accepted_conditions": ["pin"]})

    hold_id: Id
    accepted_conditions: list[Condition] = Field(default_factory=list, max_length=16)


class RescheduleIn(BookingIn):
    """The hold of the window that the booking moves to."""


class RefineIn(Wire):
    """A window inside the promised one."""

    model_config = shown_as({"window": {**_WINDOW, "to": "2026-12-05T10:00:00+08:00"}})

    window: WindowWire


class BookingOut(Wire):
    """A promise. A hold and the booking that it becomes have the same id."""

    model_config = shown_as(_BOOKING)

    booking_id: str
    order_ref: str
    window: WindowWire
    status: BookingStatus
    at_risk_by: str
    """Id of the outside event that broke it; empty: it holds."""
    moved_to: str
    """The booking that it was rescheduled to."""
    pool_day: str
    seq: int
    """The version: the ETag, and what If-Match is compared with."""

    @classmethod
    def of(cls, row: PromiseRow) -> Self:
        """Show a row."""
        return cls.model_validate(promise_json(row))


class ListedBooking(BookingOut):
    """A booking in a list."""

    model_config = shown_as(_LISTED)

    updated_at: Moment
    county: str

    @classmethod
    def of(cls, row: PromiseRow) -> Self:
        """Show a row."""
        told = promise_json(row)
        return cls.model_validate({**told, "updated_at": row.updated_at, "county": row.county})


class BookingPage(Wire):
    """Bookings by their last change, oldest first; an empty `next_cursor`: that was all."""

    model_config = shown_as({"items": [_LISTED], "next_cursor": ""})

    items: list[ListedBooking]
    next_cursor: str


class BookingQuery(QueryWire):
    """Which bookings, and how many at once."""

    status: list[BookingStatus] = Field(
        default_factory=list, max_length=13, description="Any of these; none: all."
    )
    county: Annotated[str, Field(pattern=r"^([0-9]{6})?$", description="Code, six digits.")] = ""
    order_ref: Ref | None = None
    updated_since: Annotated[
        Moment | None,
        Field(
            description="Changed then or later; poll with the last one seen. Changes of the 20 "
            "seconds before come again, as one of them may have been written late."
        ),
    ] = None
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT
    cursor: Annotated[str, Field(max_length=CURSOR_MAX, description="`next_cursor`.")] = ""


class LedgerLineOut(Wire):
    """One event of the ledger about this booking. What is empty was not part of it."""

    seq: int
    type: str
    at: Moment
    actor: str
    request_id: str
    hash: str
    """SHA-256 over this event and the hash before: the chain that the standing check walks."""
    window: WindowWire | None = None
    conditions: list[str] = Field(default_factory=list)
    cause: str = ""
    kind: str = ""
    detail: str = ""
    plan_id: str = ""

    @classmethod
    def of(cls, line: LedgerLine, zone: str) -> Self:
        """Show a line, its window in the local time of the booking."""
        told = dict(line.told)
        window = told.pop("window", None)
        return cls.model_validate(
            {
                "seq": line.seq,
                "type": line.type,
                "at": line.at,
                "actor": line.actor,
                "request_id": line.request_id,
                "hash": line.hash,
                "window": WindowWire.of(window_read(window), zone)
                if isinstance(window, Sequence) and not isinstance(window, str)
                else None,
                **told,
            }
        )


class HistoryOut(Wire):
    """What the ledger says of one booking, oldest first."""

    model_config = shown_as(
        {
            "booking_id": _ID,
            "events": [
                {
                    "seq": 41,
                    "type": "held",
                    "at": "2026-12-01T20:00:00+08:00",
                    "actor": "shop",
                    "request_id": "request_1f2e3d4c5b6a79880f1e2d3c4b5a6978",
                    "hash": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
                    "window": _WINDOW,
                    "conditions": ["pin"],
                    "cause": "",
                    "kind": "",
                    "detail": "",
                    "plan_id": "",
                }
            ],
        }
    )

    booking_id: str
    events: list[LedgerLineOut]


class CertificateOut(Wire):
    """Why this promise holds: the route that keeps it in the plan of this moment."""

    model_config = shown_as(
        {
            "booking_id": _ID,
            "window": _WINDOW,
            "status": "confirmed",
            "kept": True,
            "pool": "p1",
            "day": "2026-12-05",
            "plan_seq": 37,
            "plan_id": "plan_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "basis": "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184",
            "ledger_head": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
            "truck_id": "豫P12345",
            "position": 3,
            "stops": 7,
            "departs": "2026-12-05T06:40:00+08:00",
            "begins": "2026-12-05T09:25:00+08:00",
            "begins_latest": "2026-12-05T10:02:00+08:00",
            "slack_s": 3480,
            "p_late": 0.004,
        }
    )

    booking_id: str
    window: WindowWire
    status: BookingStatus
    kept: bool
    """Whether a route serves it; false for one at risk, over or taken back."""
    pool: str
    day: Day
    plan_seq: int
    """The version of the witness that was read."""
    plan_id: str
    """The plan published last; empty: the day was sold on its first routes."""
    basis: str
    """Digest of the travel times, fleet, calendar and rules that it was judged under."""
    ledger_head: str
    truck_id: str = ""
    position: int | None = None
    stops: int | None = None
    departs: Moment | None = None
    begins: Moment | None = None
    begins_latest: Moment | None = None
    slack_s: int | None = None
    p_late: float | None = None

    @classmethod
    def of(cls, row: PromiseRow, day: DayRow, kept: Certificate | None, plan_seq: int) -> Self:
        """Show the place of a promise in the witness of `plan_seq`."""
        told = promise_json(row)
        place = (
            {}
            if kept is None
            else {
                "truck_id": kept.truck_id,
                "position": kept.position,
                "stops": kept.stops,
                "departs": kept.departs,
                "begins": kept.begins,
                "begins_latest": kept.begins_latest,
                "slack_s": kept.slack_s,
                "p_late": kept.p_late,
            }
        )
        return cls.model_validate(
            {
                "booking_id": row.id,
                "window": told["window"],
                "status": told["status"],
                "kept": kept is not None,
                "pool": day.pool,
                "day": day.day,
                "plan_seq": plan_seq,
                "plan_id": day.plan_id,
                "basis": day.basis,
                "ledger_head": day.head,
                **place,
            }
        )
