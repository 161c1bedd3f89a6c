"""Offers: none that cannot be kept, none missing that could."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from geodata.units import Minor
from routing.judge import Refusal
from routing.reasons import Reason
from routing.slots.filter import sift_alone
from routing.slots.following import FollowedDay
from routing.slots.judge import SlotJudge
from routing.slots.offers import fits
from routing.witness import Witness
from tests import days
from tests.generated_days import generated_day
from tests.routing.slots.exhaustive import cheapest
from tests.routing.slots.pool_days import (
    ask_of,
    basis_of,
    empty,
    filled,
    granted,
    judge_of,
    windows_of,
)
from tests.strategies import Day

SEEDS = range(8)


def half_full(day: Day, seed: int) -> tuple[SlotJudge, Witness]:
    """Promise two thirds of a day's orders, as far as they fit, in windows by chance."""
    dice = np.random.default_rng(seed)
    judge = judge_of(day)
    asked = day.request.orders[: 2 * len(day.request.orders) // 3]
    windows = windows_of()
    asks = [ask_of(each, windows[int(dice.integers(len(windows)))]) for each in asked]
    return judge, filled(judge, empty(day), asks)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_offer_is_granted_and_believed_by_the_auditor(seed: int) -> None:
    """A false offer is a promise that the platform breaks at its own checkout."""
    day = generated_day(seed)
    judge, witness = half_full(day, seed)
    assert judge.faults(witness) == ()
    for order in day.request.orders[-5:]:
        offers, _ = judge.search(witness, order, windows_of())
        for offer in offers:
            ask = ask_of(order, offer.window, name="new")
            found = judge.place(witness, ask)
            assert not isinstance(found, Refusal)
            assert judge.faults(granted(witness, ask, found)) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_window_is_missing_that_exhaustive_insertion_finds(seed: int) -> None:
    """The filter may let too much through, never too little."""
    day = generated_day(seed)
    _, witness = half_full(day, seed)
    followed = FollowedDay(basis_of(day))
    followed.follow(witness)
    windows = windows_of()
    for order in day.request.orders[-5:]:
        found = fits(followed, order, windows)
        for window, each in zip(windows, found, strict=True):
            best = cheapest(followed, order, window)
            assert isinstance(each, Reason) == (best is None), (order.id, window, each, best)
            if not isinstance(each, Reason):
                assert best is not None
                assert each.extra >= Minor(best)


def several_trips(day: Day) -> Day:
    """Trucks that may come home to load once more."""
    trucks = tuple(replace(each, trips_max=2) for each in day.request.trucks)
    return replace(day, request=replace(day.request, trucks=trucks))


def loaded_the_evening_before(day: Day) -> Day:
    """Two bays, open for four hours of the evening."""
    hours = (days.window("-1 17:00", "-1 21:00"), days.window("08:00", "19:00"))
    houses = tuple(
        replace(each, evening_loading=True, loading=hours, bays=2)
        for each in day.request.warehouses
    )
    return replace(day, request=replace(day.request, warehouses=houses))


@pytest.mark.parametrize("changed", [several_trips, loaded_the_evening_before])
@pytest.mark.parametrize("seed", range(4))
def test_offers_hold_with_reloads_and_with_evening_loading(
    seed: int, changed: Callable[[Day], Day]
) -> None:
    """Loads of later trips keep bays too, and evening loads have hours of their own."""
    day = changed(generated_day(seed))
    judge, witness = half_full(day, seed)
    assert judge.faults(witness) == ()
    offered = 0
    for order in day.request.orders[-5:]:
        offers, _ = judge.search(witness, order, windows_of())
        offered += len(offers)
        for offer in offers:
            ask = ask_of(order, offer.window, name="new")
            found = judge.place(witness, ask)
            assert not isinstance(found, Refusal)
            assert judge.faults(granted(witness, ask, found)) == ()
    assert offered > 0


def test_the_filter_alone_keeps_every_place_that_runs() -> None:
    """What it sifts out is never looked at again."""
    day = generated_day(3)
    _, witness = half_full(day, 3)
    followed = FollowedDay(basis_of(day))
    followed.follow(witness)
    hours = windows_of()[2]
    starts, ends = (np.array([each]) for each in followed.day.second(hours))
    for order in day.request.orders[-8:]:
        row = followed.day.seat(order)
        sift_alone(
            followed.day.tables, followed.day.routes, row, starts, ends, 1, followed.day.found
        )
        kept = int(followed.day.found.counts[0])
        followed.day.unseat(row)
        if cheapest(followed, order, hours) is not None:
            assert kept > 0
