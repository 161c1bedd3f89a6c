"""No truck arrives at or leaves a place in the hours of its ban."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.request import TruckBan
from routing.plan import Leg, RestPlace
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    bans: dict[tuple[str, str], list[TruckBan]] = {}
    for ban in case.request.bans:
        bans.setdefault((ban.truck_id, ban.place_id), []).append(ban)
    for each in case.routes:
        for start, end, leg, order_id in _legs(each):
            if start == end:
                continue  # the truck stays: it neither leaves nor arrives
            here = bans.get((each.truck.id, start), [])
            sets_out = _sets_out(leg) if leg is each.route.legs[0] else leg.departs
            # Whoever is free to go at departure and then finds no road has left all the same.
            if sets_out < _free_to_leave(leg.departs, here):
                for ban in here:
                    yield from _broken(each, ban, order_id, leaves=sets_out)
            for ban in bans.get((each.truck.id, end), []):
                yield from _broken(each, ban, order_id, arrives=leg.arrives)


def _legs(each: RouteCase) -> Iterator[tuple[str, str, Leg, str]]:
    path = pairwise(each.place_ids)
    for (start, end), leg, order_id in zip(path, each.route.legs, each.halt_ids, strict=True):
        yield start, end, leg, order_id


def _sets_out(leg: Leg) -> datetime:
    """Tell when the truck really moves: holds at the start of the first leg are at home."""
    moment = leg.departs
    for rest in leg.road_rests:
        if rest.start == moment and rest.place is RestPlace.HELD:
            moment = rest.end
    return moment


def _free_to_leave(moment: datetime, bans: list[TruckBan]) -> datetime:
    """First moment from this one on at which no ban of the place keeps the truck there."""
    while True:
        ends = [
            hours.end
            for ban in bans
            for hours in ban.hours
            if hours.start - timedelta(seconds=ban.inside_s) < moment < hours.end
        ]
        if not ends:
            return moment
        moment = max(ends)


def _broken(
    each: RouteCase,
    ban: TruckBan,
    order_id: str,
    *,
    arrives: datetime | None = None,
    leaves: datetime | None = None,
) -> Iterator[Fault]:
    inside = timedelta(seconds=ban.inside_s)
    for hours in ban.hours:
        if arrives is not None and hours.start <= arrives < hours.end + inside:
            moment, zh, en, wait = arrives, "到达", "arrives", hours.end + inside - arrives
        elif leaves is not None and hours.start - inside < leaves < hours.end:
            moment, zh, en, wait = leaves, "离开", "leaves", hours.end - leaves
        else:
            continue
        yield Fault(
            truck_id=each.truck.id,
            order_id=order_id,
            text=f"{each.truck.plate} {clock(moment)} {zh} {ban.place_id},"
            f"违反限行“{ban.name}”,还要等 {span_zh(wait)}",
            text_en=f"{each.truck.id} {en} {ban.place_id} at {clock(moment)} against ban "
            f"{ban.name}: {span_en(wait)} too early",
        )


CHECK = Check(name="bans", reason=Reason.TRUCK_BANNED, run=_run)
