"""Moves by hand: previews beside 300 and 2,000 orders, CPU of the thread, the plan compiled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from typing import Final

import numpy as np

from routing.explain import Effort
from routing.moves.board import Board, open_board
from routing.moves.doing import carry_out
from routing.moves.previewing import preview
from routing.moves.values import Change, Move
from routing.planner import plan_day
from routing.search.budget import Iterations
from tests.benchmarks.measurement import Measurement
from tests.generated_days import crowded_day

TRIED: Final = 200
DONE: Final = 5


def measure() -> Iterator[Measurement]:
    """Figures for both sizes."""
    for orders in (300, 2_000):
        day = crowded_day(1, orders=orders, warehouses=1 + orders // 150, trucks=orders // 5)
        planned = plan_day(
            day.request, day.travel, budget=Iterations(2_000), seed=1, effort=Effort(fixes=0)
        )
        begin = time.thread_time()
        board = open_board(day.request, day.travel, planned.plan)
        opened = time.thread_time() - begin
        size = f"{orders:,} orders"
        yield Measurement(what=f"moves: compile, {size}", figure=opened, unit="s", how="once")
        yield from _previews(board, size)


def _previews(board: Board, size: str) -> Iterator[Measurement]:
    dice = Random(1)
    orders = [each.id for each in board.problem.layout.orders]
    homes = {each.id: each.warehouse_id for each in board.problem.layout.orders}
    trucks = [each for each in board.problem.layout.trucks if each.driver_id]
    times: list[float] = []
    possible: list[Change] = []
    for _ in range(TRIED):
        name = dice.choice(orders)
        near = [each.id for each in trucks if each.warehouse_id == homes[name]]
        move = Move(order_id=name, truck_id=dice.choice([*near, ""]))
        begin = time.thread_time()
        seen = preview(board, move)
        times.append(time.thread_time() - begin)
        if seen.change is not None:
            possible.append(seen.change)
    for share in (50, 95):
        yield Measurement(
            what=f"moves: preview p{share}, {size}",
            figure=float(np.percentile(times[5:], share)) * 1_000,
            unit="ms",
            how=f"{TRIED} moves, {len(possible)} possible, CPU",
        )
    begun = time.thread_time()
    clean = sum(carry_out(board, each, seed=1).report.clean for each in possible[:DONE])
    yield Measurement(
        what=f"moves: done and audited, {size}",
        figure=(time.thread_time() - begun) / max(1, len(possible[:DONE])),
        unit="s",
        how=f"mean of {len(possible[:DONE])}, {clean} clean",
    )
