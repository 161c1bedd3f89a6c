"""The relay: claims what is due, sends it with several senders, and writes down what became of it.

Any number of relays may run on one PostgreSQL; on SQLite one runs inside the server. Nothing that a
relay keeps in memory matters: one that is killed is continued by the next, after a lease.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from random import Random

from sqlalchemy.exc import DBAPIError

from api.events.lanes import Waiting
from api.events.relay.claims import Claim, Settlement, claim_lanes, due_endpoints, settle
from api.events.relay.policy import RelayPolicy
from api.events.relay.sending import Outcome, Sender
from api.events.relay.signing import signed
from api.events.relay.targets import WebhookUrlRefused, read_target
from api.events.sequencing import sequence, waiting
from api.events.signing_secrets import opened
from api.kit.batches import Batches
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.keyring import Keyring, SealBroken

_LOG = logging.getLogger(__name__)


class Relay:
    """Carries events to endpoints until it is told to stop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: Keyring,
        sender: Sender,
        *,
        policy: RelayPolicy,
        allow_loopback: bool = False,
        luck: Random | None = None,
    ) -> None:
        """`luck` spreads retries; it decides nothing else."""
        self._database = database
        self._clock = clock
        self._keyring = keyring
        self._sender = sender
        self._policy = policy
        self._allow_loopback = allow_loopback
        self._luck = luck or Random()
        self._carried: Counter[str] = Counter()
        self._guard = threading.Lock()
        self._free = threading.Event()
        self._stopping = threading.Event()
        # Those that finish at the same time share a transaction.
        self._desk: Batches[Settlement, Waiting | None] = Batches(self._settle, most=64)

    def run(self, stop: threading.Event) -> None:
        """Carry events until `stop` is set; what is being sent then is finished and written down.

        A database that is away for a while is waited for.
        """
        idle_s = self._policy.idle.total_seconds()
        self._stopping = stop
        with ThreadPoolExecutor(self._policy.senders, thread_name_prefix="webhooks") as senders:
            while not stop.is_set():
                self._free.clear()
                try:
                    busy = self.start_round(senders)
                except DBAPIError:
                    _LOG.exception("the relay cannot read what is due; it tries again")
                    busy = 0
                if not busy:
                    # A sender that becomes free may find more; else look again after a while.
                    self._free.wait(idle_s)

    def start_round(self, senders: Executor) -> int:
        """Give the next places in the feed, claim what is due and hand it to senders; return how
        many lanes were claimed."""
        with self._database.reading() as connection:
            unplaced = waiting(connection)
        if unplaced:
            with self._database.writing() as connection:
                sequence(connection, self._clock.now())
        claims = self._claim()
        for claim in claims:
            senders.submit(self._carry, claim)
        return len(claims)

    def _claim(self) -> list[Claim]:
        now = self._clock.now()
        with self._database.reading() as connection:
            endpoints = due_endpoints(connection, now)
        claims: list[Claim] = []
        for endpoint_id in endpoints:
            with self._guard:
                room = min(
                    self._policy.senders - self._carried.total(),
                    self._policy.per_endpoint - self._carried[endpoint_id],
                )
            if room <= 0:
                continue
            with self._database.writing() as connection:
                found = claim_lanes(
                    connection,
                    endpoint_id,
                    now=now,
                    policy=self._policy,
                    most=room,
                    token=secrets.token_hex(16),
                )
            with self._guard:
                self._carried[endpoint_id] += len(found)
            claims += found
        return claims

    def _carry(self, claim: Claim) -> None:
        """Carry a claimed lane: one event after the other, each written down before the next."""
        try:
            event: Waiting | None = claim.head
            left = self._policy.in_a_row
            while event is not None:
                left -= 1
                outcome = self._send(claim, event)
                said = Settlement(
                    claim=claim,
                    sent=event,
                    outcome=outcome,
                    luck=self._luck.random(),
                    go_on=left > 0 and not self._stopping.is_set(),
                )
                event = self._desk.carry("gone" if outcome.gone else "told", said)
        except DBAPIError:
            _LOG.exception("what became of an event is not written down: it will be sent again")
        finally:
            with self._guard:
                self._carried[claim.endpoint_id] -= 1
            self._free.set()

    def _send(self, claim: Claim, event: Waiting) -> Outcome:
        try:
            target = read_target(claim.url, allow_loopback=self._allow_loopback)
            live = [opened(self._keyring, claim.endpoint_id, sealed) for sealed in claim.sealed]
        except (WebhookUrlRefused, SealBroken) as error:
            # Settings changed since it was registered: it waits like for any other outage.
            return Outcome(error=str(error)[:200])
        headers = signed(event.event_id, event.body, live_secrets=live, now=self._clock.now())
        return self._sender.send(target, headers, event.body.encode())

    def _settle(self, _: str, said: Sequence[Settlement]) -> Sequence[Waiting | None]:
        with self._database.writing() as connection:
            return settle(connection, said, now=self._clock.now(), policy=self._policy)
