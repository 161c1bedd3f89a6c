"""`/v1/holds` and `/v1/bookings`: windows are held, booked, moved, narrowed, given back, read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.answering import respond, respond_read
from api.kit.clock import Clock
from api.kit.db import moment_text
from api.kit.etags import SeenVersion
from api.kit.idempotency import Answer
from api.kit.once import MaybeOnceKey, OnceKey
from api.kit.pages import BadCursor, read_cursor, write_cursor
from api.kit.problem_docs import says_no
from api.slots.alternatives import Nearby
from api.slots.answers import CHINA_ZONE, window_json
from api.slots.certificate import certificate_of
from api.slots.errors import TooManyHolds
from api.slots.loads import OrderLoads
from api.slots.offering import Offered
from api.slots.reading import BookingFilter, BookingReader, after_of
from api.slots.schemas import (
    BookingIn,
    BookingOut,
    BookingPage,
    BookingQuery,
    CertificateOut,
    HistoryOut,
    HoldIn,
    HoldOut,
    LedgerLineOut,
    ListedBooking,
    RefineIn,
    RescheduleIn,
)
from api.slots.service import Book
from api.slots.states import PromiseState
from api.slots.store import PromiseRow
from api.slots.transactions import Caller as BookCaller

Writer = Annotated[Caller, caller(Scope.ORDER_WRITE)]
Reader = Annotated[Caller, caller(Scope.READ)]
BookingId = Annotated[str, Path(max_length=64, description="Id of a booking, or of its hold.")]

_LIST: Final = "bookings"
_NO_ROOM: Final = frozenset({"slot-taken", "offer-expired", "day-not-open"})
"""Refusals of a hold that other windows would answer."""
_TAKES: Final = says_no(404, 409, 410)
_CHANGES: Final = says_no(404, 409, 410, 412, 428)
HOLDS_AGAIN_S: Final = 60
"""When a client that holds too many windows may look again, in seconds."""


def router(
    book: Book,
    reader: BookingReader,
    loads: OrderLoads,
    clock: Clock,
    *,
    live_holds_max: int,
) -> APIRouter:
    """Build the routes. A client may hold `live_holds_max` windows at once."""
    routes = APIRouter(prefix="/v1", tags=["windows"])
    nearby = Nearby(book, reader, clock)

    @routes.post("/holds", status_code=201, response_model=HoldOut, responses=_TAKES)
    def hold_window(who: Writer, once: OnceKey, body: HoldIn) -> Response:
        """Hold an offered window for a while.

        409 `slot-taken` and 410 `offer-expired` come with `alternatives`: offers for windows near
        it that have room at this moment, to be held as they are. A repeated request gets the
        answer that it got before, without them.
        """
        # Counted before: a copy of this request that is granted in between is counted only after
        # its answer was there.
        held = reader.live_holds(who.tenant_id, who.client_id)
        answer = book.held_before(_booking(who, once), body.offer_id, also=body.also)
        if answer is None:
            _refuse_more(held, live_holds_max)
            offer = book.offer(who.tenant_id, body.offer_id)
            load = loads.load(who.tenant_id, offer.order_ref, offer.day)
            answer = book.hold_offer(_booking(who, once), body.offer_id, load, also=body.also)
            if answer.body.get("code") in _NO_ROOM:
                answer = _with(answer, nearby.of_offer(who.tenant_id, offer, load))
        return respond(
            answer,
            HoldOut,
            request_id=who.request_id,
            location=f"/v1/bookings/{answer.body.get('hold_id', '')}",
        )

    @routes.delete("/holds/{hold_id}", response_model=BookingOut, responses=says_no(404, 410))
    def release_hold(who: Writer, once: MaybeOnceKey, hold_id: BookingId) -> Response:
        """Give a held window back."""
        answer = book.release(_booking(who, once), hold_id)
        return respond(answer, BookingOut, request_id=who.request_id)

    @routes.post("/bookings", status_code=201, response_model=BookingOut, responses=_TAKES)
    def book_window(who: Writer, once: OnceKey, body: BookingIn) -> Response:
        """Turn a hold into a booking: from here on the window is promised.

        A hold whose time is over can still be booked while nobody has reclaimed it, and even
        after, if there is room. 410 `hold-expired` comes with `alternatives`.
        """
        answer = book.confirm(_booking(who, once), body.hold_id, accepted=body.accepted_conditions)
        if answer.body.get("code") == "hold-expired":
            answer = _with(answer, nearby.of_promise(who.tenant_id, body.hold_id))
        return respond(
            answer,
            BookingOut,
            request_id=who.request_id,
            status=201,
            location=f"/v1/bookings/{body.hold_id}",
        )

    @routes.get("/bookings", responses=says_no())
    def list_bookings(who: Reader, asked: Annotated[BookingQuery, Query()]) -> BookingPage:
        """List holds and bookings by their last change, oldest first."""
        after = _after(asked.cursor) if asked.cursor else None
        found = reader.bookings(who.tenant_id, _filter(asked), after=after, limit=asked.limit + 1)
        return _page(found, asked.limit)

    @routes.get("/bookings/{booking_id}", response_model=BookingOut, responses=says_no(404))
    def show_booking(who: Reader, booking_id: BookingId) -> Response:
        """Show how a hold or booking stands."""
        row = book.promise(who.tenant_id, booking_id)
        return respond_read(BookingOut.of(row), version=row.seq)

    @routes.post("/bookings/{booking_id}/reschedule", response_model=BookingOut, responses=_CHANGES)
    def reschedule_booking(
        who: Writer, once: OnceKey, seen: SeenVersion, booking_id: BookingId, body: RescheduleIn
    ) -> Response:
        """Move a booking to the window of a hold of the same order; the old one is kept until the
        new one is granted. The answer is the new booking."""
        answer = book.reschedule(
            _booking(who, once),
            booking_id,
            hold_id=body.hold_id,
            accepted=body.accepted_conditions,
            expected=seen,
        )
        if answer.body.get("code") == "hold-expired":
            answer = _with(answer, nearby.of_promise(who.tenant_id, body.hold_id))
        return respond(answer, BookingOut, request_id=who.request_id)

    @routes.post("/bookings/{booking_id}/refine", response_model=BookingOut, responses=_CHANGES)
    def refine_booking(
        who: Writer, once: OnceKey, seen: SeenVersion, booking_id: BookingId, body: RefineIn
    ) -> Response:
        """Narrow a booking's window, as for the call of the evening before."""
        answer = book.refine(_booking(who, once), booking_id, body.window.window(), expected=seen)
        return respond(answer, BookingOut, request_id=who.request_id)

    @routes.post("/bookings/{booking_id}/cancel", response_model=BookingOut, responses=_CHANGES)
    def cancel_booking(
        who: Writer, once: MaybeOnceKey, seen: SeenVersion, booking_id: BookingId
    ) -> Response:
        """Give a booking up; its place is free at once."""
        answer = book.cancel(_booking(who, once), booking_id, expected=seen)
        return respond(answer, BookingOut, request_id=who.request_id)

    @routes.get("/bookings/{booking_id}/history", responses=says_no(404))
    def show_history(who: Reader, booking_id: BookingId) -> HistoryOut:
        """Tell what the ledger says of a booking, from its hold on."""
        row = book.promise(who.tenant_id, booking_id)
        lines = reader.history(who.tenant_id, booking_id)
        return HistoryOut(
            booking_id=row.id, events=[LedgerLineOut.of(each, row.zone) for each in lines]
        )

    @routes.get("/bookings/{booking_id}/certificate", responses=says_no(404))
    def show_certificate(who: Reader, booking_id: BookingId) -> CertificateOut:
        """Tell why a promise holds: plan, truck, place on its route, slack, chance to be late."""
        row, day, witness = book.kept(who.tenant_id, booking_id)
        kept = certificate_of(witness, row.id)
        return CertificateOut.of(row, day, kept, witness.plan_seq)

    return routes


def _refuse_more(held: int, live_holds_max: int) -> None:
    """Refuse to hold another window for who holds enough.

    Raises:
        TooManyHolds: the client may hold no more.
    """
    if held >= live_holds_max:
        raise TooManyHolds(
            f"{live_holds_max} windows are held: confirm or release some",
            retry_after_s=HOLDS_AGAIN_S,
        )


def _booking(who: Caller, once: str) -> BookCaller:
    return BookCaller(
        tenant_id=who.tenant_id, client_id=who.client_id, key=once, request_id=who.request_id
    )


def _with(answer: Answer, offered: Sequence[Offered]) -> Answer:
    found = [
        {"offer_id": each.token, "window": window_json(each.window, CHINA_ZONE)} for each in offered
    ]
    return Answer(status=answer.status, body={**answer.body, "alternatives": found})


def _after(cursor: str) -> tuple[datetime, str]:
    """Read where a page ended.

    Raises:
        BadCursor: not a cursor of this list.
    """
    told, promise_id = read_cursor(cursor, _LIST, str, str)
    try:
        moment = datetime.fromisoformat(str(told))
        moment_text(moment)
    except (ValueError, OverflowError) as error:
        raise BadCursor("this is not a cursor of this list: begin again without one") from error
    return moment, str(promise_id)


def _filter(asked: BookingQuery) -> BookingFilter:
    return BookingFilter(
        states=[PromiseState(each) for each in asked.status if each != "at_risk"],
        at_risk="at_risk" in asked.status,
        county=asked.county,
        order_ref=asked.order_ref or "",
        updated_since=asked.updated_since,
    )


def _page(found: Sequence[PromiseRow], limit: int) -> BookingPage:
    shown = found[:limit]
    more = write_cursor(_LIST, *after_of(shown[-1])) if len(found) > limit else ""
    return BookingPage(items=[ListedBooking.of(each) for each in shown], next_cursor=more)
