"""Orders moved by hand: what the preview says is what happens, and it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from routing.audit import report_text
from routing.domain.locks import Locks, OrderLock, TruckLock
from routing.errors import BadRequest
from routing.moves.board import Board, open_board, with_request
from routing.moves.doing import Done, carry_out
from routing.moves.previewing import preview
from routing.moves.values import Move, Preview
from routing.plan import Route
from routing.reasons import Reason
from tests.days import km, matrix_of, order, request, truck, warehouse
from tests.generated_days import generated_day
from tests.solving import solve
from tests.strategies import Day

pytestmark = pytest.mark.usefixtures("compiled_search")


def board_for(made, **line: object) -> Board:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Solve a day on the line, and lay its plan out."""
    travel = matrix_of(made, **line)
    return open_board(made, travel, solve(made, travel).plan)


def two_trucks() -> Board:
    """Two trucks of two cars, three orders on the line: one truck stays with a place free."""
    return board_for(
        request(
            order("O1", place=km(20)),
            order("O2", place=km(40)),
            order("O3", place=km(60), windows=[("09:00", "12:00")], promised=True),
            trucks=[truck("T1"), truck("T2", driver_id="D2")],
        )
    )


def by_hand(board: Board, move: Move) -> tuple[Preview, Done]:
    """Preview and do a move that is possible; the auditor must agree."""
    judged = preview(board, move)
    assert judged.change is not None, judged.violations
    done = carry_out(board, judged.change, seed=1)
    assert done.report.clean, report_text(done.report, "en")
    return judged, done


def where(board: Board, name: str) -> str:
    """The truck of an order; empty: none."""
    truck_row = board.truck_of.get(board.order_row[name])
    return "" if truck_row is None else board.problem.layout.trucks[truck_row].id


def bare(routes: tuple[Route, ...]) -> list[Route]:
    """Routes without the name of whoever found them, and without simulated chances."""
    return [replace(route, engine="") for route in routes]


def test_an_order_goes_where_it_is_put_and_everybody_behind_it_moves() -> None:
    """The moved order and all that come later are told, with both moments."""
    board = two_trucks()
    name, target = "O1", {"T1": "T2", "T2": "T1"}[where(board, "O1")]
    if len(board.solution.sequences.get(board.truck_row[target], ())) == 2:
        name, target = next(
            (each, {"T1": "T2", "T2": "T1"}[target])
            for each in ("O2", "O3")
            if where(board, each) == target
        )
    judged, done = by_hand(board, Move(order_id=name, truck_id=target, position=0))
    assert where(done.board, name) == target
    assert judged.knock_on[0].order_id == name
    assert judged.knock_on[0].truck_after == target
    stops = done.board.stops
    for each in judged.knock_on:
        assert each.begins_after == stops[each.order_id].begins
        assert each.slot_after == stops[each.order_id].slot.window


def test_a_full_truck_takes_no_more() -> None:
    """The deck has two positions; the third car does not fit by one."""
    board = board_for(
        request(
            *(order(f"O{n}", place=km(20 * n)) for n in (1, 2, 3)),
            trucks=[truck("T1"), truck("T2", driver_id="D2")],
        )
    )
    full = next(route for route in board.plan.routes if len(route.stops) == 2)
    other = next(name for name in ("O1", "O2", "O3") if where(board, name) != full.truck_id)
    judged = preview(board, Move(order_id=other, truck_id=full.truck_id))
    assert not judged.possible
    assert [each.reason for each in judged.violations] == [Reason.DECK_NO_FIT]


def test_a_position_that_makes_a_promise_late_is_refused_and_another_one_is_not() -> None:
    """O2 promised 08:00-09:00 at 40 km: after O1, with its 80 min of service, it comes too late."""
    board = board_for(
        request(
            order("O1", place=km(50)),
            order("O2", place=km(40), windows=[("08:00", "09:00")], promised=True),
            trucks=[truck("T1"), truck("T2", driver_id="D2")],
        )
    )
    target = where(board, "O2")
    first = preview(board, Move(order_id="O1", truck_id=target, position=0))
    assert not first.possible
    assert first.violations[0].reason in {Reason.PROMISE_BROKEN, Reason.WINDOW_MISSED}
    assert preview(board, Move(order_id="O1", truck_id=target, position=1)).possible


def test_a_promise_is_not_taken_off_its_truck() -> None:
    """Nobody but the buyer gives it up."""
    judged = preview(two_trucks(), Move(order_id="O3"))
    assert [each.reason for each in judged.violations] == [Reason.PROMISE_BROKEN]


def test_an_order_that_is_taken_off_says_who_did_it() -> None:
    """The auditor accepts it: no false reason is made up."""
    board = two_trucks()
    _, done = by_hand(board, Move(order_id="O2"))
    (left,) = done.board.plan.left_behind
    assert left.order_id == "O2"
    assert left.fix_tried == ("by_hand",)
    back, again = by_hand(done.board, Move(order_id="O2", truck_id=where(board, "O2")))
    assert back.possible
    assert again.board.plan.left_behind == ()


def test_a_pinned_order_stays() -> None:
    """A lock keeps it where it is; a frozen truck takes nothing on."""
    board = two_trucks()
    here = where(board, "O1")
    other = {"T1": "T2", "T2": "T1"}[here]
    pinned = Locks(orders=(OrderLock(order_id="O1", truck_id=here),))
    held = with_request(board, replace(board.request, locks=pinned))
    judged = preview(held, Move(order_id="O1", truck_id=other))
    assert [each.reason for each in judged.violations] == [Reason.LOCKED]
    sequence = tuple(
        stop.order_id
        for route in board.plan.routes
        if route.truck_id == other
        for stop in route.stops
    )
    frozen = Locks(trucks=(TruckLock(truck_id=other, orders=sequence),))
    shut = with_request(board, replace(board.request, locks=frozen))
    assert not preview(shut, Move(order_id="O1", truck_id=other)).possible


def test_a_car_of_another_warehouse_is_not_put_on_a_truck() -> None:
    """It does not stand there."""
    made = request(
        order("O1", place=km(20)),
        order("O2", place=km(90), warehouse_id="R2"),
        trucks=[truck("T1"), truck("T2", driver_id="D2", warehouse_id="R2")],
        warehouses=[warehouse("RDC"), warehouse("R2", place=km(100))],
    )
    judged = preview(board_for(made), Move(order_id="O2", truck_id="T1"))
    assert not judged.possible


def test_a_bay_that_is_taken_moves_the_loading_or_refuses_it() -> None:
    """One bay: two trucks that must both load from 06:00 to be in time cannot."""
    tight = [("06:50", "06:55")]
    board = board_for(
        request(
            order("O1", place=km(20), windows=tight, promised=True),
            order("O2", place=km(20), windows=tight),
            trucks=[
                truck("T1", cars=1, shift=("06:00", "20:00")),
                truck("T2", cars=1, driver_id="D2", shift=("06:00", "20:00")),
            ],
            warehouses=[warehouse("RDC", bays=1)],
        )
    )
    free = {"T1": "T2", "T2": "T1"}[where(board, "O1")]
    judged = preview(board, Move(order_id="O2", truck_id=free))
    assert [each.reason for each in judged.violations] == [Reason.BAY_FULL]


@pytest.mark.parametrize(
    "move",
    [
        Move(order_id="O9", truck_id="T1"),
        Move(order_id="O1", truck_id="T9"),
        Move(order_id="O1", truck_id="T1", position=7),
        Move(order_id="O1", position=0),
    ],
)
def test_what_is_not_there_is_said(move: Move) -> None:
    """A slip of the pen is a fault and not a move."""
    with pytest.raises(BadRequest):
        preview(two_trucks(), move)


@pytest.mark.parametrize("seed", range(4))
def test_random_moves_are_audited_cost_what_was_said_and_go_back(seed: int) -> None:
    """Days of two shortages: whatever the preview allows the auditor accepts, at the told cost;
    the inverse gives the same routes to the second."""
    day: Day = generated_day(seed)
    board = open_board(day.request, day.travel, solve(day.request, day.travel).plan)
    luck = Random(seed)
    orders = [each.id for each in day.request.orders]
    trucks = ["", *(each.id for each in day.request.trucks)]
    done = 0
    for _ in range(60):
        move = Move(order_id=luck.choice(orders), truck_id=luck.choice(trucks))
        judged = preview(board, move)
        if judged.change is None or judged.inverse is None:
            continue
        after = carry_out(board, judged.change, seed=1)
        assert after.report.clean, report_text(after.report, "en")
        gained = after.board.plan.cost_minor - board.plan.cost_minor
        assert gained == judged.cost_after - judged.cost_before
        back = carry_out(after.board, judged.inverse, seed=1)
        assert bare(back.board.plan.routes) == bare(board.plan.routes)
        board = after.board
        done += 1
        if done == 6:
            return
    assert done > 0
