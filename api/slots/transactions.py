"""One request, one transaction: key and answer are written with the fact, or nothing is.

Refusals change nothing and are not stored (a hold's, decided under the lock, are): the same request
may be tried again with the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from api.kit.canonical import digest
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, Request, claim, settle
from api.slots.cache import WitnessCache
from api.slots.retrying import answering
from api.slots.unit import Actor, Unit, unit_of_work


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, under which idempotency key. The tenant comes from the API key alone."""

    tenant_id: str
    client_id: str
    key: str
    request_id: str = ""

    @property
    def actor(self) -> Actor:
        """How the ledger remembers the caller."""
        return Actor(name=self.client_id, request_id=self.request_id)


class Transactions:
    """Opens the transactions of one process."""

    def __init__(self, database: Database, clock: Clock, cache: WitnessCache) -> None:
        self._database = database
        self._clock = clock
        self._cache = cache

    def answer(
        self,
        caller: Caller,
        route: str,
        asked: Mapping[str, object],
        work: Callable[[Unit], Answer],
    ) -> Answer:
        """Carry out a request once, or give the answer that it got before."""
        request = request_of(caller, route, asked)

        def once() -> Answer:
            with self.unit(caller.actor) as unit:
                before = claim(unit.connection, request, unit.now)
                if before is not None:
                    return before
                answer = work(unit)
                settle(unit.connection, request, answer)
            return answer

        return answering(once)

    @contextmanager
    def unit(self, actor: Actor) -> Iterator[Unit]:
        """Open one transaction on the book."""
        with unit_of_work(self._database, self._cache, clock=self._clock, actor=actor) as unit:
            yield unit


def request_of(caller: Caller, route: str, asked: Mapping[str, object]) -> Request:
    """Say which request this is; two tenants may call a client alike."""
    return Request(
        client_id=f"{caller.tenant_id}/{caller.client_id}",
        key=caller.key,
        route=route,
        digest=digest(asked),
    )
