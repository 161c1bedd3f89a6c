"""What the checks stand on: a deployment, a key, and an order that a window can be sold to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from api.client import Flatbed, Hold, Offer, Problem
from api.errors import ApiError

NO_SUCH_ID = "promise_" + "0" * 32


class Broken(ApiError):
    """The deployment does not keep its word; the message says how."""

    code = "promise-broken"


class Skipped(ApiError):
    """A check cannot be made here; the message says what is missing."""

    code = "check-skipped"


@dataclass(slots=True, kw_only=True)
class Ground:
    """A deployment under test. `raw` sends what the client would never send."""

    flatbed: Flatbed
    raw: httpx.Client
    key: str
    other_key: str = ""
    orders: tuple[str, ...] = ()
    _run: str = field(default_factory=lambda: secrets.token_hex(4))
    _used: int = 0

    @property
    def bearer(self) -> Mapping[str, str]:
        """The header that names us."""
        return {"Authorization": f"Bearer {self.key}"}

    def once(self, name: str) -> str:
        """Make an idempotency key of this run."""
        return f"conformance-{self._run}-{name}"

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **sent: object
    ) -> httpx.Response:
        """Send a request as it is, with our key unless `headers` say otherwise."""
        return self.raw.request(method, path, headers=headers or self.bearer, **sent)  # type: ignore[arg-type]  # httpx's own keywords

    def offers(self) -> tuple[str, tuple[Offer, ...]]:
        """Find an order of ours that nothing is held or booked for, with windows that have room.

        Raises:
            Skipped: there is none.
        """
        for order in self.orders:
            live = self.flatbed.bookings(
                order_ref=order, status=["held", "confirmed", "refined", "frozen", "at_risk"]
            )
            if next(live, None) is not None:
                continue
            try:
                found = self.flatbed.search_slots(order).offers
            except Problem as problem:
                if problem.status == 422:
                    continue
                raise
            if found:
                return order, found
        raise Skipped("no order of this tenant has a window with room: put one, and open days")

    def held(self) -> Hold:
        """Hold the first window of a free order."""
        _, offers = self.offers()
        self._used += 1
        return self.flatbed.hold(offers[0].offer_id, once=self.once(f"held-{self._used}"))


def expect(true: bool, otherwise: str) -> None:
    """Go on if something is so.

    Raises:
        Broken: it is not.
    """
    if not true:
        raise Broken(otherwise)


def expect_problem(answer: httpx.Response, status: int, *codes: str) -> Mapping[str, object]:
    """Go on if an answer is a problem (RFC 9457) of that status and one of those codes.

    Raises:
        Broken: it is something else.
    """
    expect(
        answer.status_code == status, f"answered {answer.status_code}, {status} was to be expected"
    )
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    expect(kind == "application/problem+json", f"told as {kind or 'nothing'}")
    told: Mapping[str, object] = answer.json()
    missing = {"type", "title", "status", "code", "detail", "request_id"} - told.keys()
    expect(not missing, f"the problem has no {', '.join(sorted(missing))}")
    expect(not codes or told["code"] in codes, f"code {told['code']}, not {' or '.join(codes)}")
    return told


def refused_with(call: Callable[[], object], *codes: str) -> Problem:
    """Make a call that must be refused with one of some codes.

    Raises:
        Broken: it was granted, or refused for another reason.
    """
    try:
        call()
    except Problem as problem:
        expect(problem.code in codes, f"refused with {problem.code}, not {' or '.join(codes)}")
        return problem
    raise Broken(f"granted, and {' or '.join(codes)} was to be expected")
