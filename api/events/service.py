"""Webhook endpoints as their owners see them: register, change, test, replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from api.events.catalogue import CATALOGUE, TEST_TOPIC
from api.events.errors import (
    DeliveryUnderWay,
    EndpointExists,
    TooManyEndpoints,
    TopicNotPublished,
)
from api.events.lanes import disable, lane_of_replay, wake_all, wake_lane
from api.events.relay.sending import Outcome, Sender
from api.events.relay.signing import signed
from api.events.relay.targets import read_target
from api.events.signing_secrets import add_secret, opened, sealed_secrets
from api.events.store import (
    Delivery,
    Endpoint,
    counts_of,
    dead_letters,
    delete_endpoint,
    deliveries_of,
    endpoints_of,
    find_delivery,
    find_endpoint,
    insert_endpoint,
    send_again,
    write_endpoint,
)
from api.kit.canonical import canonical
from api.kit.clock import Clock
from api.kit.db import Database, moment_text
from api.kit.ids import new_id
from api.kit.keyring import Keyring

ENDPOINTS_MAX: Final = 16
"""Of one tenant: every event is written once for each of them."""
REPLAYS_MAX: Final = 1_000
"""Dead letters that one request sends again."""


class WebhookService:
    """One process's door to webhook endpoints. Safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: Keyring,
        sender: Sender,
        *,
        allow_loopback: bool = False,
    ) -> None:
        """`allow_loopback` lets endpoints be on this machine and without TLS: for tests and
        demonstrations. `sender` carries test messages."""
        self._database = database
        self._clock = clock
        self._keyring = keyring
        self._sender = sender
        self._allow_loopback = allow_loopback

    def register(
        self, tenant_id: str, *, url: str, description: str = "", topics: Sequence[str] = ()
    ) -> tuple[Endpoint, str]:
        """Register an endpoint for what happens from now on; give it and its secret, this once.

        Raises:
            WebhookUrlRefused, TopicNotPublished, TooManyEndpoints, EndpointExists: it cannot be.
        """
        endpoint = Endpoint(
            id=new_id("endpoint"),
            tenant_id=tenant_id,
            url=self._checked(url),
            description=description,
            topics=_published(topics),
            status="active",
            disabled_because="",
            created_at=self._clock.now(),
        )
        with self._writing_urls() as connection:
            there = endpoints_of(connection, tenant_id)
            _refuse_second(there, endpoint)
            if len(there) >= ENDPOINTS_MAX:
                raise TooManyEndpoints(
                    f"a tenant has at most {ENDPOINTS_MAX} endpoints: delete one",
                    most=ENDPOINTS_MAX,
                )
            insert_endpoint(connection, endpoint)
            secret = add_secret(connection, self._keyring, endpoint.id, self._clock.now())
        return endpoint, secret

    def endpoints(self, tenant_id: str) -> list[Endpoint]:
        """List the endpoints of a tenant."""
        with self._database.reading() as connection:
            return endpoints_of(connection, tenant_id)

    def endpoint(self, tenant_id: str, endpoint_id: str) -> Endpoint:
        """Read one endpoint.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.reading() as connection:
            return find_endpoint(connection, tenant_id, endpoint_id)

    def change(
        self,
        tenant_id: str,
        endpoint_id: str,
        *,
        url: str | None = None,
        description: str | None = None,
        topics: Sequence[str] | None = None,
        active: bool | None = None,
    ) -> Endpoint:
        """Change what is given of an endpoint. One that is made active again gets, in order,
        everything that collected meanwhile.

        Raises:
            UnknownEndpoint, WebhookUrlRefused, TopicNotPublished, EndpointExists: it cannot be.
        """
        new_url = None if url is None else self._checked(url)
        new_topics = None if topics is None else _published(topics)
        with self._writing_urls() as connection:
            before = find_endpoint(connection, tenant_id, endpoint_id, lock=True)
            after = replace(
                before,
                url=before.url if new_url is None else new_url,
                description=before.description if description is None else description,
                topics=before.topics if new_topics is None else new_topics,
            )
            _refuse_second(endpoints_of(connection, tenant_id), after)
            write_endpoint(connection, after)
            if active is False and before.active:
                disable(connection, endpoint_id, "by its owner")
            elif active and not before.active:
                write_endpoint(connection, replace(after, status="active", disabled_because=""))
                wake_all(connection, endpoint_id, self._clock.now())
            return find_endpoint(connection, tenant_id, endpoint_id)

    def delete(self, tenant_id: str, endpoint_id: str) -> None:
        """Forget an endpoint and what was on its way to it.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.writing() as connection:
            find_endpoint(connection, tenant_id, endpoint_id, lock=True)
            delete_endpoint(connection, endpoint_id)

    def rotate(self, tenant_id: str, endpoint_id: str) -> str:
        """Give an endpoint a new secret; for a day the one before signs, too.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.writing() as connection:
            find_endpoint(connection, tenant_id, endpoint_id, lock=True)
            return add_secret(connection, self._keyring, endpoint_id, self._clock.now())

    def test(self, tenant_id: str, endpoint_id: str) -> Outcome:
        """Send a signed test message now and say what the receiver answered.

        Raises:
            UnknownEndpoint, WebhookUrlRefused: it cannot be.
        """
        now = self._clock.now()
        with self._database.reading() as connection:
            endpoint = find_endpoint(connection, tenant_id, endpoint_id)
            sealed = sealed_secrets(connection, endpoint_id, now)
        event_id = new_id("test")
        body = canonical(
            {
                "id": event_id,
                "type": TEST_TOPIC,
                "timestamp": moment_text(now),
                "data": {"endpoint_id": endpoint_id},
            }
        )
        live = [opened(self._keyring, endpoint_id, each) for each in sealed]
        return self._sender.send(
            read_target(endpoint.url, allow_loopback=self._allow_loopback),
            signed(event_id, body, live_secrets=live, now=now),
            body.encode(),
        )

    def counts(self, tenant_id: str, endpoint_id: str) -> Mapping[str, int]:
        """Count the deliveries to an endpoint by status.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.reading() as connection:
            find_endpoint(connection, tenant_id, endpoint_id)
            return counts_of(connection, endpoint_id)

    def deliveries(
        self, tenant_id: str, endpoint_id: str, *, status: str = "", before: int = 0, most: int
    ) -> list[Delivery]:
        """List deliveries to an endpoint, the newest event first.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.reading() as connection:
            find_endpoint(connection, tenant_id, endpoint_id)
            return deliveries_of(connection, endpoint_id, status=status, before=before, most=most)

    def replay(self, tenant_id: str, endpoint_id: str, event_id: str) -> None:
        """Send an event once more, beside those of its order that are on their way.

        Raises:
            UnknownEndpoint, UnknownDelivery: there is none such.
            DeliveryUnderWay: it has not yet arrived or died.
        """
        with self._database.writing() as connection:
            endpoint = find_endpoint(connection, tenant_id, endpoint_id, lock=True)
            found = find_delivery(connection, endpoint_id, event_id)
            if found.status == "due":
                raise DeliveryUnderWay(f"event {event_id} is on its way to {endpoint_id}")
            self._again(connection, endpoint, event_id)

    def replay_dead(self, tenant_id: str, endpoint_id: str) -> int:
        """Send the dead letters of an endpoint once more, the oldest first and at most
        `REPLAYS_MAX`; return how many those are.

        Raises:
            UnknownEndpoint: the tenant has none of that id.
        """
        with self._database.writing() as connection:
            endpoint = find_endpoint(connection, tenant_id, endpoint_id, lock=True)
            dead = dead_letters(connection, endpoint_id, REPLAYS_MAX)
            for event_id in sorted(dead):
                self._again(connection, endpoint, event_id)
            return len(dead)

    def _again(self, connection: Connection, endpoint: Endpoint, event_id: str) -> None:
        now = self._clock.now()
        lane = lane_of_replay(event_id)
        send_again(connection, endpoint.id, event_id, lane=lane, now=now)
        wake_lane(connection, endpoint.id, lane, now if endpoint.active else None)

    @contextmanager
    def _writing_urls(self) -> Iterator[Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except IntegrityError as error:
            raise EndpointExists("another request registers this URL at this moment") from error

    def _checked(self, url: str) -> str:
        read_target(url, allow_loopback=self._allow_loopback)
        return url


def _refuse_second(there: Sequence[Endpoint], endpoint: Endpoint) -> None:
    for each in there:
        if each.url == endpoint.url and each.id != endpoint.id:
            raise EndpointExists(
                f"endpoint {each.id} has this URL: change that one, or rotate its secret",
                endpoint_id=each.id,
            )


def _published(topics: Sequence[str]) -> tuple[str, ...]:
    strange = sorted(set(topics) - CATALOGUE.keys())
    if strange:
        raise TopicNotPublished(f"not in the catalogue: {', '.join(strange)}", topics=strange)
    return tuple(sorted(set(topics)))
