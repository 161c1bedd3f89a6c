"""What could be conceded for a left-behind order, priced by the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from routing.domain.fleet import MOST_NIGHTS, Truck, TruckKind
from routing.domain.orders import Order
from routing.explain.amounts import overtime_amounts, ready_amounts, window_amounts
from routing.explain.change import Change
from routing.explain.gives import stay_out
from routing.inserting import fits_somewhere, runs_with
from routing.plan import FixKind
from routing.problem import Problem
from routing.rules.deck import stands_on
from routing.rules.locks import FREE
from routing.search.solution import Solution

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest

EXTRA_TRUCK: Final = "EXTRA"
"""How the id of a truck that is not there yet begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One concession: its change, its price in fen.

    `scaled` makes the same concession of another size (minutes; price follows `fen_per_minute`);
    None where there is nothing to scale.
    """

    kind: FixKind
    fen: int
    change: Change
    minutes: int = 0
    fen_per_minute: int = 0
    scaled: Callable[[int], Change] | None = None


def candidates(
    request: PlanRequest, problem: Problem, standing: Solution, order: int
) -> list[Candidate]:
    """List what may be conceded, cheapest first.

    `problem` and `standing` are those of the order's warehouse; `request` is the whole day's:
    a truck may be hired like one that stands elsewhere. Concessions of time come with the
    smallest amount that lets the order be inserted as it stands, or not at all.
    """
    car = problem.layout.orders[order]
    found = [
        *_of_time(problem, standing, order),
        *_of_papers(request, car),
        *_of_trade_ins(request, car),
        *_of_place(request, problem, order),
        *_of_crew(request, problem, car),
        *_of_permits(request, problem, car),
        *_of_bays(request, problem, standing, order),
        *_of_trucks(request, problem, car),
        *_of_days(request),
        *_of_nights(request, problem, standing, order),
        *_of_locks(request, problem, order),
    ]
    return sorted(found, key=lambda each: each.fen)


def _of_time(problem: Problem, standing: Solution, order: int) -> Iterator[Candidate]:
    """Only the cheapest way of each kind: the others say the same for more."""
    prices = problem.layout.request.policy.concessions
    routes = standing.sequences
    for kind, amounts, rate in (
        (FixKind.WIDEN_WINDOW, window_amounts, prices.window_minute),
        (FixKind.OVERTIME, overtime_amounts, prices.overtime_minute),
        (FixKind.READY_EARLIER, ready_amounts, prices.ready_minute),
    ):
        for amount in sorted(amounts(problem, routes, order), key=lambda each: each.minutes)[:2]:
            yield Candidate(
                kind=kind,
                fen=amount.minutes * rate,
                change=amount.change(amount.minutes),
                minutes=amount.minutes,
                fen_per_minute=rate,
                scaled=amount.change,
            )


def _of_papers(request: PlanRequest, car: Order) -> Iterator[Candidate]:
    missing = [each.value for each in car.readiness.missing]
    if missing:
        yield Candidate(
            kind=FixKind.PRECONDITION,
            fen=request.policy.concessions.precondition * len(missing),
            change={"papers_done": ",".join(missing)},
        )


def _of_trade_ins(request: PlanRequest, car: Order) -> Iterator[Candidate]:
    if car.trade_in is not None:
        yield Candidate(
            kind=FixKind.TRADE_IN_LATER,
            fen=request.policy.concessions.trade_in_later,
            change={"trade_in_later": 1},
        )


def _of_place(request: PlanRequest, problem: Problem, order: int) -> Iterator[Candidate]:
    """Meet where larger trucks get to: the place stays, as the next good road is near it."""
    car = problem.layout.orders[order]
    at_home = {truck.kind.size for truck in problem.layout.trucks}
    kinds = list(TruckKind)
    for size in range(car.access.size + 1, min(car.access.size + 2, len(kinds) - 1) + 1):
        if size in at_home:
            yield Candidate(
                kind=FixKind.MEET_POINT,
                fen=request.policy.concessions.meet_point * (size - car.access.size),
                change={"access": kinds[size].value},
            )


def _of_crew(request: PlanRequest, problem: Problem, car: Order) -> Iterator[Candidate]:
    """Put someone who knows how on a truck that gets there: on the smallest and the largest."""
    lacking = [
        truck
        for truck in problem.layout.trucks
        if not car.skills <= truck.skills
        and truck.kind.size <= car.access.size
        and _takes(truck, car)
    ]
    lacking.sort(key=lambda truck: (len(car.skills - truck.skills), len(truck.deck.positions)))
    for truck in {each.id: each for each in (*lacking[:2], *lacking[-1:])}.values():
        missing = sorted(car.skills - truck.skills)
        yield Candidate(
            kind=FixKind.SKILLED_CREW,
            fen=request.policy.concessions.skilled_crew * len(missing),
            change={"crew_truck": truck.id, "crew_skills": ",".join(missing)},
        )


def _of_permits(request: PlanRequest, problem: Problem, car: Order) -> Iterator[Candidate]:
    trucks = {truck.id: truck for truck in problem.layout.trucks}
    home = problem.layout.warehouses[0].place.id
    pairs = {
        (ban.truck_id, ban.place_id): None
        for ban in request.bans
        if ban.truck_id in trucks
        and ban.place_id in (car.place.id, home)
        and _may_serve(trucks[ban.truck_id], car)
    }
    for truck_id, place_id in pairs:
        yield Candidate(
            kind=FixKind.BAN_PERMIT,
            fen=request.policy.concessions.ban_permit,
            change={"permit_truck": truck_id, "permit_place": place_id},
        )


def _of_bays(
    request: PlanRequest, problem: Problem, standing: Solution, order: int
) -> Iterator[Candidate]:
    """A bay more only helps where trucks share bays, and one of them could take the order."""
    house = problem.layout.warehouses[0]
    if house.bays < len(problem.layout.trucks) and fits_somewhere(
        problem.tables, standing.sequences, order
    ):
        yield Candidate(
            kind=FixKind.EXTRA_BAY,
            fen=request.policy.concessions.extra_bay,
            change={"extra_bay": house.id},
        )


def _of_trucks(request: PlanRequest, problem: Problem, car: Order) -> Iterator[Candidate]:
    """One more truck of each kind, like one that could do it: at home first, else elsewhere."""
    home = problem.layout.warehouses[0].id
    names = {truck.id for truck in request.trucks}
    number = next(n for n in range(1, len(names) + 2) if f"{EXTRA_TRUCK}-{n}" not in names)
    best: Mapping[TruckKind, Truck] = {
        truck.kind: truck
        for truck in sorted(
            (truck for truck in request.trucks if _may_serve(truck, car)),
            key=lambda truck: (truck.warehouse_id == home, bool(truck.driver_id)),
        )
    }
    for kind, like in best.items():
        price = request.policy.concessions.truck_day.get(kind.value)
        if price is not None:
            yield Candidate(
                kind=FixKind.EXTRA_TRUCK,
                fen=price,
                change={
                    "extra_truck_like": like.id,
                    "extra_truck_kind": kind.value,
                    "extra_truck_id": f"{EXTRA_TRUCK}-{number}",
                },
            )


def _of_locks(request: PlanRequest, problem: Problem, order: int) -> Iterator[Candidate]:
    """Take back what somebody fixed: the order's own lock, or that of a truck shut to it."""
    p, car = problem.tables, problem.layout.orders[order]
    price = request.policy.concessions.unlock
    if int(p.locks.truck[order]) != FREE:
        yield Candidate(kind=FixKind.UNLOCK, fen=price, change={"unlock_order": car.id})
    locks = problem.layout.request.locks
    for truck_id in dict.fromkeys(lock.truck_id for lock in locks.held):
        if any(truck.id == truck_id and _may_serve(truck, car) for truck in problem.layout.trucks):
            yield Candidate(kind=FixKind.UNLOCK, fen=price, change={"unlock_truck": truck_id})


def _of_nights(
    request: PlanRequest, problem: Problem, standing: Solution, order: int
) -> Iterator[Candidate]:
    """Let a truck stay out once more, where some truck of the day may do so at all."""
    if all(truck.nights_max == 0 for truck in request.trucks):
        return
    p, routes = problem.tables, standing.sequences
    for row, truck in enumerate(problem.layout.trucks):
        if truck.nights_max < MOST_NIGHTS and p.allowed[row, order]:
            longer = stay_out(p, row, 1)
            if runs_with(longer, row, routes.get(row, ()), order):
                yield Candidate(
                    kind=FixKind.NIGHT_OUT,
                    fen=request.policy.concessions.night_out,
                    change={"night_truck": truck.id, "nights_max": truck.nights_max + 1},
                )
                return


def _of_days(request: PlanRequest) -> Iterator[Candidate]:
    yield Candidate(
        kind=FixKind.DAY_LATER,
        fen=request.policy.concessions.day_later,
        change={"days_later": request.days},
    )


def _may_serve(truck: Truck, car: Order) -> bool:
    return truck.kind.size <= car.access.size and car.skills <= truck.skills and _takes(truck, car)


def _takes(truck: Truck, car: Order) -> bool:
    model = car.vehicle.model
    return model.mass_kg <= truck.deck.payload_kg and any(
        stands_on(model, position) for position in truck.deck.positions
    )
