"""Moves by hand and pins on the wire."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field

from api.kit.schema import Moment, Ref, WindowWire, Wire, shown_as
from api.plans.store import Revision
from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.moves.values import KnockOn, Move, Preview, Violation

_WINDOW: Final = {
    "from": "2026-12-05T09:00:00+08:00",
    "to": "2026-12-05T11:00:00+08:00",
    "zone": "Asia/Shanghai",
}
_MOVE: Final = {"order_id": "SO-20261120-0017", "truck_id": "T3", "position": 1}

Number = Annotated[int, Field(ge=0, le=10_000)]


class MoveIn(Wire):
    """One order to a truck, at a position among its stops (from 0; null: where it costs least), or
    off all trucks (`truck_id` null)."""

    model_config = shown_as(_MOVE)

    order_id: Ref
    truck_id: Ref | None = None
    position: Number | None = None

    def move(self) -> Move:
        """Give the move of the engine."""
        return Move(order_id=self.order_id, truck_id=self.truck_id or "", position=self.position)


class ViolationOut(Wire):
    """A limit that is broken, and by how much."""

    reason: str
    truck_id: str
    order_id: str
    short_by: int
    unit: str

    @classmethod
    def of(cls, each: Violation) -> Self:
        """Show a violation."""
        return cls(
            reason=each.reason.value,
            truck_id=each.truck_id,
            order_id=each.order_id,
            short_by=each.short_by,
            unit=each.unit.value,
        )


class KnockOnOut(Wire):
    """An order that begins at another moment, or on another truck."""

    order_id: str
    truck_before: str
    truck_after: str
    begins_before: Moment | None
    begins_after: Moment | None
    slot_before: WindowWire | None
    slot_after: WindowWire | None

    @classmethod
    def of(cls, each: KnockOn) -> Self:
        """Show what a move does to an order."""
        return cls(
            order_id=each.order_id,
            truck_before=each.truck_before,
            truck_after=each.truck_after,
            begins_before=each.begins_before,
            begins_after=each.begins_after,
            slot_before=WindowWire.of(each.slot_before) if each.slot_before else None,
            slot_after=WindowWire.of(each.slot_after) if each.slot_after else None,
        )


class PreviewOut(Wire):
    """What a move would do, or has done; `revision` is the one it was judged on, or has made."""

    model_config = shown_as(
        {
            "revision": 2,
            "possible": True,
            "violations": [],
            "cost_delta_minor": 1250,
            "knock_on": [
                {
                    "order_id": "SO-20261120-0017",
                    "truck_before": "T1",
                    "truck_after": "T3",
                    "begins_before": "2026-12-05T09:10:00+08:00",
                    "begins_after": "2026-12-05T10:25:00+08:00",
                    "slot_before": _WINDOW,
                    "slot_after": _WINDOW,
                }
            ],
        }
    )

    revision: int
    possible: bool
    violations: list[ViolationOut]
    cost_delta_minor: int
    knock_on: list[KnockOnOut]

    @classmethod
    def of(cls, revision: Revision, seen: Preview) -> Self:
        """Show a preview."""
        return cls(
            revision=revision.number,
            possible=seen.possible,
            violations=[ViolationOut.of(each) for each in seen.violations],
            cost_delta_minor=seen.cost_after - seen.cost_before,
            knock_on=[KnockOnOut.of(each) for each in seen.knock_on],
        )


class OrderPin(Wire):
    """This order rides on this truck or on none."""

    order_id: Ref
    truck_id: Ref


class TruckPin(Wire):
    """This truck brings these orders in this sequence, and nothing else."""

    truck_id: Ref
    orders: list[Ref] = Field(default_factory=list, max_length=64)


class SequencePin(TruckPin):
    """These orders keep their relative order on their truck; with `first` they are its first
    stops, with `closed` no other order rides on it."""

    first: bool = False
    closed: bool = False
    departs: Moment | None = None
    loads: Moment | None = None


class PinsWire(Wire):
    """All that is fixed of a plan."""

    model_config = shown_as(
        {
            "orders": [{"order_id": "SO-20261120-0017", "truck_id": "T3"}],
            "trucks": [],
            "sequences": [],
        }
    )

    orders: list[OrderPin] = Field(default_factory=list, max_length=5_000)
    trucks: list[TruckPin] = Field(default_factory=list, max_length=2_000)
    sequences: list[SequencePin] = Field(default_factory=list, max_length=2_000)

    def locks(self) -> Locks:
        """Give the locks of the engine."""
        return Locks(
            orders=tuple(
                OrderLock(order_id=each.order_id, truck_id=each.truck_id) for each in self.orders
            ),
            trucks=tuple(
                TruckLock(truck_id=each.truck_id, orders=tuple(each.orders)) for each in self.trucks
            ),
            sequences=tuple(
                SequenceLock(
                    truck_id=each.truck_id,
                    orders=tuple(each.orders),
                    first=each.first,
                    closed=each.closed,
                    departs=each.departs,
                    loads=each.loads,
                )
                for each in self.sequences
            ),
        )

    @classmethod
    def of(cls, locks: Locks) -> Self:
        """Show locks."""
        return cls(
            orders=[
                OrderPin(order_id=each.order_id, truck_id=each.truck_id) for each in locks.orders
            ],
            trucks=[
                TruckPin(truck_id=each.truck_id, orders=list(each.orders)) for each in locks.trucks
            ],
            sequences=[
                SequencePin(
                    truck_id=each.truck_id,
                    orders=list(each.orders),
                    first=each.first,
                    closed=each.closed,
                    departs=each.departs,
                    loads=each.loads,
                )
                for each in locks.sequences
            ],
        )
