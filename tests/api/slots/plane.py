"""A small honest judge: trucks on a plane, a kilometre a minute, the whole route judged at once.

And a checker of it that was written apart: it believes neither the order nor the times it reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import hypot
from typing import Any

from routing.domain.windows import Window
from routing.errors import UnknownBasis
from routing.judge import Refusal, WitnessFault
from routing.witness import Ask, CountedKey, Decision, Promise, RouteRecord, Witness

SERVICE_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneTruck:
    """A truck: how many cars it takes, and its shift in minutes of the day (UTC)."""

    id: str
    cars: int = 1
    starts: int = 0
    ends: int = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a basis stands for: the trucks that there are, and minutes for a kilometre."""

    trucks: Mapping[str, PlaneTruck]
    pace: float = 1.0

    @staticmethod
    def of(*trucks: PlaneTruck, pace: float = 1.0) -> World:
        return World(trucks={each.id: each for each in trucks}, pace=pace)


def minute(day: date, moment: datetime) -> int:
    """Minutes since the day began (UTC), cut to whole ones."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((moment - start).total_seconds() // 60)


def at(day: date, minutes: int) -> datetime:
    """The moment so many minutes into a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)


def window(day: date, start: int, end: int) -> Window:
    """A window by its minutes."""
    return Window(start=at(day, start), end=at(day, end))


@dataclass(frozen=True, slots=True)
class _Visit:
    promise_id: str
    x: float
    y: float
    opens: int
    closes: int


@dataclass(slots=True)
class PlaneJudge:
    """Cheapest insertion on a plane. `worlds` by basis."""

    worlds: dict[str, World] = field(default_factory=dict)

    def _world(self, witness: Witness) -> World:
        if witness.basis not in self.worlds:
            raise UnknownBasis(f"basis {witness.basis!r} was never told")
        return self.worlds[witness.basis]

    def place(self, witness: Witness, ask: Ask) -> Decision | Refusal:
        world = self._world(witness)
        new = _visit(witness.day, ask)
        best: tuple[float, str, list[_Visit]] | None = None
        for truck in sorted(world.trucks.values(), key=lambda each: each.id):
            made = witness.routes.get(truck.id)
            if made is not None and len(made.serves) >= truck.cars:
                continue
            visits = _visits(witness, truck.id)
            for place in range(len(visits) + 1):
                tried = [*visits[:place], new, *visits[place:]]
                length = _drive(world, truck, tried)
                if length is not None and (best is None or length < best[0]):
                    best = (length, truck.id, tried)
        if best is None:
            return Refusal(reason="full", detail="no truck has room in this window")
        _, truck_id, visits = best
        stock = ask.load.get("stock")
        counted = {CountedKey("stock", str(stock), ""): 1} if stock else {}
        return Decision(
            routes={truck_id: route(world, world.trucks[truck_id], visits)}, counted=counted
        )

    def without(self, witness: Witness, *promise_ids: str) -> Decision:
        world = self._world(witness)
        routes: dict[str, RouteRecord | None] = {}
        for truck_id, made in witness.routes.items():
            if not set(promise_ids) & set(made.serves):
                continue
            left = [v for v in _visits(witness, truck_id) if v.promise_id not in promise_ids]
            truck = world.trucks.get(truck_id)
            if not left:
                routes[truck_id] = None
            elif truck is None:
                routes[truck_id] = _unchecked(world, truck_id, left)
            else:
                routes[truck_id] = route(world, truck, left)
        return Decision(routes=routes)

    def retimed(self, witness: Witness) -> Decision:
        world = self._world(witness)
        return Decision(
            routes={
                each: route(world, world.trucks[each], _visits(witness, each))
                if each in world.trucks
                else None
                for each in witness.routes
            }
        )

    def faults(self, witness: Witness) -> tuple[WitnessFault, ...]:
        return tuple(check(self._world(witness), witness))


def _visit(day: date, ask: Ask) -> _Visit:
    return _Visit(
        ask.promise_id,
        float(str(ask.load["x"])),
        float(str(ask.load["y"])),
        minute(day, ask.window.start),
        minute(day, ask.window.end),
    )


def _visits(witness: Witness, truck_id: str) -> list[_Visit]:
    made = witness.routes.get(truck_id)
    told: Sequence[Mapping[str, Any]] = [] if made is None else made.told["stops"]  # type: ignore[assignment]
    visits = []
    for stop in told:
        known = witness.promises.get(stop["promise_id"])
        opens, closes = stop["window"]
        if known is not None:
            opens = minute(witness.day, known.ask.window.start)
            closes = minute(witness.day, known.ask.window.end)
        visits.append(_Visit(stop["promise_id"], stop["x"], stop["y"], opens, closes))
    return visits


def _drive(world: World, truck: PlaneTruck, visits: Sequence[_Visit]) -> float | None:
    """Length of a route, or None where it comes late or ends after the shift."""
    clock, x, y, length = float(truck.starts), 0.0, 0.0, 0.0
    for visit in visits:
        leg = hypot(visit.x - x, visit.y - y)
        clock = max(clock + leg * world.pace, visit.opens)
        if clock >= visit.closes:
            return None
        clock += SERVICE_MIN
        length += leg
        x, y = visit.x, visit.y
    back = hypot(x, y)
    return None if clock + back * world.pace > truck.ends else length + back


def route(world: World, truck: PlaneTruck, visits: Sequence[_Visit]) -> RouteRecord:
    """Write a route with its times."""
    return _unchecked(world, truck.id, visits, starts=truck.starts)


def _unchecked(
    world: World, truck_id: str, visits: Sequence[_Visit], *, starts: int = 0
) -> RouteRecord:
    clock, x, y = float(starts), 0.0, 0.0
    stops: list[Mapping[str, object]] = []
    for visit in visits:
        arrives = clock + hypot(visit.x - x, visit.y - y) * world.pace
        begins = max(arrives, visit.opens)
        clock, x, y = begins + SERVICE_MIN, visit.x, visit.y
        stops.append(
            {
                "promise_id": visit.promise_id,
                "x": x,
                "y": y,
                "window": [visit.opens, visit.closes],
                "arrives": round(arrives, 6),
                "begins": round(begins, 6),
                "ends": round(clock, 6),
            }
        )
    told = {
        "departs": starts,
        "stops": stops,
        "returns": round(clock + hypot(x, y) * world.pace, 6),
    }
    return RouteRecord(
        truck_id=truck_id, serves=tuple(each.promise_id for each in visits), told=told
    )


# ---- the checker ----------------------------------------------------------------------------

TOLERANCE = 1e-3


def check(world: World, witness: Witness) -> list[WitnessFault]:
    """Believe nothing: recount who is served, and check each time against the one before."""
    faults = []
    seen: dict[str, str] = {}
    for truck_id, made in witness.routes.items():
        for promise_id in made.serves:
            if promise_id in seen:
                faults.append(WitnessFault(text=f"{promise_id} twice", promise_id=promise_id))
            if promise_id not in witness.promises:
                faults.append(WitnessFault(text=f"{promise_id} unasked", promise_id=promise_id))
            seen[promise_id] = truck_id
        faults += _check_route(world, witness, made)
    for promise_id, promise in witness.promises.items():
        if not (promise.at_risk_by or promise.done) and promise_id not in seen:
            faults.append(WitnessFault(text=f"{promise_id} unserved", promise_id=promise_id))
    return faults


def _check_route(world: World, witness: Witness, made: RouteRecord) -> list[WitnessFault]:
    truck = world.trucks.get(made.truck_id)
    if truck is None:
        return [WitnessFault(text=f"no truck {made.truck_id}", truck_id=made.truck_id)]
    told: Mapping[str, Any] = made.told
    stops = told["stops"]
    faults = []

    def whole(text: str) -> None:
        faults.append(WitnessFault(text=f"{truck.id}: {text}", truck_id=truck.id))

    if [stop["promise_id"] for stop in stops] != list(made.serves):
        whole("the route is another one than it says")
    if len(stops) > truck.cars:
        whole(f"{len(stops)} cars on {truck.cars}")
    if told["departs"] < truck.starts or told["returns"] > truck.ends + TOLERANCE:
        whole("outside its shift")
    free, here = told["departs"], (0.0, 0.0)
    for stop in stops:
        faults += _check_stop(world, witness, stop, free, here)
        free, here = stop["ends"], (stop["x"], stop["y"])
    home = hypot(*here) * world.pace
    if told["returns"] < free + home - TOLERANCE:
        whole("home sooner than it can drive")
    return faults


def _check_stop(
    world: World,
    witness: Witness,
    stop: Mapping[str, Any],
    free: float,
    here: tuple[float, float],
) -> list[WitnessFault]:
    promise_id = stop["promise_id"]
    promise: Promise | None = witness.promises.get(promise_id)
    if promise is None or promise.done:
        return []
    wrong = []
    load = promise.ask.load
    if (load["x"], load["y"]) != (stop["x"], stop["y"]):
        wrong.append("another place")
    leg = hypot(stop["x"] - here[0], stop["y"] - here[1]) * world.pace
    if stop["arrives"] < free + leg - TOLERANCE:
        wrong.append("there sooner than it can drive")
    lasts = stop["ends"] - stop["begins"]
    if stop["begins"] < stop["arrives"] - TOLERANCE or lasts < SERVICE_MIN - TOLERANCE:
        wrong.append("times out of order")
    opens = minute(witness.day, promise.ask.window.start)
    closes = minute(witness.day, promise.ask.window.end)
    if not opens <= stop["begins"] < closes:
        wrong.append(f"begins {stop['begins']} outside {opens}-{closes}")
    return [WitnessFault(text=f"{promise_id}: {each}", promise_id=promise_id) for each in wrong]
