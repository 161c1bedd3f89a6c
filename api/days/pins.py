"""Pins are remembered: an order that came with one teaches its address for every later day."""

from __future__ import annotations

from datetime import date

from geodata.addresses import address_key
from geodata.corrections import Correction, CorrectionKind, Corrections
from routing.domain.orders import DeliveryMode
from routing.domain.request import PlanRequest


def remember_pins(corrections: Corrections, request: PlanRequest, *, day: date) -> Corrections:
    """Add the addresses of door orders that carry a pin; the latest word on an address wins.

    The same corrections come back when there is nothing new.
    """
    known = corrections
    for order in request.orders:
        if order.place.radius_m or order.mode is not DeliveryMode.DOOR:
            continue
        old = known.find(order.address)
        if not address_key(order.address) or (old is not None and old.point == order.place.point):
            continue
        pin = Correction(
            kind=CorrectionKind.PIN,
            point=order.place.point,
            county_code=order.place.county_code,
            noted_on=day,
        )
        known = known.remember(order.address, pin)
    return known
