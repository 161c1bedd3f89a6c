"""The relay, its receivers in the test's hand: order, retries, dead letters, claims."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.events.errors import DeliveryUnderWay, UnknownDelivery
from api.events.relay.policy import STANDARD_WAITS, RelayPolicy
from api.events.relay.sending import Outcome
from api.kit.db import Database
from tests.api.events.offices import POLICY, Inline, Office, office_at
from tests.api.slots.books import TENANT

NO = Outcome(status=500)


class Dead(Inline):
    """Claims lanes and never carries them."""

    def submit(self, fn: object, /, *args: object, **kwargs: object) -> None:  # type: ignore[override]  # nobody waits for it
        return None


@pytest.fixture
def office(database: Database) -> Office:
    return office_at(database)


def test_every_endpoint_gets_the_events_of_its_tenant_in_order(office: Office) -> None:
    """Two endpoints, two orders; another tenant's events go to neither."""
    office.register()
    office.register("https://erp.example/")
    office.emit("A", "B", "A")
    office.emit("A", tenant="other")
    office.round()
    assert sorted(office.post.told()) == 2 * [("A", 1)] + 2 * [("A", 2)] + 2 * [("B", 1)]
    for host in ("orders.example", "erp.example"):
        its = [
            m["seq"] for t, _, m in office.post.attempts if t.host == host and m["stream"] == "A"
        ]
        assert its == [1, 2]


def test_an_endpoint_hears_only_what_came_after_it_and_what_it_asked_for(office: Office) -> None:
    """Registering is not a replay; the feed is."""
    office.emit("A")
    office.round()
    office.register(topics=["booking.confirmed.v1"])
    office.emit("A")
    office.emit("A", topic="booking.confirmed.v1")
    office.round()
    assert office.post.told() == [("A", 3)]


def test_a_failure_holds_up_its_own_order_alone(office: Office) -> None:
    """A receiver that cannot take one order's event gets the other orders' meanwhile."""
    office.register()
    office.post.answer = lambda m: NO if m["stream"] == "A" else Outcome(status=204)
    office.emit("A", "A", "B", "B")
    office.round()
    assert sorted(office.post.told()) == [("A", 1), ("B", 1), ("B", 2)]


def test_retries_follow_the_schedule_and_end(office: Office) -> None:
    """Ten attempts over three days; then a dead letter, and the next event of the order goes on."""
    endpoint = office.register()
    office.post.answer = lambda m: NO if m["seq"] == 1 else Outcome(status=200)
    office.emit("A", "A")
    office.round()
    for attempts, wait in enumerate(STANDARD_WAITS, start=1):
        assert len(office.post.attempts) == attempts
        office.clock.turn(wait - timedelta(seconds=1))
        office.round()
        assert len(office.post.attempts) == attempts, "too early"
        office.clock.turn(timedelta(seconds=1))
        office.round()
    assert office.post.told() == 10 * [("A", 1)] + [("A", 2)]
    assert office.service.counts(TENANT, endpoint.id) == {"due": 0, "delivered": 1, "dead": 1}


def test_a_repetition_is_the_same_message_under_the_same_id(office: Office) -> None:
    """A receiver knows by the id that it has seen an event."""
    office.register()
    office.post.answer = lambda _: NO
    office.emit("A")
    office.round()
    office.clock.turn(timedelta(minutes=1))
    office.round()
    (_, first, told), (_, second, again) = office.post.attempts
    assert (first["webhook-id"], told) == (second["webhook-id"], again)
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


def test_retry_after_is_heard(office: Office) -> None:
    """A receiver that asks for an hour gets an hour, though the schedule says five seconds."""
    office.register()
    office.post.answer = lambda _: Outcome(status=503, retry_after=timedelta(hours=1))
    office.emit("A")
    office.round()
    office.clock.turn(timedelta(minutes=59))
    office.round()
    assert len(office.post.attempts) == 1
    office.clock.turn(timedelta(minutes=1))
    office.round()
    assert len(office.post.attempts) == 2


def test_gone_disables_and_what_collects_is_delivered_in_order_afterwards(office: Office) -> None:
    """410 says: nothing more. Its owner may change their mind, and then nothing is missing."""
    endpoint = office.register()
    office.post.answer = lambda _: Outcome(status=410)
    office.emit("A", "A")
    office.round()
    office.emit("A", "B")
    office.clock.turn(timedelta(days=1))
    office.round()
    assert office.post.told() == [("A", 1)]
    stopped = office.service.endpoint(TENANT, endpoint.id)
    assert (stopped.status, stopped.disabled_because) == (
        "disabled",
        "the receiver answered 410 Gone",
    )
    office.post.answer = lambda _: Outcome(status=200)
    office.post.attempts.clear()
    office.service.change(TENANT, endpoint.id, active=True)
    office.round()
    assert sorted(office.post.told()) == [("A", 1), ("A", 2), ("A", 3), ("B", 1)]


def test_a_lost_claim_repeats_and_never_overtakes(office: Office) -> None:
    """A relay that hangs loses its claim; what it says afterwards counts for nothing."""
    office.register()
    office.emit("A", "A")
    other = office_at(office.database, clock=office.clock)

    def hang(message: object) -> Outcome:
        office.post.answer = lambda _: Outcome(status=200)
        office.clock.turn(POLICY.lease)
        other.round()  # takes the lane over and delivers both
        return Outcome(status=500)

    office.post.answer = hang
    office.round()
    assert office.post.told() == [("A", 1)]
    assert other.post.told() == [("A", 1), ("A", 2)]
    office.clock.turn(timedelta(days=4))
    office.round()
    assert office.post.told() == [("A", 1)], "the late 500 reopened what was delivered"


def test_a_lost_claim_goes_no_further(office: Office) -> None:
    """Whoever lost the lane does not send its next event either: the new owner does."""
    office.register()
    office.emit("A", "A")
    other = office_at(office.database, clock=office.clock)

    def hang(_: object) -> Outcome:
        office.clock.turn(POLICY.lease)
        other.relay.start_round(Dead())
        return Outcome(status=200)

    office.post.answer = hang
    office.round()
    assert office.post.told() == [("A", 1)]


def test_a_new_event_does_not_hurry_a_retry(office: Office) -> None:
    """A receiver in trouble is not asked at every event of the order."""
    office.register()
    office.post.answer = lambda _: NO
    office.emit("A")
    office.round()
    office.emit("A")
    office.round()
    assert office.post.told() == [("A", 1)]


def test_a_claimed_lane_is_nobody_elses(office: Office) -> None:
    """Until the lease ends another relay leaves it alone."""
    office.register()
    office.emit("A")
    other = office_at(office.database, clock=office.clock)

    def meanwhile(_: object) -> Outcome:
        other.round()
        return Outcome(status=200)

    office.post.answer = meanwhile
    office.round()
    assert (len(office.post.attempts), other.post.attempts) == (1, [])


def test_a_relay_that_dies_before_it_sends_is_continued(office: Office) -> None:
    """Claimed and never settled: the next relay begins after the lease."""
    office.register()
    office.emit("A")

    office.relay.start_round(Dead())
    other = office_at(office.database, clock=office.clock)
    other.round()
    assert other.post.told() == []
    office.clock.turn(POLICY.lease)
    other.round()
    assert other.post.told() == [("A", 1)]


def test_a_slow_endpoint_does_not_take_every_sender(database: Database) -> None:
    """At most so many orders of one endpoint are claimed at once; others have room."""
    office = office_at(database, policy=RelayPolicy(senders=3, per_endpoint=2, jitter=0.0))
    slow, quick = office.register(), office.register("https://quick.example/")
    office.emit("A", "B", "C", "D")

    class Later(Inline):
        waits: list[str] = []  # noqa: RUF012  # one test's list

        def submit(self, fn: object, /, *args: object, **kwargs: object) -> None:  # type: ignore[override]  # keeps the lane in hand
            self.waits.append(args[0].endpoint_id)  # type: ignore[attr-defined]

    hands = Later()
    office.relay.start_round(hands)
    office.relay.start_round(hands)
    assert sorted(hands.waits) in (
        sorted([slow.id, slow.id, quick.id]),
        sorted([slow.id, quick.id, quick.id]),
    )


def test_a_long_lane_gives_way(database: Database) -> None:
    """An order with many events does not keep a sender for ever, and loses nothing by it."""
    office = office_at(database, policy=RelayPolicy(in_a_row=2, jitter=0.0))
    office.register()
    office.emit(*("A" for _ in range(5)), "B")
    office.round()
    assert [seq for stream, seq in office.post.told() if stream == "A"] == [1, 2, 3, 4, 5]
    assert office.post.told().index(("B", 1)) < 5


def test_a_dead_letter_is_replayed_beside_its_order(office: Office) -> None:
    """It is sent anew with ten fresh attempts, and holds up nothing that came after it."""
    endpoint = office.register()
    office.post.answer = lambda m: NO if m["seq"] == 1 else Outcome(status=200)
    office.emit("A")
    office.round()
    for wait in STANDARD_WAITS:
        office.clock.turn(wait)
        office.round()
    (dead,) = office.service.deliveries(TENANT, endpoint.id, status="dead", most=10)
    office.post.attempts.clear()
    assert office.service.replay_dead(TENANT, endpoint.id) == 1
    with pytest.raises(DeliveryUnderWay):
        office.service.replay(TENANT, endpoint.id, dead.event_id)
    office.emit("A")
    office.round()
    assert sorted(office.post.told()) == [("A", 1), ("A", 2)]
    office.post.answer = lambda _: Outcome(status=200)
    office.clock.turn(timedelta(seconds=5))
    office.round()
    assert office.service.counts(TENANT, endpoint.id) == {"due": 0, "delivered": 2, "dead": 0}
    office.service.replay(TENANT, endpoint.id, dead.event_id)
    office.round()
    assert office.post.told()[-1] == ("A", 1), "what was delivered can be sent again, too"
    with pytest.raises(UnknownDelivery):
        office.service.replay(TENANT, endpoint.id, "evt_never")


def test_a_deleted_endpoint_gets_nothing_more(office: Office) -> None:
    """Not even what was on its way."""
    endpoint = office.register()
    office.post.answer = lambda _: NO
    office.emit("A", "B")
    office.round()
    office.service.delete(TENANT, endpoint.id)
    office.post.attempts.clear()
    office.clock.turn(timedelta(days=1))
    office.emit("A")
    office.round()
    assert office.post.attempts == []


def test_a_stopped_relay_leaves_its_lanes_to_the_next_at_once(office: Office) -> None:
    """Shutting down finishes the event in hand and waits for no lease."""
    office.register()
    office.emit("A", "A")

    def stop(_: object) -> Outcome:
        office.relay._stopping.set()
        return Outcome(status=200)

    office.post.answer = stop
    assert office.relay.start_round(Inline()) == 1
    assert office.post.told() == [("A", 1)]
    other = office_at(office.database, clock=office.clock)
    other.round()
    assert other.post.told() == [("A", 2)]
