"""Events of a repair: what holds from one repair to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from routing.errors import BadPlan
from routing.plan import Plan
from routing.plan_json import heard, tell
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
)
from routing.repair.world import stuck_orders

KINDS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {
        "order_added": OrderAdded,
        "order_cancelled": OrderCancelled,
        "truck_lost": TruckLost,
        "road_changed": RoadChanged,
        "vehicle_late": VinLate,
        "buyer_absent": BuyerAbsent,
    }
)
"""Words for events. Published: never rename one."""
_WORDS: Final = {kind: word for word, kind in KINDS.items()}


def event_told(event: Event) -> dict[str, Any]:
    """Write an event as JSON, its kind under `type`."""
    return {"type": _WORDS[type(event)], **tell(event)}


def event_heard(told: Mapping[str, Any]) -> Event:
    """Read an event that was written.

    Raises:
        BadPlan: it is none.
    """
    word = str(told.get("type"))
    if word not in KINDS:
        raise BadPlan(f"an event of a repair is {word!r}: one of {', '.join(KINDS)}")
    rest = {name: value for name, value in told.items() if name != "type"}
    return heard(rest, KINDS[word], f"event {word}")


def still_in_force(
    earlier: Sequence[Event], events: Sequence[Event], before: Plan, now: datetime
) -> tuple[Event, ...]:
    """What the next repair must know of this one: cars that stand on a lost truck are not at hand
    any more, and a road is as it is from now on."""
    added = {event.order_id for event in events if isinstance(event, OrderAdded)}
    lasting: list[Event] = [
        event
        for event in earlier
        if not (isinstance(event, OrderCancelled) and event.order_id in added)
    ]
    end_of_day = datetime.combine(now.date(), datetime.min.time(), tzinfo=now.tzinfo)
    end_of_day += timedelta(hours=23, minutes=59)
    for event in events:
        if isinstance(event, OrderAdded):
            continue
        if isinstance(event, RoadChanged):
            lasting.append(replace(event, since=max(event.since, now)))
            continue
        lasting.append(event)
        if isinstance(event, TruckLost):
            lasting += [
                VinLate(order_id=name, ready=end_of_day)
                for name in stuck_orders(before, event, now)
            ]
    return tuple(lasting)
