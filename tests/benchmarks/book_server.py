"""The HTTP interface over trucks on a plane, for load tests: prints its address and a key.

`python -m tests.benchmarks.book_server FOLDER KIND`, KIND being sqlite or postgresql.

The real application, web server, database and chores; only the judge of windows is the small one of
the proofs, so that what is measured is the book and the web and not the engine.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from api.keys.scopes import Scope
from api.kit.clock import SystemClock
from api.kit.keyring import Keyring
from api.serving.server import Server, bound, standing_chores
from api.slots.transactions import Caller
from api.wiring import Land, assemble
from routing.witness import Told
from tests.api.site import SETTINGS, FakeMap, RoadBook, no_roads
from tests.api.slots.books import POOL, TENANT, trucks
from tests.api.slots.plane import PlaneJudge
from tests.databases import new_database

RING: Final = Keyring({"k1": b"1" * 32}, current="k1")
DAYS: Final = 20
TRUCKS: Final = 40


class EveryOrder:
    """Any order is known: ten kilometres out."""

    def load(self, tenant_id: str, order_ref: str, day: date) -> Told:
        """Give the place."""
        return {"x": 10.0, "y": 0.0}


def days() -> list[date]:
    """Days of sale, from next week on."""
    first = SystemClock().now().date() + timedelta(days=7)
    return [first + timedelta(days=number) for number in range(DAYS)]


def main(folder: Path, kind: str) -> None:
    """Serve until told to end."""
    services = assemble(
        replace(SETTINGS, data_dir=folder, live_holds_max=1_000_000),
        database=new_database(kind, folder),
        clock=SystemClock(),
        keyring=RING,
        land=Land(locator=FakeMap(), roads=RoadBook(no_roads)),
        judge=PlaneJudge({"world": trucks(TRUCKS)}),
        loads=EveryOrder(),
    )
    for day in days():
        opener = Caller(tenant_id=TENANT, client_id="planner", key=f"open-{day}")
        services.book.days.open_day(opener, pool=POOL, day=day, basis="world", routes={})
    key = services.keys.create(tenant_id=TENANT, client_id="shop", scopes=tuple(Scope)).text
    listening = bound("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.getsockname()[1]} {key}", flush=True)
    Server(services, standing_chores(services)).serve(listening)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
