"""What a sale relies on: offers, holds, bookings, and that each happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from api.client import Booking, Problem
from api.conformance.ground import Ground, expect, expect_problem, refused_with


def a_search_finds_each_window_once(ground: Ground) -> None:
    """Offered or blocked, never both, and each ends after it begins."""
    order, _ = ground.offers()
    found = ground.flatbed.search_slots(order)
    told = [each.window for each in found.offers] + [each.window for each in found.blocked]
    windows = [(each.start, each.end) for each in told]
    expect(len(windows) == len(set(windows)), "a window is told twice")
    expect(all(start < end for start, end in windows), "a window ends before it begins")
    expect(all(each.reason_code for each in found.blocked), "a blocked window has no reason")


def a_hold_is_made_once(ground: Ground) -> None:
    """The same key gives the same hold; for another request it is refused."""
    _, offers = ground.offers()
    once = ground.once("same-hold")
    held = ground.flatbed.hold(offers[0].offer_id, once=once)
    try:
        again = ground.flatbed.hold(offers[0].offer_id, once=once)
        expect(again == held, "the same request was answered otherwise")
        body = {"hold_id": held.hold_id, "accepted_conditions": ["other_request"]}
        answer = ground.send(
            "POST", "/v1/bookings", headers={**ground.bearer, "Idempotency-Key": once}, json=body
        )
        expect_problem(answer, 422, "idempotency-key-reused")
    finally:
        ground.flatbed.release(held.hold_id)


def eight_at_once_are_one(ground: Ground) -> None:
    """The same request from eight connections at the same moment: one hold, eight same answers."""
    _, offers = ground.offers()
    once = ground.once("eight")
    with ThreadPoolExecutor(8) as many:
        holds = list(
            many.map(lambda _: ground.flatbed.hold(offers[0].offer_id, once=once), range(8))
        )
    ground.flatbed.release(holds[0].hold_id)
    expect(len({each.hold_id for each in holds}) == 1, "one key made several holds")


def an_order_holds_one_window(ground: Ground) -> None:
    """A second one is refused and names the first."""
    _, offers = ground.offers()
    held = ground.flatbed.hold(offers[0].offer_id)
    try:
        refused = refused_with(
            lambda: ground.flatbed.hold(offers[-1].offer_id), "order-already-held"
        )
        expect(refused.told.get("hold_id") == held.hold_id, "it does not say which")
    finally:
        ground.flatbed.release(held.hold_id)


def what_was_given_back_can_be_held_again(ground: Ground) -> None:
    """And giving it back twice does no harm."""
    order, offers = ground.offers()
    held = ground.flatbed.hold(offers[0].offer_id)
    expect(ground.flatbed.release(held.hold_id).status == "released", "not released")
    try:
        ground.flatbed.release(held.hold_id)
    except Problem as problem:
        expect(problem.code == "promise-gone", f"refused with {problem.code}")
    again = ground.flatbed.search_slots(order).offers
    windows = {(each.window.start, each.window.end) for each in again}
    expect((held.window.start, held.window.end) in windows, "its room is not free again")


def a_booking_from_hold_to_cancellation(ground: Ground) -> None:
    """Booked once, read alike everywhere, changed only by who has seen it, cancelled."""
    held = ground.held()
    once = ground.once("book")
    booked = ground.flatbed.book(held.hold_id, accepted=held.conditions, once=once)
    try:
        _is_told_alike(ground, booked, once, held.conditions)
        refused_with(
            lambda: ground.flatbed.cancel(booked.booking_id, seen=booked.seq + 1_000),
            "version-conflict",
        )
        answer = ground.send("POST", f"/v1/bookings/{booked.booking_id}/cancel")
        expect_problem(answer, 428, "if-match-required")
        expect(ground.flatbed.booking(booked.booking_id) == booked, "a refusal changed it")
    finally:
        now = ground.flatbed.booking(booked.booking_id)
        cancelled = ground.flatbed.cancel(booked.booking_id, seen=now.seq)
    expect(cancelled.status == "cancelled", f"cancelled and {cancelled.status}")


def _is_told_alike(ground: Ground, booked: Booking, once: str, accepted: tuple[str, ...]) -> None:
    expect(booked.status == "confirmed", f"booked and {booked.status}")
    again = ground.flatbed.book(booked.booking_id, accepted=accepted, once=once)
    expect(again == booked, "the same request was answered otherwise")
    expect(ground.flatbed.booking(booked.booking_id) == booked, "read otherwise than answered")
    listed = list(ground.flatbed.bookings(order_ref=booked.order_ref, status=["confirmed"]))
    expect(listed == [booked], "listed otherwise than answered")
    answer = ground.send("GET", f"/v1/bookings/{booked.booking_id}")
    expect(answer.headers.get("ETag") == f'"{booked.seq}"', "the ETag is not its seq")
    expect(bool(ground.flatbed.certificate(booked.booking_id)["kept"]), "no route keeps it")
    kinds = [line["type"] for line in ground.flatbed.history(booked.booking_id)]
    expect(kinds[:2] == ["held", "confirmed"], f"the ledger tells {kinds}")
