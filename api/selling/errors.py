"""Answers of the sale that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class BadSearch(Refused):
    """None of the days asked for is on sale; `first` and `last` are those that are."""

    code = "days-not-on-sale"
    status = 422


class OrderNotReady(Refused):
    """Papers are open, so no truck may take the car: `missing` lists them."""

    code = "order-not-ready"
    status = 422
