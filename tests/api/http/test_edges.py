"""What is true of every answer, before any endpoint has its say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api.errors import Fault, FaultyInput
from api.kit.bodies import Bodies, BodyLimits
from api.kit.problems import MEDIA_TYPE, install_problems
from api.kit.request_ids import RequestIds
from api.kit.schema import Day, Id, Ref, WindowWire, Wire
from routing.errors import BadRequest
from tests.api.site import Site


class Asked(Wire):
    """Something of each kind."""

    order: Ref
    day: Day
    window: WindowWire
    count: int = 0
    hold: Id | None = None


SECRET = "zzz-13800001234-zzz"
GOOD = {
    "order": "订单-7",
    "day": "2026-12-05",
    "window": {"from": "2026-12-05T08:00:00+08:00", "to": "2026-12-05T10:00:00+08:00"},
}


@pytest.fixture(scope="module")
def small() -> TestClient:
    """An app that takes one message, and fails in every way."""
    app = FastAPI()
    install_problems(app)

    @app.post("/asked")
    def asked(body: Asked) -> Asked:
        return body

    @app.get("/faulty/{kind}")
    def faulty(kind: str) -> None:
        faults = {
            "bug": ZeroDivisionError(SECRET),
            "input": FaultyInput((Fault(code="x.y", message="wrong", fix="mend", raw=SECRET),)),
            "request": BadRequest(("one", "two")),
            "busy": OperationalError("select", {"phone": SECRET}, RuntimeError(SECRET)),
        }
        raise faults[kind]

    app.add_middleware(Bodies, limits=BodyLimits(most=1_000, by_prefix={"/asked/large": 5_000}))
    app.add_middleware(RequestIds)
    return TestClient(app, raise_server_exceptions=False)


def test_a_message_comes_back_with_its_offsets(small: TestClient) -> None:
    """Windows are told with their zone, half-open."""
    told = small.post("/asked", json=GOOD).json()
    assert told["window"] == {**GOOD["window"], "zone": "Asia/Shanghai"}  # type: ignore[dict-item]


def changed(**values: object) -> dict[str, object]:
    return {**GOOD, **values}


BAD_MESSAGES = {
    "a field too many": changed(phone=SECRET),
    "a number in quotes": changed(count="5"),
    "a bool for a number": changed(count=True),
    "a float for a number": changed(count=1.5),
    "a name with a slash": changed(order=f"a/{SECRET}"),
    "a name with a blank": changed(order=f"a {SECRET}"),
    "no name": changed(order=""),
    "a long name": changed(order="x" * 129),
    "a day that is none": changed(day="2026-02-30"),
    "a day in other words": changed(day=f"tomorrow {SECRET}"),
    "seconds for a day": changed(day=1_765_000_000),
    "the year 9999": changed(day="9999-12-31"),
    "a strange id": changed(hold=SECRET),
    "no window": {name: value for name, value in GOOD.items() if name != "window"},
    "a list": [SECRET],
    "a text": SECRET,
    "null": None,
    **{
        f"window {name}": changed(window={"from": start, "to": end})
        for name, start, end in (
            ("without offset", "2026-12-05T08:00:00", "2026-12-05T10:00:00"),
            ("backwards", "2026-12-05T10:00:00+08:00", "2026-12-05T08:00:00+08:00"),
            ("empty", "2026-12-05T10:00:00+08:00", "2026-12-05T10:00:00+08:00"),
            ("year 1", "0001-01-01T00:00:00+14:00", "2026-12-05T08:00:00+08:00"),
            ("hour 25", "2026-12-05T25:00:00+08:00", "2026-12-06T08:00:00+08:00"),
            ("offset 99", "2026-12-05T08:00:00+99:00", "2026-12-06T08:00:00+08:00"),
            ("seconds", 1_765_000_000, 1_765_000_001),
        )
    },
    "a zone of elsewhere": changed(window={**GOOD["window"], "zone": "Europe/Berlin"}),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("message", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_bad_message_is_refused_without_being_repeated(
    small: TestClient, message: object
) -> None:
    """Every fault has its place and what to do; nothing that was sent comes back."""
    answer = small.post("/asked", json=message)
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    told = answer.json()
    assert told["code"] == "request-invalid" and told["faults"]
    assert all({"code", "message", "fix", "field"} == fault.keys() for fault in told["faults"])
    assert SECRET not in answer.text and "phone" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"order": NaN}', "application/json", 400),
        (b"{", "application/json", 400),
        (b"[1e999]", "application/merge-patch+json; charset=utf-8", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"", "application/json", 422),
        (b"x" * 1_001, "text/plain", 413),
        (b"[" * 999, "application/json", 400),
    ],
)
def test_a_body_that_is_no_json_object(
    small: TestClient, body: bytes, kind: str, status: int
) -> None:
    """It never gets as far as an endpoint."""
    answer = small.post("/asked", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)


def test_bytes_are_counted_whatever_the_length_says(small: TestClient) -> None:
    """A chunked body tells no length; a large one is refused before it is whole."""
    sent = []

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            sent.append(1)
            yield b" " * 100

    assert small.post("/asked", content=endless()).status_code == 413
    assert small.post("/asked/large", content=b" " * 4_000).status_code == 404


@pytest.mark.parametrize("path", ["/asked%00", "/asked?x=%00"])
def test_a_nul_in_the_address_is_refused(small: TestClient, path: str) -> None:
    """PostgreSQL keeps no NUL: it would be an error of 500 there, and none on SQLite."""
    assert small.post(path, json=GOOD).status_code == 400


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("bug", 500, "internal-error"),
        ("input", 422, "faulty-input"),
        ("request", 422, "bad-request"),
        ("busy", 503, "database-busy"),
        ("nothing", 500, "internal-error"),
    ],
)
def test_every_error_is_a_problem(small: TestClient, kind: str, status: int, code: str) -> None:
    """With its request id to look it up by, and not a word of what was inside."""
    answer = small.get(f"/faulty/{kind}", headers={"X-Request-ID": "req-12345678"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["request_id"] == "req-12345678"
    assert SECRET not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_requests_have_ids_and_strange_ones_are_replaced(small: TestClient) -> None:
    """An id goes into logs: it must not bring a line break or a page along."""
    given = small.get("/x", headers={"X-Request-ID": "abc.DEF-123_4"})
    assert given.headers["X-Request-ID"] == "abc.DEF-123_4"
    for strange in ("a", "x" * 65, "<script>alert(1)</script>", "a b c d e f g"):
        other = small.get("/x", headers={"X-Request-ID": strange})
        assert other.headers["X-Request-ID"].startswith("request_")


def test_who_has_no_key_is_told_to_bring_one(site: Site) -> None:
    """And which scheme; a wrong key is told apart from none."""
    answer = site.stranger().get("/v1/key")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    for header in ("Bearer flatbed_x", "Basic abc", "Bearer", "bearer  x y", "\xff"):
        answer = site.stranger().get("/v1/key", headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401


def test_a_key_shows_itself(site: Site) -> None:
    """The first call of an integrator: is this the right key?"""
    shown = site.client().get("/v1/key")
    assert shown.status_code == 200 and shown.json()["tenant"] == "acme"
    assert shown.headers["Cache-Control"] == "no-store"
    assert site.key() not in shown.text


def test_other_sites_get_nothing(site: Site) -> None:
    """No CORS header, whatever a browser asks for."""
    for method in ("OPTIONS", "GET"):
        answer = site.client().request(
            method,
            "/v1/key",
            headers={"Origin": "https://evil.invalid", "Access-Control-Request-Method": "GET"},
        )
        assert not [name for name in answer.headers if name.startswith("access-control")]
