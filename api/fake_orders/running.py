"""One run of the order system: sell to everybody, hear of it, compare both pictures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from random import Random

from api.client import Flatbed, Problem
from api.fake_orders.door import Troubles, door
from api.fake_orders.inbox import catch_up
from api.fake_orders.memory import Memory
from api.fake_orders.shop import Shop, differences
from api.kit.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run ended. `refused` says why there is no webhook; the feed told everything then."""

    steps: Mapping[str, int]
    by_webhook: int
    by_feed: int
    refused: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run. `listen` is where the door is, and `told` the URL that Flatbed reaches it by;
    without one it is the door's own."""

    orders: Iterable[str]
    rows: Mapping[str, Mapping[str, object]]
    host: str = "127.0.0.1"
    port: int = 0
    told_url: str = ""
    troubles: Troubles = field(default_factory=Troubles)
    wait_s: float = 10.0
    seed: int = 1


def run(flatbed: Flatbed, memory: Memory, clock: Clock, plan: Plan) -> Report:
    """Sell a window to every order and hear of it by webhook; then catch up by the feed.

    Raises:
        Problem, NoAnswer: Flatbed is not there, or the key is not for this.
    """
    luck = Random(plan.seed)
    for order_id in plan.orders:
        memory.add(order_id)
    with door(
        memory, clock, host=plan.host, port=plan.port, troubles=plan.troubles, luck=luck
    ) as url:
        with _registered(flatbed, memory, plan.told_url or url) as refused:
            Shop(memory, flatbed, luck, rows=plan.rows).work()
            if not refused:
                _listen(flatbed, memory, plan.wait_s)
        by_webhook = memory.events_seen()
        by_feed = catch_up(memory, flatbed)
    return Report(
        steps=Counter(str(sale.step) for sale in memory.sales()),
        by_webhook=by_webhook,
        by_feed=by_feed,
        refused=refused,
        differences=tuple(differences(memory, flatbed)),
    )


class _Registered(AbstractContextManager[str]):
    """The door's registration while it is open: nobody listens there afterwards."""

    def __init__(self, flatbed: Flatbed, endpoint_id: str) -> None:
        self._flatbed = flatbed
        self._endpoint_id = endpoint_id

    def __enter__(self) -> str:
        return ""

    def __exit__(self, *_: object) -> None:
        self._flatbed.delete_webhook(self._endpoint_id)


def _registered(flatbed: Flatbed, memory: Memory, url: str) -> AbstractContextManager[str]:
    try:
        made = flatbed.register_webhook(url, description="fake order system")
    except Problem as problem:
        if problem.code not in {"webhook-url-refused", "scope-missing"}:
            raise
        # Not every key may register, and not every Flatbed may reach this machine.
        return nullcontext(problem.code)
    memory.keep_webhook(made.endpoint_id, made.secret)
    return _Registered(flatbed, made.endpoint_id)


def _listen(flatbed: Flatbed, memory: Memory, wait_s: float) -> None:
    """Wait until everything that happened has come to the door, but not for ever."""
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        page = flatbed.events(memory.cursor(), limit=500)
        if all(memory.has_seen(event.id) for event in page.events):
            return
        time.sleep(0.2)
