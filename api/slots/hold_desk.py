"""Where holds queue up: first a look without any lock, then together through the lock of the day.

A window that is sold out is told from memory and one read, so that a midnight launch does not make
ten thousand buyers wait for a lock only to hear no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from api.errors import Refused
from api.kit.batches import Batches
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, KeyReused, Request, answered, claim, disclaim, settle
from api.kit.ids import new_id
from api.slots.answers import CHINA_ZONE, window_json
from api.slots.cache import WitnessCache
from api.slots.errors import OrderAlreadyHeld, SlotTaken
from api.slots.holding import HoldAsk, hold_together
from api.slots.placing import slot_taken
from api.slots.store import day_id, read_day
from api.slots.unit import Actor, present_witness, unit_of_work
from routing.domain.windows import Window
from routing.judge import Judge, Refusal
from routing.witness import Ask, Decision, Told, Witness

ALSO_MAX: Final = 12
"""Other windows that are judged when the wanted one has no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """A window wanted for an order. `also` are windows of the same day to be told of, if they have
    room, when this one has none."""

    pool: str
    day: date
    order_ref: str
    window: Window
    load: Told
    also: tuple[Window, ...] = ()
    zone: str = CHINA_ZONE
    conditions: tuple[str, ...] = ()
    """What the offer asks the buyer to accept."""

    def __post_init__(self) -> None:
        if len(self.also) > ALSO_MAX:
            raise ValueError(f"{len(self.also)} other windows, at most {ALSO_MAX} are judged")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A hold that waits for the lock, with what was judged before."""

    request: Request
    hold: HoldAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What became of it, and the witness it was judged on."""

    outcome: Answer | Refused
    witness: Witness | None = field(default=None)


class HoldDesk:
    """Takes holds of one process, day by day."""

    def __init__(
        self,
        database: Database,
        judge: Judge,
        clock: Clock,
        cache: WitnessCache,
        *,
        hold_ttl: timedelta,
        together: int,
    ) -> None:
        self._database = database
        self._judge = judge
        self._clock = clock
        self._cache = cache
        self._hold_ttl = hold_ttl
        self._batches: Batches[_Waiting, _Done] = Batches(self._through, most=together)
        self._days: dict[tuple[str, str, date], str] = {}

    def hold(self, tenant_id: str, request: Request, wanted: HoldOrder, *, actor: Actor) -> Answer:
        """Hold a window, or refuse.

        Raises:
            Refused: with `alternatives` where the window has no room.
        """
        pool_day_id = self._day_id(tenant_id, wanted)
        ask = Ask(
            promise_id=new_id("promise"),
            order_ref=wanted.order_ref,
            window=wanted.window,
            load=wanted.load,
        )
        early = self._early(pool_day_id, request, ask)
        if isinstance(early, Answer):
            return early
        if isinstance(early, _Done):
            return self._told(early, wanted)
        expires_at = self._clock.now() + self._hold_ttl
        waiting = _Waiting(
            request=request,
            hold=HoldAsk(
                ask=ask,
                expires_at=expires_at,
                judged=early,
                actor=actor,
                zone=wanted.zone,
                conditions=wanted.conditions,
            ),
        )
        return self._told(self._batches.carry(pool_day_id, waiting), wanted)

    def present(self, connection: Connection, pool_day_id: str) -> Witness:
        """Give the witness as it is committed, and keep it."""
        witness = present_witness(connection, self._cache, read_day(connection, pool_day_id))
        self._cache.put(pool_day_id, witness)
        return witness

    def _day_id(self, tenant_id: str, wanted: HoldOrder) -> str:
        key = (tenant_id, wanted.pool, wanted.day)
        if key not in self._days:
            with self._database.reading() as connection:
                self._days[key] = day_id(connection, *key)
        return self._days[key]

    def _early(
        self, pool_day_id: str, request: Request, ask: Ask
    ) -> Answer | _Done | tuple[int, Decision] | None:
        """Judge without the lock: a no that is true of a committed witness needs none.

        A yes is only a proposal, good for as long as the witness does not change.
        """
        known = self._cache.get(pool_day_id)
        if known is None:
            return None
        verdict = self._judge.place(known, ask)
        if isinstance(verdict, Decision):
            return known.plan_seq, verdict
        with self._database.reading() as connection:
            # In this order: a copy of this request that is granted in between has filled the day
            # only after its answer was there.
            now = self.present(connection, pool_day_id)
            before = answered(connection, request)
            if before is not None:
                return before
        if now.plan_seq != known.plan_seq:
            verdict = self._judge.place(now, ask)
        if isinstance(verdict, Decision):
            return now.plan_seq, verdict
        return _Done(outcome=slot_taken(ask, verdict), witness=now)

    def _through(self, pool_day_id: str, waiting: Sequence[_Waiting]) -> list[_Done]:
        """Carry a batch through one transaction."""
        done: dict[int, _Done] = {}
        actor = waiting[0].hold.actor
        with unit_of_work(self._database, self._cache, clock=self._clock, actor=actor) as unit:
            fresh: list[int] = []
            leads = _first_of_each_key(waiting)
            for index in sorted(set(leads), key=lambda i: _key(waiting[i])):
                try:
                    before = claim(unit.connection, waiting[index].request, unit.now)
                except Refused as refused:
                    done[index] = _Done(outcome=refused)
                    continue
                if before is None:
                    fresh.append(index)
                else:
                    done[index] = _Done(outcome=before)
            # First come, first served, whatever the keys.
            fresh.sort()
            (day,) = unit.lock(pool_day_id)
            outcomes = hold_together(
                unit, self._judge, day, [waiting[index].hold for index in fresh]
            )
            for index, outcome in zip(fresh, outcomes, strict=True):
                if _is_final(outcome):
                    settle(unit.connection, waiting[index].request, _as_answer(outcome))
                else:
                    disclaim(unit.connection, waiting[index].request)
                done[index] = _Done(outcome=outcome, witness=day.known)
        return [
            _shared(each, waiting[lead], done[lead])
            for each, lead in zip(waiting, leads, strict=True)
        ]

    def _told(self, done: _Done, wanted: HoldOrder) -> Answer:
        """Answer, with other windows where this one has no room.

        They are judged after the lock is free, on the witness that refused: it is a value.
        """
        if isinstance(done.outcome, Answer):
            return done.outcome
        if isinstance(done.outcome, SlotTaken) and done.witness is not None:
            done.outcome.told["alternatives"] = self._alternatives(done.witness, wanted)
        raise done.outcome

    def _alternatives(self, witness: Witness, wanted: HoldOrder) -> list[Mapping[str, str]]:
        roomy: list[Mapping[str, str]] = []
        for window in wanted.also:
            ask = Ask(
                promise_id=new_id("promise"),
                order_ref=wanted.order_ref,
                window=window,
                load=wanted.load,
            )
            if not isinstance(self._judge.place(witness, ask), Refusal):
                roomy.append(window_json(window, wanted.zone))
        return roomy


def _first_of_each_key(waiting: Sequence[_Waiting]) -> list[int]:
    """Say for each which one claims the key for it: a gateway may send one request twice."""
    first: dict[tuple[str, str], int] = {}
    return [first.setdefault(_key(each), index) for index, each in enumerate(waiting)]


def _shared(each: _Waiting, lead: _Waiting, done: _Done) -> _Done:
    """Give what became of one's own request, or of its equal."""
    if each.request == lead.request:
        return done
    return _Done(outcome=KeyReused.of(each.request))


def _is_final(outcome: Answer | Refused) -> bool:
    """Tell answers that are kept under their key. That an order holds another window is true only
    as long as it does."""
    return not isinstance(outcome, OrderAlreadyHeld)


def _as_answer(outcome: Answer | Refused) -> Answer:
    if isinstance(outcome, Answer):
        return outcome
    return Answer(status=outcome.status, body=outcome.body())


def _key(waiting: _Waiting) -> tuple[str, str]:
    return (waiting.request.client_id, waiting.request.key)
