"""The whole API in a test: real application, real database, trucks on a plane, a clock by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import build_app
from api.errors import Refused
from api.fleet.roads import RoadBook
from api.keys.scopes import Scope
from api.kit.db import Database
from api.kit.keyring import Keyring
from api.plans.service import PlanDays
from api.settings import ServingSettings
from api.slots.transactions import Caller
from api.wiring import Land, Services, assemble
from geodata.errors import UnsnappedPlace
from geodata.travel import Roads
from routing.witness import Told
from tests.api.intake.days import FakeMap
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, TTL, HandClock
from tests.api.slots.plane import PlaneJudge, World

SETTINGS = ServingSettings(
    data_dir=Path("unused"),
    database_url="",
    secret_keys={},
    hold_ttl=TTL,
    offer_ttl=timedelta(minutes=10),
    requests_per_minute=1_000_000,
    live_holds_max=1_000,
    last_order=None,
    freeze=None,
    metrics_token="",
)


class NoSuchOrder(Refused):
    """The test has not written that order."""

    code = "test-order-unknown"
    status = 404


@dataclass(slots=True)
class PlaneOrders:
    """Orders on the plane, by tenant and name."""

    loads: dict[tuple[str, str], Told] = field(default_factory=dict)

    def put(self, order_ref: str, x: float = 10, y: float = 0, *, tenant: str = TENANT) -> None:
        self.loads[(tenant, order_ref)] = {"x": x, "y": y}

    def load(self, tenant_id: str, order_ref: str, day: date = DAY) -> Told:
        if (tenant_id, order_ref) not in self.loads:
            raise NoSuchOrder("there is no such order")
        return self.loads[(tenant_id, order_ref)]


@dataclass(slots=True, kw_only=True)
class Site:
    """A running API, and who may call it."""

    services: Services
    app: FastAPI
    clock: HandClock
    orders: PlaneOrders
    judge: PlaneJudge
    _keys: dict[tuple[str, str, frozenset[Scope]], str] = field(default_factory=dict)

    def key(
        self, tenant: str = TENANT, client: str = "shop", scopes: Collection[Scope] = tuple(Scope)
    ) -> str:
        """Give the text of a client's key; the same one for the same question."""
        asked = (tenant, client, frozenset(scopes))
        if asked not in self._keys:
            made = self.services.keys.create(tenant_id=tenant, client_id=client, scopes=scopes)
            self._keys[asked] = made.text
        return self._keys[asked]

    def client(
        self,
        tenant: str = TENANT,
        client: str = "shop",
        scopes: Collection[Scope] = tuple(Scope),
        headers: Mapping[str, str] | None = None,
    ) -> TestClient:
        """Give an HTTP client with a key. A fault of ours is an answer of 500 to it."""
        return TestClient(
            self.app,
            headers={
                "Authorization": f"Bearer {self.key(tenant, client, scopes)}",
                **(headers or {}),
            },
            raise_server_exceptions=False,
        )

    def stranger(self) -> TestClient:
        """Give an HTTP client without any key."""
        return TestClient(self.app, raise_server_exceptions=False)


def no_roads() -> Roads:
    """Nobody drives on real roads here."""
    raise UnsnappedPlace("a site on a plane has no roads")


def site_at(
    database: Database,
    world: World,
    *,
    settings: ServingSettings = SETTINGS,
    days: PlanDays | None = None,
) -> Site:
    """Build the API over an upgraded database and open two days for one tenant."""
    clock, orders, judge = HandClock(), PlaneOrders(), PlaneJudge({"world": world})
    services = assemble(
        settings,
        database=database,
        clock=clock,
        keyring=Keyring({"k1": b"1" * 32}, current="k1"),
        land=Land(locator=FakeMap(), roads=RoadBook(no_roads)),
        judge=judge,
        loads=orders,
        days=days,
    )
    site = Site(services=services, app=build_app(services), clock=clock, orders=orders, judge=judge)
    for number, day in enumerate((DAY, NEXT)):
        opener = Caller(tenant_id=TENANT, client_id="planner", key=f"open-{number}")
        opened = services.book.days.open_day(opener, pool=POOL, day=day, basis="world", routes={})
        assert opened.status == 201, opened
    return site
