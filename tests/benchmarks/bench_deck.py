"""How long the exact deck check takes: ten positions, new trips, known trips, trade-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Final

import numba
import numpy as np
from numpy.typing import NDArray

from routing.domain.orders import TradeIn
from routing.domain.vehicles import Model
from routing.problem import Tables, build_problem
from routing.shunts import DeckMemory, fewest_shunts, new_deck_memory
from tests.benchmarks.measurement import Measurement
from tests.days import SEDAN, matrix_of, order, request, truck, two_level_deck

CARS: Final = 60
POSITIONS: Final = (6, 8, 10, 12)


def measure() -> Iterator[Measurement]:
    """CPU microseconds a trip, compilation apart; trips of all positions but up to two."""
    for positions in POSITIONS:
        yield from _measured(positions, trade_ins=0, trips=4_000)
    for trade_ins in (1, 2):
        yield from _measured(10, trade_ins=trade_ins, trips=400)


def _measured(positions: int, *, trade_ins: int, trips: int) -> Iterator[Measurement]:
    tables = _tables(positions)
    rng = np.random.default_rng(positions)
    rows, lengths = _trips(rng, positions, trade_ins=trade_ins, trips=trips)
    memory = new_deck_memory()
    _ask(tables, rows[:1], lengths[:1], new_deck_memory(), False)
    started = process_time()
    answers = _ask(tables, rows, lengths, memory, False)
    new_us = (process_time() - started) / trips * 1e6
    started = process_time()
    for _ in range(5):
        _ask(tables, rows[:300], lengths[:300], memory, False)
    known_us = (process_time() - started) / 1_500 * 1e6
    fits = answers >= 0
    moved = np.mean(answers[fits] >> 48) if fits.any() else 0.0
    what = f"{positions} positions, {trade_ins} trade-ins"
    yield Measurement(
        what=f"{what}: a trip met first",
        figure=new_us,
        unit="us",
        how=f"{trips} random trips; {fits.mean():.0%} fit, {moved:.1f} shunts a trip",
    )
    started = process_time()
    _ask(tables, rows[:300], lengths[:300], memory, True)
    cold_us = (process_time() - started) / 300 * 1e6
    yield Measurement(
        what=f"{what}: nothing remembered", figure=cold_us, unit="us", how="solved afresh each time"
    )
    yield Measurement(what=f"{what}: met again", figure=known_us, unit="us", how="from memory")


def _tables(positions: int) -> Tables:
    """Cars of nine sizes on a two-level deck with a low lower level; a third have a trade-in."""
    deck = two_level_deck(positions)
    low = tuple(
        replace(each, height_mm=1_750 if each.id.startswith("下") else 2_000)
        for each in deck.positions
    )
    sizes = [(high, long) for high in (1_450, 1_700, 1_900) for long in (4_300, 4_700, 5_200)]
    models = [_model(high, long) for high, long in sizes]
    rng = np.random.default_rng(1)
    cars = [
        order(
            f"O{n}",
            model=models[int(rng.integers(len(models)))],
            trade_in=TradeIn(model_name="旧车") if n < CARS // 3 else None,
        )
        for n in range(CARS)
    ]
    day = request(*cars, trucks=[truck(deck=replace(deck, positions=low))])
    return build_problem(day, matrix_of(day)).tables


def _model(high: int, long: int) -> Model:
    return replace(SEDAN, id=f"{high}-{long}", height_mm=high, length_mm=long)


def _trips(
    rng: np.random.Generator, positions: int, *, trade_ins: int, trips: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    rows = np.zeros((trips, positions), dtype=np.int32)
    lengths = rng.integers(positions - 2, positions + 1, size=trips)
    for row, n in zip(rows, lengths, strict=True):
        swaps = rng.choice(CARS // 3, trade_ins, replace=False)
        others = CARS // 3 + rng.choice(CARS - CARS // 3, n - trade_ins, replace=False)
        row[:n] = rng.permutation(np.concatenate([swaps, others]))
    return rows, lengths


@numba.njit(nogil=True)
def _ask(
    p: Tables, rows: NDArray[np.int32], lengths: NDArray[np.int64], memory: DeckMemory, forget: bool
) -> NDArray[np.int64]:
    answers = np.zeros(len(rows), dtype=np.int64)
    for i in range(len(rows)):
        if forget:
            memory.keys[:, 0] = 0
        answers[i] = fewest_shunts(p, 0, rows[i], 0, lengths[i], memory)
    return answers
