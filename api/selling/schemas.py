"""Slot searches on the wire."""

from typing import Any, Final, Self

from pydantic import Field, create_model, model_validator

from api.days.documents.wording import REASONS
from api.kit.schema import Day, Moment, Ref, WindowWire, Wire, shown_as
from api.orders.row_models import row_model
from api.selling.search import Found, Missing, SlotBlocked, SlotOffer, Wanted
from api.selling.windows import Granularity
from routing.reasons import Reason

_WINDOW: Final = {
    "from": "2026-12-05T09:00:00+08:00",
    "to": "2026-12-05T11:00:00+08:00",
    "zone": "Asia/Shanghai",
}
_MISSING: Final = {
    Missing.NOT_ACCEPTED: "The buyer does not accept that time",
    Missing.DAY_NOT_OPEN: "The warehouse sells nothing on that day",
    Missing.PAST: "It has begun",
}


class _SearchBase(Wire):
    """Which windows an order can be promised, from one day to another (both included).

    `order` is a draft of the order's row, for a checkout that has not put it yet; without it the
    kept order is searched for. Without days all days on sale are looked at.
    """

    order_id: Ref
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    granularity: Granularity = Field(default=Granularity.TWO_HOURS, strict=False)

    model_config = shown_as(
        {
            "order_id": "SO-20261120-0017",
            "from": "2026-12-05",
            "to": "2026-12-06",
            "granularity": "two_hours",
        }
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError("the last day is before the first")
        return self


_draft: Any = row_model("orders")
SearchIn: Any = create_model(
    "SlotSearchIn",
    __base__=_SearchBase,
    __doc__=_SearchBase.__doc__,
    __module__=__name__,
    order=(_draft | None, None),
)
"""The message of a search: the base, and a draft of an order's row."""


def wanted_of(body: Any) -> Wanted:  # noqa: ANN401  # `SearchIn` is made from the columns
    """Read a search."""
    row = None
    if body.order is not None:
        row = body.order.model_dump(exclude_none=True, mode="json")
        row.pop("order_id", None)
    return Wanted(
        order_id=body.order_id,
        row=row,
        first=body.from_,
        last=body.to,
        granularity=body.granularity,
    )


class SlotOfferOut(Wire):
    """A window that can be promised now: hold it with its `offer_id` until `valid_until`."""

    offer_id: str
    window: WindowWire
    rank: int
    valid_until: Moment
    truck_kind: str
    mode: str
    on_time_probability: float
    cost_delta_fen: int = Field(description="What the day costs more with it, in fen.")
    co2_delta_g: int = Field(description="What the day emits more with it, in grams of CO2.")
    conditions: list[str] = Field(description="What the buyer must accept.")
    why: list[str]

    @classmethod
    def of(cls, found: SlotOffer) -> Self:
        """Show an offer."""
        offer = found.offer
        return cls(
            offer_id=found.token,
            window=WindowWire.of(offer.window),
            rank=found.rank,
            valid_until=found.valid_until,
            truck_kind=offer.truck_kind,
            mode=found.mode,
            on_time_probability=offer.on_time,
            cost_delta_fen=offer.cost_delta,
            co2_delta_g=offer.co2_delta_g,
            conditions=list(offer.conditions),
            why=list(offer.why),
        )


class SlotBlockedOut(Wire):
    """A window that cannot be promised, and why not."""

    window: WindowWire
    reason_code: str
    detail: str

    @classmethod
    def of(cls, found: SlotBlocked) -> Self:
        """Show why a window is missing."""
        return cls(
            window=WindowWire.of(found.window),
            reason_code=found.reason.value,
            detail=_words(found.reason),
        )


class SlotSearchOut(Wire):
    """Every window of the days asked for, once: cheapest offers first, then what is missing.

    `granularity` is wider than asked for where the place is known only roughly; `required_fields`
    are fields of the order without which less can be promised, or nothing.
    """

    order_id: str
    granularity: str
    offers: list[SlotOfferOut]
    blocked: list[SlotBlockedOut]
    required_fields: list[str]

    model_config = shown_as(
        {
            "order_id": "SO-20261120-0017",
            "granularity": "two_hours",
            "offers": [
                {
                    "offer_id": "v1.k1.eyJkYXkiOiIyMDI2LTEyLTA1In0.5f0c9d",
                    "window": _WINDOW,
                    "rank": 1,
                    "valid_until": "2026-12-01T20:13:12+08:00",
                    "truck_kind": "one_car",
                    "mode": "door",
                    "on_time_probability": 0.98,
                    "cost_delta_fen": 18420,
                    "co2_delta_g": 21300,
                    "conditions": [],
                    "why": ["on a way with 3 others"],
                }
            ],
            "blocked": [
                {
                    "window": {
                        "from": "2026-12-05T11:00:00+08:00",
                        "to": "2026-12-05T13:00:00+08:00",
                        "zone": "Asia/Shanghai",
                    },
                    "reason_code": "window_missed",
                    "detail": "Window missed",
                }
            ],
            "required_fields": [],
        }
    )

    @classmethod
    def of(cls, order_id: str, found: Found) -> Self:
        """Show what was found."""
        return cls(
            order_id=order_id,
            granularity=found.granularity,
            offers=[SlotOfferOut.of(each) for each in found.offers],
            blocked=[SlotBlockedOut.of(each) for each in found.blocked],
            required_fields=list(found.required),
        )


def _words(reason: Reason | Missing) -> str:
    return _MISSING[reason] if isinstance(reason, Missing) else REASONS[reason.value][1]
