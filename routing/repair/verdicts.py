"""What people say of the lines of a repair: this one stays as proposed, that one goes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from routing.errors import BadRequest
from routing.plan import Plan, Route
from routing.plan_weights import ChangeKind
from routing.repair.standing import stops_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An order whose line is accepted, or rejected, and where it is to stay because of that.

    `truck_id` leaves at `departs` and makes `stops` first, this order the last of them; on no
    truck (empty): the order is not to be brought.
    """

    order_id: str
    accepted: bool
    truck_id: str = ""
    stops: tuple[str, ...] = ()
    departs: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A line of a repair, as much of it as verdicts are about."""

    number: int
    order_id: str
    kind: ChangeKind
    truck_before: str
    stays: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The first stops of a truck and its departure, as verdicts want them."""

    stops: tuple[str, ...]
    departs: datetime


def verdicts_on(
    lines: Sequence[Proposed],
    before: Plan,
    proposed: Plan,
    *,
    accept: Collection[int],
    reject: Collection[int],
    earlier: tuple[Verdict, ...] = (),
) -> tuple[Verdict, ...]:
    """Word what was said of lines, by their numbers, together with what was said before.

    Raises:
        BadRequest: a line that is not there, or cannot go back; lists every fault.
    """
    known = {line.number: line for line in lines}
    faults = [
        f"there is no line {number}: the repair has {len(lines)}, from 1"
        for number in sorted({*accept, *reject} - known.keys())
    ]
    faults += [
        f"line {number} is accepted and rejected: choose one"
        for number in sorted({*accept} & {*reject})
    ]
    faults += [
        fault for number in sorted({*reject} & known.keys()) if (fault := _stays(known[number]))
    ]
    if faults:
        raise BadRequest(tuple(faults))
    back = {known[number].order_id for number in reject}
    said = {each.order_id: each for each in earlier}
    for number in sorted(accept):
        name = known[number].order_id
        said[name] = _at(name, proposed, accepted=True)
    there = {name: route.truck_id for name, (route, _) in stops_of(proposed).items()}
    for name in sorted(back):
        verdict = _at(name, before, accepted=False)
        stops = tuple(
            each
            for each in verdict.stops
            if each in back or there.get(each) == verdict.truck_id
        )  # fmt: skip
        said[name] = Verdict(
            order_id=name,
            accepted=False,
            truck_id=verdict.truck_id,
            stops=stops,
            departs=verdict.departs,
        )
    return tuple(said[name] for name in sorted(said))


def kept_stops(verdicts: Sequence[Verdict], today: Collection[str]) -> dict[str, Kept]:
    """Put together what verdicts want of each truck, orders that are not of the day left out.

    Raises:
        BadRequest: a truck would have to leave at two moments.
    """
    place = {each.order_id: each.truck_id for each in verdicts}
    found: dict[str, Kept] = {}
    faults = []
    for verdict in verdicts:
        if not verdict.truck_id or verdict.departs is None:
            continue
        mine = [
            name
            for name in verdict.stops
            if name in today and place.get(name, verdict.truck_id) == verdict.truck_id
        ]
        other = found.get(verdict.truck_id)
        if other is not None and other.departs != verdict.departs:
            its = [v.order_id for v in verdicts if v.truck_id == verdict.truck_id]
            faults.append(
                f"what was said of {', '.join(its)} contradicts itself, as truck"
                f" {verdict.truck_id} leaves only once: reject or accept them together"
            )
            continue
        stops = mine if other is None else _together(other.stops, mine)
        found[verdict.truck_id] = Kept(stops=tuple(stops), departs=verdict.departs)
    if faults:
        raise BadRequest(tuple(dict.fromkeys(faults)))
    return {truck: kept for truck, kept in found.items() if kept.stops}


def not_wanted(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """Orders that were to be added, and shall not be."""
    return frozenset(each.order_id for each in verdicts if not each.accepted and not each.truck_id)


def _stays(line: Proposed) -> str:
    """Say why a line cannot go back; empty: it may be asked for."""
    name = line.order_id
    if line.kind is ChangeKind.CANCELLED:
        return f"line {line.number} is what happened, order {name} is cancelled: repair without it"
    if line.stays:
        where = f"truck {line.truck_before}" if line.truck_before else "where it was"
        return (
            f"line {line.number} cannot go back, {where} cannot bring order {name} as it was:"
            " accept it, or repair without the event"
        )
    return ""


def _at(name: str, plan: Plan, *, accepted: bool) -> Verdict:
    found: tuple[Route, object] | None = stops_of(plan).get(name)
    if found is None:
        return Verdict(order_id=name, accepted=accepted)
    route, _ = found
    names = [stop.order_id for stop in route.stops]
    return Verdict(
        order_id=name,
        accepted=accepted,
        truck_id=route.truck_id,
        stops=tuple(names[: names.index(name) + 1]),
        departs=route.departs,
    )


def _together(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """One sequence with the other's stops in it, each after the one it follows."""
    found = list(one)
    after = 0
    for name in other:
        if name not in found:
            found.insert(after, name)
        after = found.index(name) + 1
    return found
