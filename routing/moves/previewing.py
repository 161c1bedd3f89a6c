"""What a move would do: limits it breaks, what it costs, whom else it moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from geodata.units import Minor
from routing.clock import RELOAD
from routing.decode import decode
from routing.errors import BadRequest
from routing.inserting import best_insertion
from routing.moves.board import Board
from routing.moves.limits import barred, overfull, untimely, violation
from routing.moves.timing import Timed, timed_route
from routing.moves.values import Change, KnockOn, Move, Preview, RouteChange, Violation
from routing.plan import Route, Stop
from routing.reasons import Reason, Unit
from routing.rules.locks import FREE
from routing.search.solution import Solution
from routing.trips import tidied

Touched = Mapping[int, tuple[int, ...]]
"""New sequences by truck row; empty: the truck stays at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A move in rows. No `source`: the order is on no truck; no `target`: it shall be on none."""

    order: int
    source: int | None
    target: int | None


def preview(board: Board, move: Move) -> Preview:
    """Judge a move exactly, without doing it.

    Raises:
        BadRequest: order, truck or position are not there; lists every fault.
    """
    asked = _in_rows(board, move)
    before = _cost(board, asked)
    touched, broken = _sequences(board, asked, move.position)
    timed: dict[int, Timed] = {}
    if not broken:
        timed, broken = _timed(board, asked, touched)
    if broken:
        return Preview(move=move, violations=broken, cost_before=before, cost_after=before)
    decoded = decode(
        board.problem,
        Solution(
            sequences={truck: its for truck, its in touched.items() if its},
            departs={truck: its.departs for truck, its in timed.items()},
            loads={truck: its.loads for truck, its in timed.items()},
        ),
        {visit.order: person for its in timed.values() for person, visit in its.visits},
    )
    if decoded.unslotted:
        return Preview(
            move=move,
            violations=tuple(
                violation(
                    board, board.truck_of.get(each, asked.target or 0), each,
                    Reason.WINDOW_MISSED, unit=Unit.NONE,
                )
                for each in decoded.unslotted
            ),
            cost_before=before,
            cost_after=before,
        )  # fmt: skip
    routes = {board.truck_row[route.truck_id]: route for route in decoded.routes}
    change, inverse = _changes(board, asked, touched, timed)
    return Preview(
        move=move,
        violations=(),
        cost_before=before,
        cost_after=Minor(sum(route.cost.total for route in routes.values())),
        knock_on=_knock_on(board, asked, touched, routes),
        change=change,
        inverse=inverse,
    )


def _in_rows(board: Board, move: Move) -> _Asked:
    faults = []
    if move.order_id not in board.order_row:
        faults.append(f"order {move.order_id} is not in the day: check its id")
    if move.truck_id and move.truck_id not in board.truck_row:
        faults.append(f"truck {move.truck_id} is not in the day: check its id")
    if not move.truck_id and move.position is not None:
        faults.append("a position goes with a truck: leave it out")
    if faults:
        raise BadRequest(tuple(faults))
    order = board.order_row[move.order_id]
    source = board.truck_of.get(order)
    target = board.truck_row[move.truck_id] if move.truck_id else None
    if target is not None and move.position is not None:
        left = [each for each in board.solution.sequences.get(target, ()) if each != order]
        stops = sum(entry != RELOAD for entry in left)
        if not 0 <= move.position <= stops:
            raise BadRequest(
                (f"position {move.position} is not on {move.truck_id}: name 0 to {stops}",)
            )
    return _Asked(order=order, source=source, target=target)


def _sequences(
    board: Board, asked: _Asked, position: int | None
) -> tuple[Touched, tuple[Violation, ...]]:
    """New sequences of the trucks that a move touches, or what forbids it at any hour."""
    sequences, order = board.solution.sequences, asked.order
    touched: dict[int, tuple[int, ...]] = {}
    if asked.source is not None:
        left = [each for each in sequences[asked.source] if each != order]
        touched[asked.source] = tidied(left)
    if asked.target is None:
        return touched, _may_stay(board, asked)
    target, base = asked.target, touched.get(asked.target, sequences.get(asked.target, ()))
    if (bar := barred(board, target, order)) is not None:
        return touched, (bar,)
    if position is None:
        found = best_insertion(board.problem.tables, target, base, order)
        placed = found[1] if found is not None else (*base, order)
    else:
        placed = _placed(base, order, position)
    touched[target] = placed
    full = overfull(board, target, base, placed, order)
    return touched, () if full is None else (full,)


def _may_stay(board: Board, asked: _Asked) -> tuple[Violation, ...]:
    """Tell why an order may not be left behind: it was promised, or is locked to its truck."""
    truck = asked.source if asked.source is not None else 0
    if board.problem.layout.orders[asked.order].promised:
        return (violation(board, truck, asked.order, Reason.PROMISE_BROKEN, unit=Unit.NONE),)
    if int(board.problem.tables.locks.truck[asked.order]) != FREE:
        return (violation(board, truck, asked.order, Reason.LOCKED, unit=Unit.NONE),)
    return ()


def _placed(base: tuple[int, ...], order: int, position: int) -> tuple[int, ...]:
    """Put an order before the stop of a number; reloads are not counted."""
    stops = 0
    for at, entry in enumerate(base):
        if entry == RELOAD:
            continue
        if stops == position:
            return (*base[:at], order, *base[at:])
        stops += 1
    return (*base, order)


def _timed(
    board: Board, asked: _Asked, touched: Touched
) -> tuple[dict[int, Timed], tuple[Violation, ...]]:
    """Times of all touched trucks, the one that gives first: its bay comes free."""
    timed: dict[int, Timed] = {}
    broken: list[Violation] = []
    for truck, sequence in touched.items():
        if not sequence:
            continue
        found = timed_route(board, truck, sequence, timed, without=touched)
        if isinstance(found, Timed):
            timed[truck] = found
        elif found is None:
            broken.append(untimely(board, truck, sequence, asked.order))
        else:
            broken.append(violation(board, truck, asked.order, found, unit=Unit.NONE))
    return timed, tuple(broken)


def _cost(board: Board, asked: _Asked) -> Minor:
    """What the trucks cost now that the move touches, and the carrier that has the order."""
    trucks = {truck for truck in (asked.source, asked.target) if truck is not None}
    routes = sum(board.routes[truck].cost.total for truck in trucks if truck in board.routes)
    name = board.problem.layout.orders[asked.order].id
    carrier = sum(each.price_minor for each in board.plan.outsourced if each.order_id == name)
    return Minor(routes + carrier)


def _changes(
    board: Board, asked: _Asked, touched: Touched, timed: Mapping[int, Timed]
) -> tuple[Change, Change]:
    day = board.problem.layout

    def told(truck: int, sequence: tuple[int, ...], departs: int, loads: int) -> RouteChange:
        if not sequence:
            return RouteChange(truck_id=day.trucks[truck].id)
        start = day.request.horizon_start
        return RouteChange(
            truck_id=day.trucks[truck].id,
            orders=tuple("" if row == RELOAD else day.orders[row].id for row in sequence),
            departs=start + timedelta(seconds=departs),
            loads=start + timedelta(seconds=loads),
        )

    known = board.solution
    forth = tuple(
        told(truck, its, *((timed[truck].departs, timed[truck].loads) if its else (0, 0)))
        for truck, its in touched.items()
    )
    back = tuple(
        told(
            truck,
            known.sequences.get(truck, ()),
            int(known.departs.get(truck, 0)),
            int(known.loads.get(truck, 0)),
        )
        for truck in touched
    )
    carrier = known.outsourced.get(asked.order)
    if carrier is None:
        return Change(routes=forth), Change(routes=back)
    name = day.orders[asked.order].id
    return (
        Change(routes=forth, carriers=((name, ""),)),
        Change(routes=back, carriers=((name, day.request.carriers[carrier].id),)),
    )


def _knock_on(
    board: Board, asked: _Asked, touched: Touched, routes: Mapping[int, Route]
) -> tuple[KnockOn, ...]:
    """The moved order first, then all whose moment or slot changes, in the order of service."""
    old = _by_order(board.routes[truck] for truck in touched if truck in board.routes)
    new = _by_order(routes.values())
    nowhere: tuple[str, Stop | None] = ("", None)
    found: list[KnockOn] = []
    for name in dict.fromkeys((board.problem.layout.orders[asked.order].id, *new, *old)):
        truck_before, before = old.get(name, nowhere)
        truck_after, after = new.get(name, nowhere)
        change = KnockOn(
            order_id=name,
            truck_before=truck_before,
            truck_after=truck_after,
            begins_before=before.begins if before else None,
            begins_after=after.begins if after else None,
            slot_before=before.slot.window if before else None,
            slot_after=after.slot.window if after else None,
        )
        same = (change.truck_before, change.begins_before, change.slot_before) == (
            change.truck_after,
            change.begins_after,
            change.slot_after,
        )
        if not same or not found:
            found.append(change)
    return tuple(found)


def _by_order(routes: Iterable[Route]) -> dict[str, tuple[str, Stop]]:
    return {stop.order_id: (route.truck_id, stop) for route in routes for stop in route.stops}
