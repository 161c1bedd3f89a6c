"""Holds and bookings over real HTTP on loopback: how long one takes while eight sellers sell.

Server and sellers are processes of one machine. Trucks on a plane: the engine's own time is that
of `slots`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import count
from random import Random

import httpx

from api.kit.clock import SystemClock
from api.slots.tokens import Offer, OfferSigner
from tests.api.slots.books import POOL, TENANT
from tests.api.slots.plane import window
from tests.benchmarks.book_server import RING, days
from tests.benchmarks.measurement import Measurement
from tests.databases import KINDS

SELLERS = 8
SECONDS = 15.0
LEAD = 0.5
"""Share of the run that is not measured: caches and connections warm up."""
SIGNER = OfferSigner(RING.keys_for("offers"), current=RING.current)


def measure() -> Iterator[Measurement]:
    """Run the load on each database."""
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            call = [sys.executable, "-m", "tests.benchmarks.book_server", folder, kind]
            server = subprocess.Popen(call, stdout=subprocess.PIPE, text=True)
            try:
                assert server.stdout is not None
                url, key = server.stdout.readline().split()
                yield from _load(kind, url, key)
            finally:
                server.terminate()
                server.wait(30)


def _load(kind: str, url: str, key: str) -> Iterator[Measurement]:
    took: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    began = time.perf_counter()
    numbers = count()
    sellers = [
        threading.Thread(target=_sell, args=(url, key, Random(seed), numbers, took, began))
        for seed in range(SELLERS)
    ]
    for each in sellers:
        each.start()
    for each in sellers:
        each.join()
    measured = {
        what: [(ms, status) for at, ms, status in lines if at > LEAD * SECONDS]
        for what, lines in list(took.items())
    }
    statuses = [status for lines in measured.values() for _, status in lines]
    assert max(statuses) < 500, max(statuses)
    how = f"{SELLERS} sellers, {SECONDS * (1 - LEAD):.0f} s, loopback"
    for what, lines in sorted(measured.items()):
        ordered = sorted(ms for ms, _ in lines)
        figure = ordered[int(0.95 * len(ordered))]
        yield Measurement(what=f"{kind}: {what}, p95", figure=figure, unit="ms", how=how)
    granted = sum(status < 300 for status in statuses) / (SECONDS * (1 - LEAD))
    yield Measurement(what=f"{kind}: granted a second", figure=granted, unit="/s", how=how)


def _sell(
    url: str,
    key: str,
    luck: Random,
    numbers: count[int],
    took: dict[str, list[tuple[float, float, int]]],
    began: float,
) -> None:
    """Hold, then book or release, and now and then cancel, until the time is over."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as http:

        def ask(what: str, method: str, path: str, **sent: object) -> httpx.Response:
            start = time.perf_counter()
            answer = http.request(method, path, **sent)  # type: ignore[arg-type]
            at = time.perf_counter()
            took[what].append((at - began, 1000 * (at - start), answer.status_code))
            return answer

        while time.perf_counter() - began < SECONDS:
            number = next(numbers)
            once = {"Idempotency-Key": f"h{number}"}
            token = _offer(f"order-{number}", luck.choice(days()), luck.randrange(0, 20))
            held = ask("hold", "POST", "/v1/holds", json={"offer_id": token}, headers=once)
            if held.status_code != 201:
                continue
            hold_id = held.json()["hold_id"]
            if luck.random() < 0.2:
                ask("release", "DELETE", f"/v1/holds/{hold_id}")
                continue
            once = {"Idempotency-Key": f"b{number}"}
            booked = ask("book", "POST", "/v1/bookings", json={"hold_id": hold_id}, headers=once)
            if luck.random() < 0.5:
                tag = {"If-Match": booked.headers["ETag"]}
                ask("cancel", "POST", f"/v1/bookings/{hold_id}/cancel", headers=tag)


def _offer(order_ref: str, day: date, hour: int) -> str:
    offer = Offer(
        tenant_id=TENANT,
        order_ref=order_ref,
        pool=POOL,
        day=day,
        window=window(day, 60 * hour, 60 * hour + 240),
        seq=1,
        valid_until=SystemClock().now().replace(year=2099),
    )
    return SIGNER.sign(offer)
