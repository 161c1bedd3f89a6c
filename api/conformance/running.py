"""The checks, one after the other, and how each ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import httpx

from api.client import ClientError, Flatbed
from api.conformance import edges, events, windows
from api.conformance.ground import Broken, Ground, Skipped

Check = Callable[[Ground], None]

CHECKS: Final[tuple[Check, ...]] = (
    edges.the_key_says_whose_it_is,
    edges.nobody_comes_in_without_a_key,
    edges.what_is_not_there_is_not_found,
    edges.another_tenants_booking_is_not_found,
    edges.json_is_read_strictly,
    edges.faults_are_listed_and_nothing_is_echoed,
    edges.bodies_are_bounded,
    edges.every_answer_names_its_request,
    edges.cursors_are_opaque_and_checked,
    edges.once_means_a_key,
    edges.offers_are_signed,
    edges.the_reference_is_there,
    windows.a_search_finds_each_window_once,
    windows.a_hold_is_made_once,
    windows.eight_at_once_are_one,
    windows.an_order_holds_one_window,
    windows.what_was_given_back_can_be_held_again,
    windows.a_booking_from_hold_to_cancellation,
    events.the_feed_tells_what_was_answered,
    events.the_feed_has_no_gaps,
    events.endpoints_cannot_point_inside,
    events.an_endpoint_is_registered_once,
)
"""A function a claim: its name says it, its first line explains it."""


class Verdict(StrEnum):
    """How a check ended."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check: what it claims, how it ended, and why."""

    claim: str
    meaning: str
    verdict: Verdict
    detail: str
    took_ms: int


@contextmanager
def ground_at(
    url: str, *, key: str, other_key: str = "", orders: Sequence[str] = ()
) -> Iterator[Ground]:
    """Open a deployment for checks; without `orders` those that its tenant keeps are sold to.

    Raises:
        Problem, NoAnswer: it is not there, or refuses the key.
    """
    with Flatbed(url, key=key) as flatbed, httpx.Client(base_url=url, timeout=30) as raw:
        flatbed.key()
        names = tuple(orders) or tuple(str(each["id"]) for each in flatbed.orders())
        yield Ground(flatbed=flatbed, raw=raw, key=key, other_key=other_key, orders=names)


def results(ground: Ground, checks: tuple[Check, ...] = CHECKS) -> Iterator[Result]:
    """Make every check, whatever became of those before."""
    for check in checks:
        started = time.perf_counter()
        verdict, detail = _verdict(check, ground)
        yield Result(
            claim=check.__name__.replace("_", " "),
            meaning=(check.__doc__ or "").strip().partition("\n")[0],
            verdict=verdict,
            detail=detail,
            took_ms=round(1000 * (time.perf_counter() - started)),
        )


def _verdict(check: Check, ground: Ground) -> tuple[Verdict, str]:
    try:
        check(ground)
    except Skipped as skipped:
        return Verdict.SKIPPED, str(skipped)
    except Broken as broken:
        return Verdict.BROKEN, str(broken)
    # What answers in a form that nobody promised breaks its word, too.
    except (ClientError, httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        return Verdict.BROKEN, f"{type(error).__name__}: {error}"
    return Verdict.KEPT, ""
