"""Who comes by own car knows what the crew does not, and can be everywhere in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.twin.driving import Wheel, drive
from routing.audit.twin.reading import read_leg, second
from routing.audit.wording import clock
from routing.domain.crews import own_car_class, shift_of
from routing.domain.fleet import Specialist, SpecialistTravel
from routing.domain.orders import Order
from routing.plan import Stop
from routing.plan_specialists import SpecialistDay, SpecialistVisit
from routing.reasons import Reason

NO_LIMIT_S = 10**9
"""A car driver's own rests are not planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    truck_id: str
    order: Order
    begins: datetime
    ends: datetime


def _run(case: Case) -> Iterator[Fault]:
    diaries: dict[str, list[_Meeting]] = defaultdict(list)
    for each, stop, order in case.stops():
        if not stop.specialist_id:
            continue
        person = case.specialists.get(stop.specialist_id)
        if person is None or person.travel is not SpecialistTravel.OWN_CAR:
            yield _fault(
                each.truck.id, order.id, "专员不在自驾名单中", "is met by nobody in an own car"
            )
            continue
        yield from _unfit(each, stop, order, person)
        diaries[person.id].append(_meeting(case, each, stop, order))
    for name, diary in sorted(diaries.items()):
        diary.sort(key=lambda meeting: meeting.begins)
        yield from _clashes(case, case.specialists[name], diary)
    yield from _pages(case, diaries)


def _unfit(each: RouteCase, stop: Stop, order: Order, person: Specialist) -> Iterator[Fault]:
    if person.warehouse_id != each.home.id:
        yield _fault(
            each.truck.id,
            order.id,
            f"专员 {person.id} 属于仓库 {person.warehouse_id}",
            f"specialist {person.id} is of warehouse {person.warehouse_id}",
        )
    if stop.specialist_name != person.name:
        yield _fault(
            each.truck.id, order.id, "专员姓名不对", f"the name of {person.id} is not the request's"
        )


def _meeting(case: Case, each: RouteCase, stop: Stop, order: Order) -> _Meeting:
    """The handover from its typical begin to its buffered end."""
    # How long the work at the deck takes is checked by `shunts`.
    unloaded = timedelta(seconds=order.unload_s + stop.deck_s)
    buffer = timedelta(seconds=case.request.policy.buffers.service_s)
    return _Meeting(
        truck_id=each.truck.id,
        order=order,
        begins=stop.begins + unloaded,
        ends=stop.begins_latest + unloaded + buffer + timedelta(seconds=order.handover_s),
    )


def _clashes(case: Case, person: Specialist, diary: Sequence[_Meeting]) -> Iterator[Fault]:
    shift = shift_of(person, case.request.trucks)
    house = case.warehouses.get(person.warehouse_id)
    if shift is None or house is None:
        return
    at, place = shift.start, house.place.id
    for meeting in diary:
        arrives = _arrival(case, place, meeting.order.place.id, at)
        if arrives is None or arrives > second(case.request, meeting.begins):
            yield _fault(
                meeting.truck_id,
                meeting.order.id,
                f"专员 {person.id} {clock(meeting.begins)} 赶不到",
                f"specialist {person.id} cannot be there at {clock(meeting.begins)}",
            )
        at, place = meeting.ends, meeting.order.place.id
    back = _arrival(case, place, house.place.id, at)
    if back is None or back > second(case.request, shift.end):
        last = diary[-1]
        yield _fault(
            last.truck_id,
            last.order.id,
            f"专员 {person.id} 下班前回不到仓库",
            f"specialist {person.id} is not back within the shift",
        )


def _arrival(case: Case, start: str, end: str, at: datetime) -> int | None:
    """Drive with the buffer on, by the smallest truck's class; None where there is no road."""
    try:
        leg = read_leg(case.travel, own_car_class(case.travel.truck_classes), start, end)
    except KeyError:
        return None
    slower = leg.buffered(case.request.policy.buffers.drive_permille)
    now = second(case.request, at)
    driven = drive(
        slower,
        Wheel(now=now, driven_s=0, paused_from=now),
        band_starts_s=case.travel.band_starts_s,
        drive_max_s=NO_LIMIT_S,
        rest_s=1,
    )
    return None if driven is None else driven[1].now


def _pages(case: Case, diaries: dict[str, list[_Meeting]]) -> Iterator[Fault]:
    """The pages of specialists say what the stops say."""
    written = {page.specialist_id: page.visits for page in case.plan.specialists}
    for name in sorted(diaries.keys() | written.keys()):
        told = [_told(visit) for visit in written.get(name, ())]
        right = [(m.order.id, m.truck_id, m.begins, m.ends) for m in diaries.get(name, ())]
        if told != right:
            yield Fault(
                text=f"专员 {name} 的行程与各站不符",
                text_en=f"the day of specialist {name} is not what the stops say",
            )
    for page in case.plan.specialists:
        person = case.specialists.get(page.specialist_id)
        if person is not None and page.visits:
            yield from _ends_of(case, page, person)


def _ends_of(case: Case, page: SpecialistDay, person: Specialist) -> Iterator[Fault]:
    """The day begins in time, within the shift, and ends when the specialist is back."""
    shift, house = shift_of(person, case.request.trucks), case.warehouses.get(person.warehouse_id)
    if shift is None or house is None:
        return
    first, last = page.visits[0], page.visits[-1]
    there = _arrival(case, house.place.id, first.place_id, page.leaves)
    back = _arrival(case, last.place_id, house.place.id, last.ends_latest)
    early = page.leaves < shift.start
    late = there is None or there > second(case.request, first.begins)
    if early or late or back != second(case.request, page.returns):
        yield Fault(
            text=f"专员 {person.id} 的出发或返回时间不对",
            text_en=f"specialist {person.id} leaves or returns at another time",
        )


def _told(visit: SpecialistVisit) -> tuple[str, str, datetime, datetime]:
    return visit.order_id, visit.truck_id, visit.begins, visit.ends_latest


def _fault(truck_id: str, order_id: str, zh: str, en: str) -> Fault:
    return Fault(
        truck_id=truck_id,
        order_id=order_id,
        text=f"订单 {order_id}:{zh}",
        text_en=f"order {order_id}: {en}",
    )


CHECK = Check(name="meetings", reason=Reason.SPECIALIST_BUSY, run=_run)
