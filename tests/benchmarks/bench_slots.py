"""Slot search: 84 two-hour windows over 14 days, beside 300 and 2,000 promised stops.

CPU seconds of the thread, because the machine is shared.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from routing.judge import Refusal
from routing.reasons import Reason
from routing.slots.filter import sift_alone
from routing.slots.following import FollowedDay
from routing.slots.offers import fits
from routing.witness import Witness
from tests.benchmarks.measurement import Measurement
from tests.generated_days import crowded_day
from tests.routing.slots.exhaustive import cheapest
from tests.routing.slots.pool_days import ask_of, basis_of, empty, granted, judge_of, windows_of
from tests.strategies import Day

DAYS: Final = 14
KINDS: Final = 2
"""Different days that are made; the 14 are copies of these, each with its own arrays."""
ASKED: Final = 40
JUDGED: Final = 6
"""Orders whose every window is laid beside exhaustive insertion, on each kind of day."""


@dataclass(frozen=True, slots=True)
class Standing:
    """14 days with their promises, and orders nobody has asked for yet."""

    days: Sequence[FollowedDay]
    kinds: Sequence[tuple[Day, Witness]]
    stops: int


def measure() -> Iterator[Measurement]:
    """Figures for both sizes, then the offers that are wrong."""
    for stops in (300, 2_000):
        standing = _standing(stops)
        yield from _speed(standing)
        yield from _truth(standing)


def _standing(stops: int) -> Standing:
    a_day = stops // DAYS + 1
    kinds = []
    for seed in range(KINDS):
        day = crowded_day(
            seed, orders=2 * a_day + ASKED, warehouses=1 + a_day // 100, trucks=5 + a_day // 2
        )
        judge, witness = judge_of(day), empty(day)
        windows = windows_of()
        dice = np.random.default_rng(seed)
        for order in day.request.orders[:-ASKED]:
            if len(witness.served) >= a_day:
                break
            ask = ask_of(order, windows[int(dice.integers(len(windows)))])
            found = judge.place(witness, ask)
            if not isinstance(found, Refusal):
                witness = granted(witness, ask, found)
        kinds.append((day, witness))
    days = []
    for number in range(DAYS):
        day, witness = kinds[number % KINDS]
        days.append(FollowedDay(basis_of(day)))
        days[-1].follow(witness)
    return Standing(days, kinds, sum(len(kinds[n % KINDS][1].served) for n in range(DAYS)))


def _speed(standing: Standing) -> Iterator[Measurement]:
    windows = windows_of()
    sifted, confirmed, offered = [], [], 0
    for number in range(ASKED):
        orders = [day.request.orders[-1 - number] for day, _ in standing.kinds]
        whole = 0.0
        for at, followed in enumerate(standing.days):
            day = followed.day
            row = day.seat(orders[at % KINDS])
            pairs = [day.second(window) for window in windows]
            starts, ends = (np.array(each) for each in zip(*pairs, strict=True))
            begin = time.thread_time()
            sift_alone(day.tables, day.routes, row, starts, ends, len(windows), day.found)
            whole += time.thread_time() - begin
            day.unseat(row)
        sifted.append(whole)
        begin = time.thread_time()
        for at, followed in enumerate(standing.days):
            found = fits(followed, orders[at % KINDS], windows)
            offered += sum(not isinstance(each, Reason) for each in found)
        confirmed.append(time.thread_time() - begin)
    size = f"{standing.stops:,} stops"
    how = f"{DAYS * len(windows)} windows, {ASKED} orders, CPU"
    for what, times in (("filter", sifted[1:]), ("confirmed", confirmed[1:])):
        for share in (50, 95):
            figure = float(np.percentile(times, share)) * 1_000
            yield Measurement(
                what=f"slots: {what} p{share}, {size}", figure=figure, unit="ms", how=how
            )
    yield Measurement(
        what=f"slots: windows offered, {size}",
        figure=offered / ASKED,
        unit="of 84",
        how="mean",
    )


def _truth(standing: Standing) -> Iterator[Measurement]:
    false_offers = missing = dearer = looked = offered = 0
    for kind, (day, witness) in enumerate(standing.kinds):
        judge, followed = judge_of(day), standing.days[kind]
        for order in day.request.orders[-JUDGED:]:
            windows = windows_of()
            for window, found in zip(windows, fits(followed, order, windows), strict=True):
                looked += 1
                best = cheapest(followed, order, window)
                if isinstance(found, Reason):
                    missing += best is not None
                    continue
                offered += 1
                dearer += best is not None and found.extra > best
                ask = replace(ask_of(order, window), promise_id="new")
                made = judge.place(witness, ask)
                false_offers += isinstance(made, Refusal) or bool(
                    judge.faults(granted(witness, ask, made))
                )
    size = f"{standing.stops:,} stops"
    for what, count, of in (
        ("false offers (auditor)", false_offers, offered),
        ("false 'missing' (exhaustive)", missing, looked),
        ("offers dearer than the cheapest", dearer, offered),
    ):
        yield Measurement(what=f"slots: {what}, {size}", figure=count, unit=f"of {of}", how="")
