"""What a receiver relies on: the feed, and endpoints that cannot point inside."""

from __future__ import annotations

from collections import defaultdict

from api.client import Endpoint, Event, Problem
from api.conformance.ground import Ground, Skipped, expect, refused_with

NOWHERE = "https://conformance.invalid/events"


def the_feed_tells_what_was_answered(ground: Ground) -> None:
    """An event of what was just done is there at once, after the cursor of before."""
    cursor = _end(ground)
    held = ground.held()
    ground.flatbed.release(held.hold_id)
    page = ground.flatbed.events(cursor)
    mine = [each for each in page.events if each.data.get("booking_id") == held.hold_id]
    expect([each.type for each in mine] == ["hold.released.v1"], "the feed does not tell of it")
    expect(mine[0].stream == held.order_ref, "its stream is not the order")
    again = ground.flatbed.events(cursor)
    expect(again.events[: len(page.events)] == page.events, "a cursor read twice tells otherwise")


def the_feed_has_no_gaps(ground: Ground) -> None:
    """Within a stream seq counts up by one, and ids are never used twice."""
    seqs: dict[str, list[int]] = defaultdict(list)
    ids: set[str] = set()
    for event in _all_events(ground):
        seqs[event.stream].append(event.seq)
        expect(event.id not in ids, f"id {event.id} is used twice")
        ids.add(event.id)
    for stream, found in seqs.items():
        counted = list(range(found[0], found[0] + len(found)))
        expect(found == counted, f"stream {stream} counts {found[:20]}")


def endpoints_cannot_point_inside(ground: Ground) -> None:
    """Neither without TLS nor at an address that is not public."""
    _may_register(ground)
    for url in (
        "http://orders.invalid/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://user:password@orders.invalid/",
    ):
        refused_with(lambda: ground.flatbed.register_webhook(url), "webhook-url-refused")  # noqa: B023  # called at once


def an_endpoint_is_registered_once(ground: Ground) -> None:
    """Its secret is shown once, replaced on demand; a repetition is refused; deleted it is gone."""
    made = _may_register(ground)
    flatbed = ground.flatbed
    try:
        expect(made.secret.startswith("whsec_"), "the secret is not one of the standard's form")
        refused_with(lambda: flatbed.register_webhook(NOWHERE), "webhook-endpoint-exists")
        expect(all(not each.secret for each in flatbed.webhooks()), "a list shows secrets")
        expect(flatbed.rotate_webhook_secret(made.endpoint_id) != made.secret, "not replaced")
        expect(not flatbed.test_webhook(made.endpoint_id).delivered, "nobody took the test")
    finally:
        flatbed.delete_webhook(made.endpoint_id)
    refused_with(
        lambda: flatbed.rotate_webhook_secret(made.endpoint_id), "webhook-endpoint-not-found"
    )


def _may_register(ground: Ground) -> Endpoint:
    """Register an endpoint that leads nowhere, in the place of one that a broken run has left."""
    for _ in range(2):
        try:
            return ground.flatbed.register_webhook(NOWHERE, description="conformance")
        except Problem as problem:
            if problem.code == "scope-missing":
                raise Skipped("the key has no scope admin") from problem
            if problem.code != "webhook-endpoint-exists":
                raise
            ground.flatbed.delete_webhook(str(problem.told["endpoint_id"]))
    raise Skipped("somebody else registers the same endpoint at this moment")


def _all_events(ground: Ground) -> list[Event]:
    events: list[Event] = []
    cursor = ""
    while True:
        page = ground.flatbed.events(cursor, limit=500)
        events += page.events
        cursor = page.next_cursor
        if not page.more:
            return events


def _end(ground: Ground) -> str:
    cursor = ""
    while True:
        page = ground.flatbed.events(cursor, limit=500)
        cursor = page.next_cursor
        if not page.more:
            return cursor
