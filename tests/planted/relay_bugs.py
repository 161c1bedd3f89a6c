"""Bugs of the relay, each a patch of one place, and what in the suite must notice it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Row, bindparam, select, update

from api.events import catalogue, feed, lanes, service, signing_secrets, store
from api.events.catalogue import EventType
from api.events.relay import addresses, claims, policy, relay, sending, signing
from api.events.tables import LANE, OUTBOX, WEBHOOK_ENDPOINT
from api.kit.clock import CHINA
from api.kit.db import Database
from api.kit.ids import new_id
from api.kit.keyring import Keyring
from tests.api.events import (
    test_addresses,
    test_catalogue,
    test_feed,
    test_relay,
    test_sending,
    test_service,
    test_signing,
)
from tests.api.events.offices import Office, office_at
from tests.planted.book_bugs import BookBug, Trial
from tests.planted.plants import Plant, answers, instead


def story(told: Callable[[Office], None]) -> Trial:
    """A test of the relay, the feed or the service on an office like its own."""
    return lambda database, _: told(office_at(database))


def with_database(told: Callable[[Database], None]) -> Trial:
    """A test that makes its own office."""
    return lambda database, _: told(database)


def alone(told: Callable[[], None]) -> Trial:
    """A test that needs no database."""
    return lambda _, __: told()


def statement(owner: object, name: str, change: Callable[[object], object]) -> Plant:
    """Change a statement that was built once."""
    return lambda patch: patch.setattr(owner, name, change(getattr(owner, name)))


def _hurries(patch: pytest.MonkeyPatch) -> None:
    def wake(connection: Connection, endpoint_id: str, lane: str, due_at: object) -> None:
        sound(connection, endpoint_id, lane, due_at)
        connection.execute(
            update(LANE)
            .where(LANE.c.endpoint_id == endpoint_id, LANE.c.lane == lane)
            .values(due_at=due_at)
        )

    from api.events import sequencing

    sound = lanes.wake_lane
    patch.setattr(sequencing, "wake_lane", wake)


def _newest_first(query: object) -> object:
    return query.order_by(None).order_by(lanes.DELIVERY.c.outbox_id.desc())  # type: ignore[attr-defined]


def _feed_by_number(connection: Connection, tenant_id: str, after: int, most: int) -> feed.FeedPage:
    rows = connection.execute(
        select(OUTBOX).where(OUTBOX.c.tenant_id == tenant_id, OUTBOX.c.id > after)
    ).all()
    told = [{"stream": row.stream, "seq": row.seq} for row in rows]
    return feed.FeedPage(
        events=told, position=max((row.id for row in rows), default=after), more=False
    )


def _connects_by_name(patch: pytest.MonkeyPatch) -> None:
    sound = sending._CheckedBackend.connect_tcp

    def connect(self: sending._CheckedBackend, host: str, *rest: object, **named: object) -> object:
        self._resolve(host, 0)  # checked, and then asked again
        return sound(self, host, *rest, **named)  # type: ignore[arg-type]

    patch.setattr(sending._CheckedBackend, "connect_tcp", connect)


def _unsealed(self: Keyring, purpose: str, plain: bytes, *, about: str) -> str:
    return plain.decode()


def _any_tenant(
    connection: Connection, tenant_id: str, endpoint_id: str, *, lock: bool = False
) -> store.Endpoint:
    query = select(WEBHOOK_ENDPOINT).where(WEBHOOK_ENDPOINT.c.id == endpoint_id)
    return store._endpoint(connection.execute(query).one())


def _never_expires(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signing_secrets, "OVERLAP", timedelta(days=365))


def _any_claim(patch: pytest.MonkeyPatch) -> None:
    lane = (
        LANE.c.endpoint_id == bindparam("its_endpoint"),
        LANE.c.lane == bindparam("its_lane"),
    )
    anybody = update(LANE).where(*lane).values(claim=bindparam("its_claim"))
    patch.setattr(claims, "_LOCK_MINE", anybody.returning(LANE.c.lane))


def _ids_without_moment(event: Row[object]) -> str:
    return f"evt_{event.tenant_id}-{event.stream}-{event.seq}"


def _everything_is_sent(self: EventType, payload: object) -> object:
    return payload


def _gone_for_nobody(connection: Connection, endpoint_id: str, because: str) -> None:
    """Takes a 410 for a failure without consequences."""


def _sleepless(connection: Connection, endpoint_id: str, now: object) -> None:
    """Wakes nothing."""


def _signed_anew(event_id: str, body: str, *, live_secrets: Sequence[str], now: object) -> object:
    return signing.signed(new_id("evt"), body, live_secrets=live_secrets, now=now)  # type: ignore[arg-type]


RELAY_BUGS = (
    BookBug(
        name="a-new-event-hurries-the-retry",
        plant=_hurries,
        trial=story(test_relay.test_a_new_event_does_not_hurry_a_retry),
    ),
    BookBug(
        name="newest-event-first",
        plant=statement(lanes, "_HEAD", _newest_first),
        trial=story(test_relay.test_every_endpoint_gets_the_events_of_its_tenant_in_order),
    ),
    BookBug(
        name="a-failure-is-skipped",
        plant=instead(policy.RelayPolicy, "wait_after", lambda *_, **__: None),
        trial=story(test_relay.test_a_failure_holds_up_its_own_order_alone),
    ),
    BookBug(
        name="dead-letters-never-die",
        plant=answers(policy.RelayPolicy, "wait_after", lambda wait: wait or timedelta(days=1)),
        trial=story(test_relay.test_retries_follow_the_schedule_and_end),
    ),
    BookBug(
        name="any-claim-counts",
        plant=_any_claim,
        trial=story(test_relay.test_a_lost_claim_goes_no_further),
    ),
    BookBug(
        name="gone-is-ignored",
        plant=instead(claims, "disable", _gone_for_nobody),
        trial=story(
            test_relay.test_gone_disables_and_what_collects_is_delivered_in_order_afterwards
        ),
    ),
    BookBug(
        name="enabled-and-still-asleep",
        plant=instead(service, "wake_all", _sleepless),
        trial=story(
            test_relay.test_gone_disables_and_what_collects_is_delivered_in_order_afterwards
        ),
    ),
    BookBug(
        name="a-replay-stands-in-the-way",
        plant=instead(service, "lane_of_replay", lambda _: "=A"),
        trial=story(test_relay.test_a_dead_letter_is_replayed_beside_its_order),
    ),
    BookBug(
        name="a-new-id-at-every-attempt",
        plant=instead(relay, "signed", _signed_anew),
        trial=story(test_relay.test_a_repetition_is_the_same_message_under_the_same_id),
    ),
    BookBug(
        name="one-endpoint-takes-all",
        plant=lambda patch: patch.setattr(
            policy.RelayPolicy,
            "__post_init__",
            lambda self: object.__setattr__(self, "per_endpoint", 99),
        ),
        trial=with_database(test_relay.test_a_slow_endpoint_does_not_take_every_sender),
    ),
    BookBug(
        name="feed-by-row-number",
        plant=instead(feed, "_read_page", _feed_by_number),
        trial=with_database(test_feed.test_a_late_commit_is_not_jumped_over),
        kind="postgresql",
    ),
    BookBug(
        name="ids-of-before-the-restore",
        plant=instead(feed, "event_id_of", _ids_without_moment),
        trial=story(test_feed.test_ids_tell_events_apart_after_a_restore),
    ),
    BookBug(
        name="redirects-count",
        plant=answers(sending, "_answered", lambda told: replace(told, status=200)),
        trial=alone(test_sending.test_redirects_are_not_followed),
    ),
    BookBug(
        name="a-name-is-asked-twice",
        plant=_connects_by_name,
        trial=alone(test_sending.test_a_name_is_resolved_once),
    ),
    BookBug(
        name="the-first-address-decides",
        plant=lambda patch: patch.setattr(
            sending,
            "may_be_told",
            lambda address, **named: address != "169.254.169.254",
        ),
        trial=alone(test_sending.test_a_name_that_leads_inside_is_not_connected_to),
    ),
    BookBug(
        name="mapped-addresses-are-public",
        plant=lambda patch: patch.setattr(addresses, "_PUBLIC_V6", addresses.IPv6Network("::/0")),
        trial=alone(lambda: test_addresses.test_inner_addresses_may_not("::ffff:10.0.0.1")),
    ),
    BookBug(
        name="wall-time-taken-for-utc",
        plant=lambda patch: patch.setattr(signing, "UTC", CHINA),
        trial=alone(test_signing.test_the_standards_library_verifies_them),
    ),
    BookBug(
        name="secrets-in-the-open",
        plant=instead(Keyring, "seal", _unsealed),
        trial=story(test_service.test_a_secret_is_shown_once_and_kept_sealed),
    ),
    BookBug(
        name="old-secrets-sign-for-ever",
        plant=_never_expires,
        trial=story(test_service.test_a_rotated_secret_and_the_one_before_both_sign_for_a_day),
    ),
    BookBug(
        name="endpoints-of-all-tenants",
        plant=instead(service, "find_endpoint", _any_tenant),
        trial=story(test_service.test_an_endpoint_of_another_tenant_is_not_there),
    ),
    BookBug(
        name="every-field-is-sent",
        plant=instead(catalogue.EventType, "published", _everything_is_sent),
        trial=with_database(test_catalogue.test_what_is_not_listed_is_not_sent),
    ),
)
