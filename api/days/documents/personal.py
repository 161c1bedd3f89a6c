"""Personal data: who may see a phone, and how it is kept out of everything else.

A plan holds no contact, but people write phones into notes and addresses. Every file except the
driver's papers is made from a plan that went through `without_contacts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from routing.domain.orders import Contact
from routing.plan import LeftBehind, Plan, Stop

_MOBILE: Final = re.compile(r"(?<!\d)(1[3-9]\d)([ -]?)(\d{4})([ -]?)(\d{4})(?!\d)")
_HIDDEN: Final = "****"


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
    """Take mobile numbers and the order's own contact out of a plan's free text."""
    routes = tuple(
        replace(
            route,
            stops=tuple(_clean_stop(stop, contacts.get(stop.order_id)) for stop in route.stops),
        )
        for route in plan.routes
    )
    left = tuple(_clean_left(order, contacts.get(order.order_id)) for order in plan.left_behind)
    skipped = tuple(
        replace(row, faults=tuple(_clean(fault, ()) for fault in row.faults))
        for row in plan.skipped
    )
    return replace(plan, routes=routes, left_behind=left, skipped=skipped)


def _clean_stop(stop: Stop, contact: Contact | None) -> Stop:
    words = _words(contact)
    return replace(stop, note=_clean(stop.note, words), address=_clean(stop.address, words))


def _clean_left(left: LeftBehind, contact: Contact | None) -> LeftBehind:
    words = _words(contact)
    return replace(
        left,
        address=_clean(left.address, words),
        text=_clean(left.text, words),
        text_en=_clean(left.text_en, words),
    )


def _words(contact: Contact | None) -> tuple[str, ...]:
    """Words to hide; a one-character name would tear holes into every address."""
    if contact is None:
        return ()
    return tuple(word for word in (contact.phone, contact.name) if len(word.strip()) > 1)


def _clean(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, _HIDDEN)
    return _MOBILE.sub(rf"\1{_HIDDEN}\5", text)
