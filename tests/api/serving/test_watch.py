"""Health, readiness, metrics, logs and chores: what an operator goes by."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api.app import build_app
from api.serving.chores import Chore, Chores, every
from api.serving.logs import install_logs
from api.serving.server import standing_chores
from api.serving.table_metrics import TableMetrics
from tests.api.site import SETTINGS, Site
from tests.api.site_steps import seller
from tests.api.slots.books import TTL


def metrics(site: Site) -> dict[str, float]:
    here = TestClient(site.app, client=("127.0.0.1", 5000))
    lines = here.get("/metrics").text.splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


def test_a_healthy_process_says_so(site: Site) -> None:
    """Without a key: the machine that asks has none."""
    assert site.stranger().get("/healthz").status_code == 200
    assert site.stranger().get("/readyz").json() == {"status": "ready"}


def test_an_unready_process_says_why(site: Site) -> None:
    """The load balancer takes it out; it is not restarted for that."""
    site.services.watch.checks.append(lambda: ["the relay has ended"])
    answer = site.stranger().get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the relay has ended")
    assert site.stranger().get("/healthz").status_code == 200


def test_a_database_that_is_away_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of its address."""

    def away(*_: object) -> None:
        raise OperationalError("select", {}, RuntimeError("password=secret"))

    monkeypatch.setattr(type(site.services.database), "reading", away)
    answer = site.stranger().get("/readyz")
    assert answer.status_code == 503 and "secret" not in answer.text


def test_metrics_are_for_this_machine_or_for_the_token(site: Site) -> None:
    """They are of all tenants together: no tenant's key opens them."""
    there = TestClient(site.app, client=("192.0.2.7", 5000))
    assert there.get("/metrics").json()["code"] == "metrics-hidden"
    key = {"Authorization": f"Bearer {site.key()}"}
    assert there.get("/metrics", headers=key).status_code == 403
    guarded = build_app(
        replace(site.services, settings=replace(SETTINGS, metrics_token="let-me-in"))
    )
    there = TestClient(guarded, client=("192.0.2.7", 5000))
    right = {"Authorization": "Bearer let-me-in"}
    assert there.get("/metrics", headers=right).status_code == 200
    for wrong in ("Bearer let-me-out", "", "Bearer \xff"):
        headers = {"Authorization": wrong.encode("latin-1")}
        assert there.get("/metrics", headers=headers).status_code == 403


def test_metrics_tell_what_was_sold(site: Site) -> None:
    """Offers, holds, promises, what is at risk, the queue, the webhooks."""
    site.services.meters.registry.register(TableMetrics(site.services.database, site.clock))
    shop = seller(site)
    shop.booked("A")
    shop.held("B")
    site.clock.turn(TTL)
    sweeper, check, *_ = standing_chores(site.services)
    for chore in (sweeper, check):
        once(chore)
    told = metrics(site)
    assert told['flatbed_promises{status="confirmed"}'] == 1
    assert told['flatbed_promises{status="expired"}'] == told["flatbed_holds_expired_total"] == 1
    assert told['flatbed_promises{status="at_risk"}'] == 0
    assert told['flatbed_offers_total{room="yes"}'] == 2
    assert told["flatbed_book_faults"] == told["flatbed_webhook_lag_seconds"] == 0
    assert told['flatbed_jobs{state="queued"}'] == 0
    name = 'flatbed_http_requests_total{method="POST",route="/v1/holds",status="201"}'
    assert told[name] == 2


def once(chore: Chore) -> None:
    """Run a chore for one tick."""
    stop = threading.Event()
    stop.wait = lambda timeout=None: stop.set() or True  # type: ignore[method-assign,func-returns-value]
    chore.run(stop)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log of the process, for one test."""
    root, before = logging.getLogger(), logging.getLogger().handlers
    stream = io.StringIO()
    install_logs(stream)
    yield stream
    root.handlers = before


def test_logs_are_json_with_request_ids_and_without_names(site: Site, lines: io.StringIO) -> None:
    """The route as declared; no order, no key, no id of a booking."""
    shop = seller(site)
    booking = shop.booked("订单-13800001234").json()["booking_id"]
    lines.truncate(0)
    lines.seek(0)
    shop.http.get(f"/v1/bookings/{booking}", headers={"X-Request-ID": "req-000000001"})
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    (line,) = [each for each in logged if each["logger"] == "api.access"]
    assert (line["route"], line["status"]) == ("/v1/bookings/{booking_id}", 200)
    assert line["request_id"] == "req-000000001"
    for secret in (booking, "13800001234", site.key()):
        assert secret not in lines.getvalue()


def test_a_chore_that_fails_goes_on(lines: io.StringIO) -> None:
    """One bad tick must not end the watch."""
    ticks: list[int] = []
    done = threading.Event()

    def work() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise ZeroDivisionError("bad tick")
        done.set()

    chores = Chores([every("flaky", 0.001, work)])
    chores.start()
    assert done.wait(10)
    assert chores.dead() == ()
    assert chores.stop(within_s=10) == ()
    assert "bad tick" in lines.getvalue()


def test_a_chore_that_ended_is_named(lines: io.StringIO) -> None:
    """A process without its sweeper is not ready, whatever its web server says."""
    ended = threading.Event()

    def run(_: threading.Event) -> None:
        try:
            raise ZeroDivisionError("over")
        finally:
            ended.set()

    chores = Chores([Chore(name="short", run=run)])
    chores.start()
    assert ended.wait(10)
    for thread in threading.enumerate():
        if thread.name == "short":
            thread.join(10)
    assert chores.dead() == ("short",)
    assert "over" in lines.getvalue()
