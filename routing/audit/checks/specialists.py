"""Specialists ride with their own truck; those who come by own car ride with none."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.domain.fleet import SpecialistTravel
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        truck, named = each.truck, each.route.specialist_id
        if named != truck.specialist_id:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 写专员 {named or '无'},应为 {truck.specialist_id or '无'}",
                text_en=f"{truck.id} names specialist {named or 'nobody'}, not "
                f"{truck.specialist_id or 'nobody'}",
            )
        if not truck.specialist_id:
            continue
        person = case.specialists.get(truck.specialist_id)
        if person is None:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 的专员 {truck.specialist_id} 不在名单中",
                text_en=f"specialist {truck.specialist_id} of {truck.id} is not on the list",
            )
        elif person.travel is SpecialistTravel.OWN_CAR or person.truck_id != truck.vehicle:
            yield Fault(
                truck_id=truck.id,
                text=f"专员 {person.name} 不随 {truck.plate} 出车",
                text_en=f"specialist {person.id} does not ride with {truck.id}",
            )


CHECK = Check(name="specialists", reason=Reason.OWN_CAR_SPECIALIST, run=_run)
