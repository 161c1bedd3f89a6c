"""Contract tests against a deployment: this one keeps its word, and one that does not is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from api.client import Flatbed
from api.conformance import windows
from api.conformance.ground import Ground
from api.conformance.running import CHECKS, Result, Verdict, results
from api.events import service as webhook_service
from api.events.feed import EventFeed, FeedPage
from api.keys.gate import Gate
from api.keys.scopes import Scope
from api.kit.db import Database
from tests.api.cli.process import flatbed_here
from tests.api.fake_orders.towns import Town, town

ORDERS = ("SO-1", "SO-2", "SO-3")


@contextmanager
def ground_of(its: Town, *, scopes: Any = tuple(Scope), other: bool = True) -> Iterator[Ground]:  # noqa: ANN401  # scopes
    key = its.site.key(scopes=scopes)
    other_key = its.site.key(tenant="rival", client="theirs") if other else ""
    with Flatbed(its.url, key=key) as flatbed, httpx.Client(base_url=its.url) as raw:
        yield Ground(flatbed=flatbed, raw=raw, key=key, other_key=other_key, orders=ORDERS)


def of(found: list[Result], verdict: Verdict) -> dict[str, str]:
    return {each.claim: each.detail for each in found if each.verdict is verdict}


def test_this_flatbed_keeps_its_word_and_nothing_is_left_behind(database: Database) -> None:
    """Every check is made and passes, twice, since it cleans up after itself."""
    with town(database) as its:
        for _ in range(2):
            with ground_of(its) as ground:
                found = list(results(ground))
                assert of(found, Verdict.BROKEN) == {}
                assert of(found, Verdict.SKIPPED) == {}
                assert len(found) == len(CHECKS)
                assert ground.flatbed.webhooks() == ()
                left = {each.status for each in ground.flatbed.bookings()}
                assert left == {"released", "cancelled"}
        assert its.site.services.book.faults() == ()


def test_what_cannot_be_checked_is_told(database: Database) -> None:
    """A key that may not register, no second tenant, no order."""
    with (
        town(database) as its,
        ground_of(its, scopes=(Scope.READ, Scope.ORDER_WRITE), other=False) as ground,
    ):
        ground.orders = ()
        found = list(results(ground))
    assert of(found, Verdict.BROKEN) == {}
    skipped = of(found, Verdict.SKIPPED)
    assert "another tenants booking is not found" in skipped
    assert "an endpoint is registered once" in skipped
    assert "a booking from hold to cancellation" in skipped


def _points_inside(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(webhook_service, "read_target", lambda *_, **__: None)


def _forgets_events(patch: pytest.MonkeyPatch) -> None:
    sound = EventFeed.page

    def page(self: EventFeed, tenant_id: str, *, after: int, most: int) -> FeedPage:
        told = sound(self, tenant_id, after=after, most=most)
        return FeedPage(events=told.events[1::2], position=told.position, more=told.more)

    patch.setattr(EventFeed, "page", page)


def _lets_everybody_in(patch: pytest.MonkeyPatch) -> None:
    sound = Gate.enter
    last: list[Any] = []

    def enter(self: Gate, text: str | None, *rest: object, **named: object) -> object:
        if last and text is None:
            return last[0]
        last[:] = [sound(self, text, *rest, **named)]  # type: ignore[arg-type]
        return last[0]

    patch.setattr(Gate, "enter", enter)


@pytest.mark.parametrize(
    ("plant", "claim"),
    [
        (_points_inside, "endpoints cannot point inside"),
        (_forgets_events, "the feed tells what was answered"),
        (_forgets_events, "the feed has no gaps"),
        (_lets_everybody_in, "nobody comes in without a key"),
    ],
)
def test_a_flatbed_that_breaks_its_word_is_found(
    plant: Any,  # noqa: ANN401  # a Plant
    claim: str,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A contract test that everything passes protects nobody."""
    if not database.is_sqlite:
        return  # what is checked is the checks, and they do not see the database
    checks = tuple(each for each in CHECKS if each.__name__.replace("_", " ") == claim)
    # They leave events behind, of which some can be forgotten.
    more = (
        windows.a_hold_is_made_once,
        windows.a_booking_from_hold_to_cancellation,
        windows.what_was_given_back_can_be_held_again,
    )
    with town(database) as its, ground_of(its) as ground:
        assert of(list(results(ground, (*more, *checks))), Verdict.BROKEN) == {}
        plant(monkeypatch)
        ground.flatbed.key()
        assert claim in of(list(results(ground, checks)), Verdict.BROKEN)


def test_the_command_prints_a_table(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """A line a promise, a count, and code 1 when one is broken."""
    with town(database) as its:
        key = its.site.key()
        args = ("conformance", its.url, "--key", key, "--orders", ",".join(ORDERS))
        kept = flatbed_here(capsys, *args)
        assert kept.code == 0, kept.out
        assert f"{len(CHECKS) - 1} kept, 0 broken, 1 skipped" in kept.out
        weak = its.site.key(client="weak", scopes=(Scope.ADMIN,))
        refused = flatbed_here(capsys, "conformance", its.url, "--key", weak, "--orders", "SO-1")
        assert refused.code == 1
        assert "promises are broken" in refused.err
    away = flatbed_here(capsys, "conformance", "http://127.0.0.1:9", "--key", "k")
    assert away.code == 1
    assert away.err.startswith("flatbed: http://127.0.0.1:9")
