"""Claims: a relay takes a lane for the length of a lease, and says what became of its events.

A claim that ran out is anybody's: the next relay sends the same event again, and what the first one
says afterwards counts for nothing. So an event may arrive twice, and never before the one ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from api.events.lanes import Waiting, disable, head_of, set_lane
from api.events.relay.policy import RelayPolicy
from api.events.relay.sending import Outcome
from api.events.signing_secrets import sealed_secrets
from api.events.tables import DELIVERY, LANE, WEBHOOK_ENDPOINT
from api.kit.db import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A lane in the hands of one relay. `sealed` are the live secrets, newest first."""

    endpoint_id: str
    lane: str
    token: str
    url: str
    sealed: tuple[str, ...]
    head: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of an event of a claimed lane. `go_on` is false where another lane has its turn
    even if this one has more."""

    claim: Claim
    sent: Waiting
    outcome: Outcome
    luck: float
    go_on: bool = True


def due_endpoints(connection: Connection, now: datetime) -> Sequence[str]:
    """List the endpoints that have a lane to be carried, the longest waiting first."""
    return connection.execute(_DUE, {"now": now}).scalars().all()


def claim_lanes(
    connection: Connection,
    endpoint_id: str,
    *,
    now: datetime,
    policy: RelayPolicy,
    most: int,
    token: str,
) -> list[Claim]:
    """Claim lanes of one endpoint that nobody holds, the longest waiting first."""
    rows = connection.execute(
        _CLAIMABLE, {"its_endpoint": endpoint_id, "now": now, "most": most}
    ).all()
    if not rows:
        return []
    sealed = sealed_secrets(connection, endpoint_id, now)
    claims = []
    for row in rows:
        head = head_of(connection, endpoint_id, row.lane)
        if head is None:
            # Its events were deleted for their age while it slept.
            set_lane(connection, endpoint_id, row.lane, due_at=None, claim="")
            continue
        set_lane(connection, endpoint_id, row.lane, due_at=now + policy.lease, claim=token)
        claims.append(
            Claim(
                endpoint_id=endpoint_id,
                lane=row.lane,
                token=token,
                url=row.url,
                sealed=sealed,
                head=head,
            )
        )
    return claims


def settle(
    connection: Connection,
    settlements: Sequence[Settlement],
    *,
    now: datetime,
    policy: RelayPolicy,
) -> list[Waiting | None]:
    """Write down what became of events; give for each the one to send next under the same claim, if
    there is one. Where an endpoint is gone, nothing else is settled in the same transaction: it
    locks all lanes of an endpoint."""
    nexts: dict[int, Waiting | None] = {}
    for index, each in sorted(enumerate(settlements), key=_place):
        nexts[index] = _settle(connection, each, now=now, policy=policy)
    return [nexts[index] for index in range(len(settlements))]


def _place(numbered: tuple[int, Settlement]) -> tuple[str, str]:
    return numbered[1].claim.endpoint_id, numbered[1].claim.lane


def _settle(
    connection: Connection, said: Settlement, *, now: datetime, policy: RelayPolicy
) -> Waiting | None:
    claim, outcome = said.claim, said.outcome
    attempts = said.sent.attempts + 1
    if outcome.gone:
        _write(connection, said, "due", attempts, now)
        disable(connection, claim.endpoint_id, "the receiver answered 410 Gone")
        return None
    mine = {
        "its_endpoint": claim.endpoint_id,
        "its_lane": claim.lane,
        "its_claim": claim.token,
    }
    if connection.execute(_LOCK_MINE, mine).first() is None:
        return None
    wait = None
    if not outcome.delivered:
        wait = policy.wait_after(attempts, luck=said.luck, asked=outcome.retry_after)
    status = "delivered" if outcome.delivered else "due" if wait else "dead"
    _write(connection, said, status, attempts, now)
    if wait:
        set_lane(connection, claim.endpoint_id, claim.lane, due_at=now + wait, claim="")
        return None
    head = head_of(connection, claim.endpoint_id, claim.lane)
    if head is not None and said.go_on:
        until = now + policy.lease
        set_lane(connection, claim.endpoint_id, claim.lane, due_at=until, claim=claim.token)
        return head
    due_at = now if head else None
    set_lane(connection, claim.endpoint_id, claim.lane, due_at=due_at, claim="")
    return None


def _write(
    connection: Connection, said: Settlement, status: str, attempts: int, now: datetime
) -> None:
    connection.execute(
        _SETTLE,
        {
            "its_endpoint": said.claim.endpoint_id,
            "its_outbox": said.sent.outbox_id,
            "now_status": status,
            "now_attempts": attempts,
            "now_last_status": said.outcome.status,
            "now_last_error": said.outcome.error,
            "now_at": now,
        },
    )


_NOW: Final = bindparam("now", type_=Moment)
_longest: Final = (
    select(func.min(LANE.c.due_at))
    .where(LANE.c.endpoint_id == WEBHOOK_ENDPOINT.c.id)
    .scalar_subquery()
)
_DUE: Final = (
    select(WEBHOOK_ENDPOINT.c.id)
    .where(WEBHOOK_ENDPOINT.c.status == "active", _longest <= _NOW)
    .order_by(_longest)
)
_CLAIMABLE: Final = (
    select(LANE.c.lane, WEBHOOK_ENDPOINT.c.url)
    .join(WEBHOOK_ENDPOINT)
    .where(
        LANE.c.endpoint_id == bindparam("its_endpoint"),
        LANE.c.due_at <= _NOW,
        WEBHOOK_ENDPOINT.c.status == "active",
    )
    .order_by(LANE.c.due_at)
    .limit(bindparam("most"))
    # Another relay that claims at this moment takes others: nobody waits.
    .with_for_update(of=LANE, skip_locked=True)
)
_LOCK_MINE: Final = (
    update(LANE)
    .where(
        LANE.c.endpoint_id == bindparam("its_endpoint"),
        LANE.c.lane == bindparam("its_lane"),
        LANE.c.claim == bindparam("its_claim"),
    )
    .values(claim=bindparam("its_claim"))
    .returning(LANE.c.lane)
)
_SETTLE: Final = (
    update(DELIVERY)
    .where(
        DELIVERY.c.endpoint_id == bindparam("its_endpoint"),
        DELIVERY.c.outbox_id == bindparam("its_outbox"),
        # A settlement under a lost claim must not undo what was delivered meanwhile.
        DELIVERY.c.status == "due",
    )
    .values(
        status=bindparam("now_status"),
        attempts=bindparam("now_attempts"),
        last_status=bindparam("now_last_status"),
        last_error=bindparam("now_last_error"),
        at=bindparam("now_at"),
    )
)
