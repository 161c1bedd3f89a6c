"""Things of one tenant, for tests that let another one ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from api.jobs import store as jobs
from api.kit.ids import new_id
from api.orders.row_models import EXAMPLES
from api.plans import store as plans
from api.plans.store import PlanRow
from tests.api.site_steps import Seller
from tests.api.slots.books import DAY, POOL


def _endpoint(shop: Seller) -> str:
    url = "https://orders.example/hooks"
    return shop.site.services.webhooks.register(shop.tenant, url=url)[0].id


def _event(shop: Seller) -> str:
    shop.booked("C")
    return str(shop.http.get("/v1/events").json()["items"][-1]["id"])


def _row(sheet: str, key: str) -> Callable[[Seller], str]:
    def put(shop: Seller) -> str:
        fleet = shop.site.services.fleet
        fleet.put(shop.tenant, "warehouses", "W1", EXAMPLES["warehouses"])
        if sheet == "orders":
            shop.site.services.orders.put(shop.tenant, key, EXAMPLES["orders"])
        elif (sheet, key) != ("warehouses", "W1"):
            fleet.put(shop.tenant, sheet, key, EXAMPLES[sheet])
        return key

    return put


def _plan(shop: Seller) -> str:
    """A plan that is being solved: enough to be somebody's."""
    services = shop.site.services
    now = services.clock.now()
    with services.database.writing() as connection:
        job, _ = jobs.submit(connection, shop.tenant, kind="plan", asked={}, now=now)
        plan = PlanRow(
            id=new_id("plan"),
            tenant_id=shop.tenant,
            pool=POOL,
            day=DAY,
            job_id=job.id,
            actor="shop",
            input_digest="",
            base_plan_seq=0,
            head=0,
            created_at=now,
        )
        plans.insert_plan(connection, plan)
    return plan.id


def _job(shop: Seller) -> str:
    services = shop.site.services
    with services.database.writing() as connection:
        job, _ = jobs.submit(
            connection, shop.tenant, kind="plan", asked={}, now=services.clock.now()
        )
    return job.id


OWNED: Final[dict[str, Callable[[Seller], str]]] = {
    "hold_id": lambda shop: shop.held("A"),
    "booking_id": lambda shop: str(shop.booked("B").json()["booking_id"]),
    "endpoint_id": _endpoint,
    "event_id": _event,
    "order_id": _row("orders", "SO-1"),
    "truck_id": _row("trucks", "T1"),
    "driver_id": _row("drivers", "D1"),
    "specialist_id": _row("specialists", "S1"),
    "warehouse_id": _row("warehouses", "W1"),
    "place_id": _row("places", "H1"),
    "model_id": _row("models", "M7"),
    "edition_id": _row("editions", "E1"),
    "deck_id": _row("decks", "two-car"),
    "vin": _row("stock", "LFBTEST08TA000001"),
    "carrier_id": _row("carriers", "C1"),
    "job_id": _job,
    "plan_id": _plan,
}
"""By the name of a path's parameter: makes one, and gives its id. A new parameter goes here."""

CALLER_NAMED: Final[frozenset[str]] = frozenset(
    {
        "order_id", "truck_id", "driver_id", "specialist_id", "warehouse_id", "place_id",
        "model_id", "edition_id", "deck_id", "vin", "carrier_id",
    }
)  # fmt: skip
"""Parameters that callers choose themselves: two tenants may use one name, so PUT makes a new
thing and does not find the other's."""
