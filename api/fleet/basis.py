"""Bases in the database: every process knows what a witness stands on, by the name in it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from api.fleet.pools import Pool, pool_day
from api.fleet.roads import RoadBook
from api.fleet.tables import BASIS
from api.kit.canonical import canonical, digest, parsed
from api.kit.db import Database
from routing.domain.request import PlanRequest
from routing.errors import UnknownBasis
from routing.plan_json import heard, tell
from routing.slots.basis import Basis
from routing.witness import Witness

KEPT: Final = 512
"""Bases in memory: some 100 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBasis:
    """What a pool-day stands on, written down. `id` names everything that is in it."""

    id: str
    pool: str
    request: PlanRequest
    body: str


def basis_of(
    tenant_id: str, request: PlanRequest, pool: Pool, *, roads: RoadBook, name: str = ""
) -> NewBasis:
    """Write down what a pool stands on that day. Same fleet, same roads, same id.

    `name` is that of the pool, where it has another than its first warehouse gives it now.
    """
    its = pool_day(request, pool)
    told = {"request": tell(its), "roads": roads.digest}
    return NewBasis(
        id=digest({"tenant": tenant_id, "pool": name or pool.id, **told}),
        pool=name or pool.id,
        request=its,
        body=canonical(told),
    )


def keep_basis(connection: Connection, tenant_id: str, basis: NewBasis, *, now: datetime) -> None:
    """Write a basis, if it is not there yet."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(BASIS)
        .values(
            id=basis.id,
            tenant_id=tenant_id,
            pool_id=basis.pool,
            day=basis.request.day,
            body=basis.body,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


class StoredBases:
    """Hands out bases to the judge. For several threads."""

    def __init__(self, database: Database, roads: RoadBook) -> None:
        self._database = database
        self._roads = roads
        self._known: OrderedDict[str, Basis] = OrderedDict()
        self._lock = Lock()

    def of(self, witness: Witness) -> Basis:
        """Find the basis of a pool-day.

        Raises:
            UnknownBasis: it is not in the database.
        """
        return self.named(witness.basis)

    def named(self, basis_id: str) -> Basis:
        """Find a basis by its name.

        Raises:
            UnknownBasis: it is not in the database.
        """
        with self._lock:
            known = self._known.get(basis_id)
            if known is not None:
                self._known.move_to_end(basis_id)
                return known
        with self._database.reading() as connection:
            body = connection.scalar(select(BASIS.c.body).where(BASIS.c.id == basis_id))
        if body is None:
            raise UnknownBasis(f"nobody has written basis {basis_id!r} down")
        request = heard(parsed(body)["request"], PlanRequest, f"basis {basis_id}")
        with self._lock:
            basis = self._known.setdefault(basis_id, Basis(request=request, roads=self._roads))
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return basis
