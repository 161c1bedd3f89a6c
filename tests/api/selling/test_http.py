"""The whole way over HTTP, with the real engine on real roads; and whatever strangers send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import build_app
from api.days.intake.columns import sheet_plans
from api.days.matrix import prepare_travel
from api.days.request import read_day
from api.fleet.roads import RoadBook
from api.keys.scopes import Scope
from api.kit.db import Database
from api.kit.keyring import Keyring
from api.orders.row_models import EXAMPLES
from api.wiring import Land, Services, assemble
from routing.plan_json import plan_to_json
from routing.planner import plan_day
from routing.search.budget import Iterations
from tests.api.fleet.desks import EVE, HOUSE, TENANT, TRUCK, order_row
from tests.api.intake.days import DAY, FakeMap, vin
from tests.api.site import SETTINGS
from tests.api.slots.books import HandClock


@dataclass(slots=True)
class Web:
    """A server without a socket, and a key for everything."""

    services: Services
    http: TestClient
    _made: int = field(default=0)

    def once(self) -> dict[str, str]:
        self._made += 1
        return {"Idempotency-Key": f"key-{self._made}"}

    def put(self, path: str, row: Any) -> Any:  # noqa: ANN401  # JSON
        answer = self.http.put(f"/v1/{path}", json=row)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@pytest.fixture
def web(database: Database, roads: RoadBook) -> Web:
    services = assemble(
        SETTINGS,
        database=database,
        clock=HandClock(EVE),
        keyring=Keyring({"k1": b"1" * 32}, current="k1"),
        land=Land(locator=FakeMap(), roads=roads),
    )
    key = services.keys.create(tenant_id=TENANT, client_id="shop", scopes=tuple(Scope)).text
    headers = {"Authorization": f"Bearer {key}"}
    return Web(
        services, TestClient(build_app(services), headers=headers, raise_server_exceptions=False)
    )


def test_from_an_orders_row_to_a_booking_that_is_explained(web: Web) -> None:
    """PUT, search, hold, book, certificate; the auditor believes what was sold."""
    web.put("warehouses/W1", dict(HOUSE))
    web.put("trucks/T1", dict(TRUCK))
    kept = web.put("orders/SO-1", order_row())
    assert kept["row"]["phone"] == "138****0001" and kept["version"] == 1
    found = web.http.post("/v1/slot-searches", json={"order_id": "SO-1"}).json()
    assert len(found["offers"]) == 70 and found["blocked"] == []
    best = found["offers"][0]
    assert best["cost_delta_fen"] > 0 and best["window"]["zone"] == "Asia/Shanghai"
    held = web.http.post("/v1/holds", json={"offer_id": best["offer_id"]}, headers=web.once())
    assert held.status_code == 201, held.text
    booked = web.http.post(
        "/v1/bookings",
        json={"hold_id": held.json()["hold_id"], "accepted_conditions": []},
        headers=web.once(),
    )
    assert booked.status_code == 201 and booked.json()["status"] == "confirmed"
    assert booked.json()["window"] == best["window"]
    certificate = web.http.get(f"/v1/bookings/{booked.json()['booking_id']}/certificate")
    assert certificate.status_code == 200 and "T1" in certificate.text
    assert web.services.book.faults() == ()


def test_the_same_inputs_give_the_same_plan_over_the_wire_and_from_a_file(
    web: Web, roads: RoadBook, tmp_path: Path
) -> None:
    """Byte for byte, with the same seed and budget."""
    day = {
        "settings": {"date": DAY.isoformat()},
        "warehouses": [{"warehouse_id": "W1", **HOUSE}],
        "trucks": [{"truck_id": f"T{n}", **TRUCK, "plate": f"豫A0000{n}"} for n in (1, 2)],
        "orders": [
            {"order_id": f"A{n}", **order_row(n), "windows": "9-13;14-18"} for n in range(1, 5)
        ],
    }
    file = tmp_path / "day.json"
    file.write_text(json.dumps(day, ensure_ascii=False), encoding="utf-8")
    answer = web.http.post("/v1/imports", json={"day": day})
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts"] == {"settings": 0, "warehouses": 1, "trucks": 2, "orders": 4}
    read = read_day(file, locator=FakeMap())
    kept = web.services.kept_days.read(TENANT, DAY)
    plans = []
    for reading in (read, kept):
        assert reading.request is not None, reading.faults
        prepared = prepare_travel(reading.request, cache_dir=tmp_path, progress=lambda line: None)
        made = plan_day(prepared.request, prepared.travel, budget=Iterations(300), seed=7)
        plans.append(plan_to_json(made.plan))
    assert plans[0] == plans[1]


def test_an_import_with_faults_tells_them_all_and_keeps_nothing(web: Web) -> None:
    """With row and column."""
    day = {
        "warehouses": [{"warehouse_id": "W1", **HOUSE}],
        "trucks": [{"truck_id": "T1", **TRUCK, "warehouse": "W9"}],
        "orders": [
            {"order_id": "A/1", **order_row(1)},
            {"order_id": "A2", **order_row(2), "vin": "X"},
        ],
    }
    answer = web.http.post("/v1/imports", json={"day": day})
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["faults"]} == {
        "warehouse.unknown",
        "vin.length",
        "id.unfit",
    }
    assert web.http.get("/v1/warehouses").json()["items"] == []


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in EXAMPLES if sheet not in ("settings", "orders")]
)
def test_every_example_of_the_reference_can_be_put_and_read(web: Web, sheet: str) -> None:
    """An example that is refused is worse than none."""
    web.put("warehouses/W1", EXAMPLES["warehouses"])
    row = dict(EXAMPLES[sheet])
    key = next(iter(row.values())) if sheet != "decks" else "two-car"
    made = web.put(f"{sheet}/{key}", row)
    read = web.http.get(f"/v1/{sheet}/{key}")
    assert read.json()["row"] == made["row"] and read.headers["ETag"] == '"1"'
    listed = web.http.get(f"/v1/{sheet}", params={"limit": 1}).json()
    assert [item["id"] for item in listed["items"]] == [key] and listed["next_cursor"] == ""
    if sheet != "warehouses":
        assert web.http.delete(f"/v1/{sheet}/{key}", headers={"If-Match": '"2"'}).status_code == 412
        assert web.http.delete(f"/v1/{sheet}/{key}").status_code == 204
        assert web.http.get(f"/v1/{sheet}/{key}").status_code == 404


def test_an_id_may_be_chinese(web: Web) -> None:
    """Warehouses and trucks are called what people call them; a header cannot say it as it is."""
    answer = web.http.put(
        "/v1/warehouses/中牟仓", json=EXAMPLES["warehouses"] | {"warehouse_id": "中牟仓"}
    )
    assert answer.status_code == 201, answer.text
    assert web.http.get(answer.headers["Location"]).json()["id"] == "中牟仓"


def test_settings_change_what_is_sold(web: Web) -> None:
    """Three-hour windows from eight to twenty."""
    web.put("warehouses/W1", dict(HOUSE))
    web.put("trucks/T1", dict(TRUCK))
    web.put("settings", {"service_hours": "08:00-20:00", "slot_width_min": 180})
    web.put("orders/SO-1", order_row())
    asked = {"order_id": "SO-1", "from": DAY.isoformat(), "to": DAY.isoformat()}
    found = web.http.post("/v1/slot-searches", json=asked).json()
    windows = {each["window"]["from"][11:16] for each in (*found["offers"], *found["blocked"])}
    assert windows == {"08:00", "11:00", "14:00", "17:00"}


def test_readiness_says_what_binds_and_what_is_missing(web: Web) -> None:
    """A car on its way, with open work."""
    web.put("warehouses/W1", dict(HOUSE))
    row = order_row(arrival="2026-11-22 20:00", pdi_done=False, insurance="no")
    web.put("orders/SO-1", row)
    told = web.http.get("/v1/orders/SO-1/readiness", params={"day": "2026-11-24"}).json()
    assert told["missing"] == ["insurance"] and told["binding_step"]
    assert {each["step"] for each in told["steps"]} == {"pdi"}  # it has come by then
    refused = web.http.get("/v1/orders/SO-1/readiness", params={"day": "soon"})
    assert refused.status_code == 422


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**9), st.floats(-1e6, 1e6),
    st.text(max_size=20), st.sampled_from(["14-16", "2026-13-01", "", "#N/A", "W1", vin(1)]),
)  # fmt: skip


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_row_makes_an_error_of_ours(web: Web, data: st.DataObject) -> None:
    """Kept, or refused with faults; and what was kept can be read and searched."""
    sheet = data.draw(st.sampled_from(sorted(EXAMPLES)))
    columns = [column.en for column in sheet_plans()[sheet].columns]
    odd = data.draw(st.dictionaries(st.sampled_from(columns), SCALARS, max_size=4))
    row = {**EXAMPLES[sheet], **odd}
    path = "/v1/settings" if sheet == "settings" else f"/v1/{sheet}/X1"
    answer = web.http.put(path, json=row)
    assert answer.status_code in (200, 201, 409, 422), answer.text
    if answer.status_code < 300:
        assert web.http.get(path).status_code == 200
    found = web.http.post("/v1/slot-searches", json={"order_id": "X1"})
    assert found.status_code in (200, 404, 422), found.text
