"""Answers about orders that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class OrderPromised(Refused):
    """A live hold or booking stands on what would change; `booking_id` says which."""

    code = "order-promised"


class VinTwice(Refused):
    """Another order has the same car."""

    code = "vin-twice"
