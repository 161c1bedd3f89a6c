"""Personal data: who may see a phone, and how it is kept out of everything else.

A plan of a day in files holds no contact: the intake takes phones and names out of addresses and
notes. A plan of other makers may. Every file except the driver's papers therefore goes through
`without_contacts`, which asks the intake's own rules once more and leaves a clean plan as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from api.days.intake.contact_text import clean_address, clean_note
from routing.domain.orders import Contact
from routing.plan import LeftBehind, Plan, Stop
from routing.plan_off_routes import Outsourced
from routing.plan_specialists import SpecialistVisit


def mask_phone(phone: str) -> str:
    """Hide the middle of a phone number: `138****1001`; of a short one all but two digits."""
    digits = [index for index, char in enumerate(phone) if char.isdigit()]
    if len(digits) < 7:
        hidden = set(digits[:-2])
    else:
        keep_front = 3 if len(digits) >= 10 else 1
        hidden = set(digits[keep_front : keep_front + 4])
    return "".join("*" if index in hidden else char for index, char in enumerate(phone))


def without_contacts(plan: Plan, contacts: Mapping[str, Contact]) -> Plan:
    """Take phone numbers and the order's own contact out of a plan's free text."""
    routes = tuple(
        replace(
            route,
            stops=tuple(_clean_stop(stop, contacts.get(stop.order_id)) for stop in route.stops),
        )
        for route in plan.routes
    )
    left = tuple(_clean_left(order, contacts.get(order.order_id)) for order in plan.left_behind)
    given = tuple(_clean_given(order, contacts.get(order.order_id)) for order in plan.outsourced)
    people = tuple(
        replace(
            person,
            visits=tuple(_clean_visit(each, contacts.get(each.order_id)) for each in person.visits),
        )
        for person in plan.specialists
    )
    skipped = tuple(
        replace(row, faults=tuple(clean_note(fault, name="") for fault in row.faults))
        for row in plan.skipped
    )
    return replace(
        plan,
        routes=routes,
        left_behind=left,
        outsourced=given,
        specialists=people,
        skipped=skipped,
    )


def _clean_stop(stop: Stop, contact: Contact | None) -> Stop:
    name = contact.name if contact is not None else ""
    return replace(
        stop,
        note=clean_note(stop.note, name=name),
        address=clean_address(stop.address, name=name),
    )


def _clean_visit(visit: SpecialistVisit, contact: Contact | None) -> SpecialistVisit:
    name = contact.name if contact is not None else ""
    return replace(visit, address=clean_address(visit.address, name=name))


def _clean_given(given: Outsourced, contact: Contact | None) -> Outsourced:
    name = contact.name if contact is not None else ""
    return replace(
        given,
        note=clean_note(given.note, name=name),
        address=clean_address(given.address, name=name),
    )


def _clean_left(left: LeftBehind, contact: Contact | None) -> LeftBehind:
    name = contact.name if contact is not None else ""
    return replace(
        left,
        address=clean_address(left.address, name=name),
        text=clean_note(left.text, name=name),
        text_en=clean_note(left.text_en, name=name),
    )
