"""A route in its new sequence: when it loads and leaves, beside all other trucks of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from routing.bay_numbers import Span
from routing.moves.board import Board
from routing.narrowing import slot_route
from routing.reasons import Reason
from routing.search.columns import Column, price_routes
from routing.search.loading import LoadOption, finds_a_bay, load_options
from routing.search.meetings import Visit, needs_meeting, visits_of

MOST_TRIED: Final = 8
"""Starts of loading that are tried in full: the present one, then the cheapest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When a route loads and leaves, the bays it keeps, and who comes to it by own car."""

    departs: int
    loads: int
    spans: tuple[Span, ...]
    visits: tuple[tuple[int, Visit], ...] = ()


def timed_route(
    board: Board,
    truck: int,
    sequence: tuple[int, ...],
    done: Mapping[int, Timed],
    *,
    without: Iterable[int],
) -> Timed | Reason | None:
    """Find a departure for a route: the one that people know if it holds, else the cheapest.

    `without` are the trucks whose routes change, `done` those of them that are timed already. A
    reason says what is taken by others; None: the route has no schedule at all.
    """
    priced = price_routes(board.problem, [(truck, sequence)])
    if not priced:
        return None
    column = priced[0]
    others = [
        _as_option(spans)
        for other, spans in _other_spans(board, done, without)
        if board.problem.tables.warehouse[other] == board.problem.tables.warehouse[truck]
    ]
    bays = int(board.problem.tables.bays.bays[board.problem.tables.warehouse[truck]])
    blamed = Reason.BAY_FULL
    tried = 0
    for variant, option in _options(board, truck, column):
        if not finds_a_bay(option, others, bays=bays):
            continue
        departs = option.departs(variant)
        people = _people(board, truck, sequence, departs, done, without)
        if people is None:
            blamed = Reason.SPECIALIST_BUSY
            continue
        tried += 1
        if slot_route(board.problem, truck, sequence, departs) is not None:
            return Timed(departs=departs, loads=option.start, spans=option.spans, visits=people)
        blamed = Reason.WINDOW_MISSED
        if tried == MOST_TRIED:
            break
    return blamed


def _options(board: Board, truck: int, column: Column) -> Iterator[tuple[Column, LoadOption]]:
    """Starts of loading to try, those that people know first."""
    p, known = board.problem.tables, board.solution
    if truck in known.departs:
        departs, loads = int(known.departs[truck]), int(known.loads[truck])
        if column.first <= departs <= column.last:
            kept = replace(column, departs=departs)
            start = loads if column.evening else departs - column.load_s
            for option in load_options(p, 0, kept, shared=True, wanted=(start,)):
                if option.start == start:
                    yield kept, option
    for option in load_options(p, 0, column, shared=True):
        yield column, option


def _other_spans(
    board: Board, done: Mapping[int, Timed], without: Iterable[int]
) -> Iterator[tuple[int, tuple[Span, ...]]]:
    gone = set(without)
    for other, spans in board.spans.items():
        if other not in gone:
            yield other, spans
    for other, timed in done.items():
        yield other, timed.spans


def _as_option(spans: tuple[Span, ...]) -> LoadOption:
    (start, end), *later = spans
    return LoadOption(-1, start, end, 0, later=tuple(later))


def _people(
    board: Board,
    truck: int,
    sequence: tuple[int, ...],
    departs: int,
    done: Mapping[int, Timed],
    without: Iterable[int],
) -> tuple[tuple[int, Visit], ...] | None:
    """Send somebody to every handover that asks for it, the one who is known to come if he can;
    None when nobody can."""
    if not needs_meeting(board.problem, truck, sequence):
        return ()
    visits = visits_of(board.problem, board.visitors, truck, sequence, departs)
    if visits is None:
        return None
    gone = set(without)
    diaries: dict[int, list[Visit]] = {}
    kept = [each for other, its in board.visits.items() if other not in gone for each in its]
    kept += [each for timed in done.values() for each in timed.visits]
    for person, its in kept:
        diaries.setdefault(person, []).append(its)
    given: list[tuple[int, Visit]] = []
    for visit in sorted(visits, key=lambda each: (each.begin, each.end, each.order)):
        known = board.meets.get(visit.order, -1)
        free = [
            one for one in visit.people if board.visitors.hold(one, [*diaries.get(one, []), visit])
        ]
        if not free:
            return None
        coming = known if known in free else free[0]
        diaries.setdefault(coming, []).append(visit)
        given.append((coming, visit))
    return tuple(given)
