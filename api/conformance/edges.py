"""What is true of every answer: keys, problems, strict JSON, cursors, the reference."""

from __future__ import annotations

import httpx

from api.conformance.ground import NO_SUCH_ID, Ground, Skipped, expect, expect_problem, refused_with

SECRET = "zzz-conformance-zzz"


def the_key_says_whose_it_is(ground: Ground) -> None:
    """`GET /v1/key` tells tenant, client, scopes and end."""
    told = ground.flatbed.key()
    expect(bool(told["tenant"]) and bool(told["client"]), "no tenant or no client")
    missing = {"read", "order:write"} - set(told["scopes"])
    expect(not missing, f"the key has no scope {' and no '.join(sorted(missing))}")


def nobody_comes_in_without_a_key(ground: Ground) -> None:
    """401 for no key and for a wrong one, with WWW-Authenticate."""
    none = ground.raw.get("/v1/key")
    expect_problem(none, 401, "key-missing")
    expect("WWW-Authenticate" in none.headers, "no WWW-Authenticate")
    wrong = {"Authorization": f"Bearer {ground.key[:-1]}x"}
    if wrong["Authorization"] == f"Bearer {ground.key}":
        wrong = {"Authorization": f"Bearer {ground.key[:-1]}y"}
    expect_problem(ground.send("GET", "/v1/key", headers=wrong), 401, "key-invalid")


def what_is_not_there_is_not_found(ground: Ground) -> None:
    """404 as a problem, for a path and for a booking."""
    expect_problem(ground.send("GET", "/v1/nothing"), 404, "not-found")
    expect_problem(ground.send("GET", f"/v1/bookings/{NO_SUCH_ID}"), 404, "promise-not-found")


def another_tenants_booking_is_not_found(ground: Ground) -> None:
    """What is ours is not there for the other key."""
    if not ground.other_key:
        raise Skipped("give --other-key, of another tenant")
    held = ground.held()
    other = {"Authorization": f"Bearer {ground.other_key}"}
    try:
        answer = ground.send("GET", f"/v1/bookings/{held.hold_id}", headers=other)
        expect_problem(answer, 404, "promise-not-found")
    finally:
        ground.flatbed.release(held.hold_id)


def json_is_read_strictly(ground: Ground) -> None:
    """NaN, infinities, half characters, a name twice: 4xx, never 500."""
    headers = {**ground.bearer, "Content-Type": "application/json", "Idempotency-Key": "strict"}
    for body in (
        b'{"offer_id": NaN}',
        b'{"offer_id": 1e999}',
        b'{"offer_id": "\\ud800"}',
        b'{"offer_id": "a", "offer_id": "b"}',
        b'{"offer_id": ',
        b"\xff\xfe",
        b"[" * 10_000,
    ):
        answer = ground.send("POST", "/v1/holds", headers=headers, content=body)
        expect(400 <= answer.status_code < 500, f"{body[:20]!r} answered {answer.status_code}")


def faults_are_listed_and_nothing_is_echoed(ground: Ground) -> None:
    """422 with every fault at once, and nothing of what was sent."""
    answer = ground.send(
        "POST",
        "/v1/bookings",
        headers={**ground.bearer, "Idempotency-Key": "faults"},
        json={"hold_id": SECRET, "accepted_conditions": SECRET, SECRET: SECRET},
    )
    told = expect_problem(answer, 422, "request-invalid")
    faults = told.get("faults")
    expect(isinstance(faults, list) and len(faults) >= 2, "not every fault is listed")
    expect(SECRET not in answer.text, "the answer repeats what was sent")


def bodies_are_bounded(ground: Ground) -> None:
    """413 beyond a mebibyte, or the connection is closed while we still send."""
    headers = {**ground.bearer, "Content-Type": "application/json", "Idempotency-Key": "large"}
    body = b'{"offer_id": "' + b"x" * (1 << 20) + b'"}'
    try:
        answer = ground.send("POST", "/v1/holds", headers=headers, content=body)
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        # Who answers before everything has come may lose the answer on the way (RFC 9112, 9.6).
        return
    expect_problem(answer, 413, "body-too-large")


def every_answer_names_its_request(ground: Ground) -> None:
    """`X-Request-ID`: ours, if we sent a plain one."""
    mine = ground.once("request").replace("-", "")
    answer = ground.send("GET", "/v1/key", headers={**ground.bearer, "X-Request-ID": mine})
    expect(answer.headers.get("X-Request-ID") == mine, "our request id did not come back")
    expect(bool(ground.send("GET", "/v1/key").headers.get("X-Request-ID")), "no request id")


def cursors_are_opaque_and_checked(ground: Ground) -> None:
    """422 for a cursor that is none, on every list."""
    for path in ("/v1/events", "/v1/bookings"):
        answer = ground.send("GET", path, params={"cursor": "nonsense"})
        expect_problem(answer, 422, "cursor-invalid", "request-invalid")


def once_means_a_key(ground: Ground) -> None:
    """400 without Idempotency-Key where a repetition would do harm."""
    answer = ground.send("POST", "/v1/holds", json={"offer_id": "x"})
    expect_problem(answer, 400, "idempotency-key-required")


def offers_are_signed(ground: Ground) -> None:
    """422 for an offer that is not theirs, or was changed."""
    refused_with(lambda: ground.flatbed.hold("v1.k1.e30.e30"), "offer-invalid")


def the_reference_is_there(ground: Ground) -> None:
    """`/openapi.json` is OpenAPI 3.1 and knows what is tested here."""
    told = ground.raw.get("/openapi.json").json()
    expect(str(told["openapi"]).startswith("3.1"), f"openapi {told['openapi']}")
    missing = {"/v1/holds", "/v1/bookings", "/v1/events"} - told["paths"].keys()
    expect(not missing, f"not in the reference: {', '.join(sorted(missing))}")
