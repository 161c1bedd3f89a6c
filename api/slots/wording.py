"""How the values of the book are written in events, snapshots and rows, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from api.kit.db import moment_text
from routing.domain.windows import Window
from routing.witness import Ask, CountedKey, Decision, Promise, RouteRecord, Told, Witness


def window_told(window: Window) -> list[str]:
    """Write a window as `[start, end]` in UTC."""
    return [moment_text(window.start), moment_text(window.end)]


def window_read(told: Sequence[str]) -> Window:
    """Read what `window_told` wrote."""
    start, end = told
    return Window(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))


def counted_told(counted: Mapping[CountedKey, int]) -> list[list[str | int]]:
    """Write counted things sorted, so that equal ones read alike."""
    return [[*key, amount] for key, amount in sorted(counted.items())]


def counted_read(told: Sequence[Sequence[Any]]) -> dict[CountedKey, int]:
    """Read what `counted_told` wrote."""
    return {CountedKey(kind, key, day): amount for kind, key, day, amount in told}


def ask_told(ask: Ask) -> Told:
    """Write an ask."""
    return {
        "promise_id": ask.promise_id,
        "order_ref": ask.order_ref,
        "window": window_told(ask.window),
        "load": ask.load,
    }


def ask_read(told: Mapping[str, Any]) -> Ask:
    """Read what `ask_told` wrote."""
    return Ask(
        promise_id=told["promise_id"],
        order_ref=told["order_ref"],
        window=window_read(told["window"]),
        load=told["load"],
    )


def promise_told(promise: Promise) -> Told:
    """Write a promise."""
    return {
        **ask_told(promise.ask),
        "since": promise.since,
        "at_risk_by": promise.at_risk_by,
        "took": counted_told(promise.took),
        "done": promise.done,
    }


def promise_read(told: Mapping[str, Any]) -> Promise:
    """Read what `promise_told` wrote."""
    return Promise(
        ask=ask_read(told),
        since=told["since"],
        at_risk_by=told["at_risk_by"],
        took=counted_read(told["took"]),
        done=told["done"],
    )


def routes_told(routes: Mapping[str, RouteRecord | None]) -> Told:
    """Write routes by truck; null is a truck that stays at home."""
    return {
        truck: {"serves": list(made.serves), "told": made.told} if made else None
        for truck, made in routes.items()
    }


def routes_read(told: Mapping[str, Any]) -> dict[str, RouteRecord | None]:
    """Read what `routes_told` wrote."""
    return {
        truck: RouteRecord(truck_id=truck, serves=tuple(made["serves"]), told=made["told"])
        if made
        else None
        for truck, made in told.items()
    }


def decision_read(told: Mapping[str, Any]) -> Decision:
    """Read the routes of an event as a decision."""
    return Decision(routes=routes_read(told))


def witness_told(witness: Witness) -> Told:
    """Write a whole witness. Promises are a list, since their order counts."""
    return {
        "pool": witness.pool,
        "day": witness.day.isoformat(),
        "basis": witness.basis,
        "seq": witness.seq,
        "plan_seq": witness.plan_seq,
        "world_seq": witness.world_seq,
        "routes": routes_told(witness.routes),
        "promises": [promise_told(each) for each in witness.promises.values()],
    }


def witness_read(told: Mapping[str, Any]) -> Witness:
    """Read what `witness_told` wrote."""
    promises = [promise_read(each) for each in told["promises"]]
    routes = routes_read(told["routes"])
    return Witness(
        pool=told["pool"],
        day=date.fromisoformat(told["day"]),
        basis=told["basis"],
        seq=told["seq"],
        plan_seq=told["plan_seq"],
        world_seq=told["world_seq"],
        routes={truck: made for truck, made in routes.items() if made},
        promises={each.ask.promise_id: each for each in promises},
    )
