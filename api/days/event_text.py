"""Events as people type them: `lost:T1@09:30`, `改约:O7=15:00-18:00`. All faults at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from api.errors import Fault
from api.settings import Language
from routing.domain.request import PlanRequest
from routing.domain.windows import Window
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
)

KINDS: Final = {
    "added": "added", "加单": "added",
    "cancelled": "cancelled", "取消": "cancelled",
    "lost": "lost", "车坏": "lost",
    "closed": "closed", "封路": "closed",
    "slow": "slow", "缓行": "slow",
    "late": "late", "车晚": "late",
    "absent": "absent", "改约": "absent",
}  # fmt: skip
FORMS: Final = {
    "added": "added:ORDER / added:FILE.csv",
    "cancelled": "cancelled:ORDER",
    "lost": "lost:TRUCK@09:30 / lost:PLATE@09:30 / lost:TRUCK@11-24@09:30",
    "closed": "closed:PLACE@10:00 / closed:PLACE~PLACE@10:00",
    "slow": "slow:PLACE*1.5@10:00 / slow:PLACE~PLACE*2",
    "late": "late:ORDER=11:30",
    "absent": "absent:ORDER@14:00 / absent:ORDER=15:00-18:00",
}
SHEETS: Final = (".csv", ".xlsx", ".xlsm", ".json", ".tsv")
END_OF_DAY: Final = "23:59"
"""From when a car is at hand again that stands on a lost truck: not this day."""
PLACE: Final = "#"
"""Before the id of a place, as diff.json keeps it: an order may leave the sheets, its place not."""
_CLOCK: Final = re.compile(r"^(-1 )?(\d{1,2}):(\d{2})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventText:
    """One event as it was typed, cut into kind and rest."""

    raw: str
    kind: str
    rest: str

    @property
    def file(self) -> str:
        """The sheet of added orders it names; empty: none."""
        named = self.kind == "added" and self.rest.lower().endswith(SHEETS)
        return self.rest if named else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvents:
    """Events that could be read, when they are known, and what could not be read."""

    events: tuple[Event, ...]
    now: datetime
    faults: tuple[Fault, ...]


def cut(raw: str) -> EventText:
    """Split a typed event; an unknown kind is kept for `read_events` to refuse."""
    text = unicodedata.normalize("NFKC", raw).strip()
    word, _, rest = text.partition(":")
    return EventText(raw=raw, kind=KINDS.get(word.strip().lower(), ""), rest=rest.strip())


def lasting(text: EventText, *, now: str, places: Mapping[str, str]) -> str:
    """Word an event so that it holds for a later repair, too; empty: it is in the plan for good.

    `places` are the places of today's orders and warehouses by id.
    """
    if text.kind == "added":
        return f"added:{Path(text.file).resolve()}" if text.file else ""
    dated = text.kind in ("lost", "closed", "slow") or (
        text.kind == "absent" and "=" not in text.rest
    )
    moment = f"@{now}" if dated and not _ends_with_clock(text.rest) else ""
    rest = _by_place(text.rest, places) if text.kind in ("closed", "slow") else text.rest
    return f"{text.kind}:{rest}{moment}"


def _by_place(rest: str, places: Mapping[str, str]) -> str:
    """Name places for orders and warehouses; a county stays what it is."""
    at = min((found for mark in "@*" if (found := rest.find(mark)) >= 0), default=len(rest))
    names = (name.strip() for name in rest[:at].split("~"))
    return "~".join(PLACE + places[n] if n in places else n for n in names) + rest[at:]


def _ends_with_clock(rest: str) -> bool:
    _, at, clock = rest.rpartition("@")
    return bool(at and _CLOCK.match(clock.strip()))


def with_whole_path(raw: str) -> str:
    """Name the sheet of an event so that it is found from any folder."""
    text = cut(raw)
    return f"added:{Path(text.file).resolve()}" if text.file else raw


def read_events(
    texts: Sequence[EventText],
    *,
    now: str,
    request: PlanRequest,
    new_orders: Sequence[str],
    lang: Language,
    earlier: bool = False,
) -> ReadEvents:
    """Read all events of a repair; `new_orders` are those that sheets of added orders hold.

    Those of an `earlier` repair must still mean places of today.
    """
    reader = _Reader(request=request, chinese=lang is Language.CHINESE)
    moment = reader.moment(now)
    if moment is None:
        reader.note("event.now", now, "--now 不是时刻", "--now is no time", "--now 10:15")
        moment = request.horizon_start + timedelta(days=1)
    events: list[Event] = []
    for text in texts:
        if not text.kind or not text.rest:
            known = ", ".join(FORMS.values())
            reader.note("event.kind", text.raw, "看不懂这件事", "no such event", known)
        elif text.file:
            events += [OrderAdded(order_id=name) for name in new_orders]
        else:
            read = reader.read(text, moment)
            if read is None:
                form = FORMS[text.kind]
                reader.note("event.form", text.raw, "写法不对", "this cannot be read", form)
            else:
                events.append(read)
                if earlier and (gone := reader.unknown(text)):
                    told = (
                        f"{gone} 不在今天的表里，这件事管不到哪条路了",
                        f"{gone} is no order,"
                        " warehouse or county of the day any more: the event would not hold",
                    )
                    reader.note("event.place", text.raw, *told, FORMS[text.kind])
    return ReadEvents(events=tuple(events), now=moment, faults=tuple(reader.faults))


class _Reader:
    """Reads one event after the other and keeps what could not be read."""

    def __init__(self, *, request: PlanRequest, chinese: bool) -> None:
        self._request = request
        self._chinese = chinese
        self._known = {order.place.id for order in request.orders}
        self._known |= {house.place.id for house in request.warehouses}
        self.faults: list[Fault] = []

    def note(self, code: str, raw: str, chinese: str, english: str, form: str) -> None:
        """Keep a fault, told in one language."""
        fix = f"写成：{form}" if self._chinese else f"write {form}"
        message = chinese if self._chinese else english
        self.faults.append(Fault(code=code, message=message, fix=fix, raw=raw))

    def moment(self, text: str) -> datetime | None:
        """Read 10:15 as that time of the day, "-1 18:00" as the evening before."""
        match = _CLOCK.match(text.strip())
        if not match or int(match[2]) > 24 or int(match[3]) > 59:
            return None
        midnight = self._request.horizon_start + timedelta(days=0 if match[1] else 1)
        return midnight + timedelta(hours=int(match[2]), minutes=int(match[3]))

    def read(self, text: EventText, now: datetime) -> Event | None:
        """Read one event; None when its words do not fit its kind."""
        readers: dict[str, Callable[[str, datetime], Event | None]] = {
            "added": lambda rest, _: OrderAdded(order_id=rest),
            "cancelled": lambda rest, _: OrderCancelled(order_id=rest),
            "lost": self._lost,
            "closed": self._closed,
            "slow": self._slow,
            "late": self._late,
            "absent": self._absent,
        }
        return readers[text.kind](text.rest, now)

    def _since(self, rest: str, now: datetime) -> tuple[str, datetime | None]:
        name, at, clock = rest.rpartition("@")
        return (name.strip(), self.moment(clock)) if at else (rest.strip(), now)

    def _lost(self, rest: str, now: datetime) -> Event | None:
        """A truck by id or plate; of a plan of several days `T1@11-24`, at a time of that day."""
        if _ends_with_clock(rest):
            name, _, clock = rest.rpartition("@")
            since = self.moment(clock)
        else:
            name, since = rest, now
        name = name.strip()
        named = [
            truck
            for truck in self._request.trucks
            if name in (truck.id, unicodedata.normalize("NFKC", truck.plate).strip())
        ]
        if since is None or ("@" in name and not named) or len(named) > 1:
            return None
        if not named:
            return TruckLost(truck_id=name, since=since)
        (truck,) = named
        if _ends_with_clock(rest):
            since += truck.shift_start.date() - self._request.day
        return TruckLost(truck_id=truck.id, since=since)

    def _closed(self, rest: str, now: datetime) -> Event | None:
        name, since = self._since(rest, now)
        return None if since is None else self._road(name, since, None)

    def _slow(self, rest: str, now: datetime) -> Event | None:
        name, since = self._since(rest, now)
        name, star, times = name.partition("*")
        if since is None or not star or not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", times.strip()):
            return None
        permille = round(float(times) * 1000)
        return self._road(name, since, permille) if 1_000 < permille <= 20_000 else None

    def _road(self, name: str, since: datetime, permille: int | None) -> Event:
        here, _, there = name.partition("~")
        return RoadChanged(
            places=self._places(here.strip()),
            towards=self._places(there.strip()) if there else frozenset(),
            permille=permille,
            since=since,
        )

    def unknown(self, text: EventText) -> str:
        """Name a place of a road event that the day does not know; empty: there is none."""
        if text.kind not in ("closed", "slow"):
            return ""
        names = re.split(r"[@*]", text.rest)[0].split("~")
        return next(
            (
                name.strip()
                for name in names
                if not name.strip().startswith(PLACE)
                and self._places(name.strip()) == {name.strip()}
                and name.strip() not in self._known
            ),
            "",
        )

    def _places(self, name: str) -> frozenset[str]:
        """The place of an order or a warehouse, or all places of a county; else the word itself,
        which the check of events then refuses."""
        if name.startswith(PLACE):
            return frozenset({name.removeprefix(PLACE)})
        where = {house.id: house.place.id for house in self._request.warehouses}
        where |= {order.id: order.place.id for order in self._request.orders}
        if name in where:
            return frozenset({where[name]})
        places = [order.place for order in self._request.orders]
        if re.fullmatch(r"\d{4,6}", name):
            county = frozenset(each.id for each in places if each.county_code.startswith(name))
            return county or frozenset({name})
        return frozenset({name})

    def _late(self, rest: str, _now: datetime) -> Event | None:
        name, _, clock = rest.partition("=")
        ready = self.moment(clock)
        return None if ready is None else VinLate(order_id=name.strip(), ready=ready)

    def _absent(self, rest: str, now: datetime) -> Event | None:
        name, equals, hours = rest.partition("=")
        if not equals:
            name, since = self._since(rest, now)
            return None if since is None else BuyerAbsent(order_id=name, since=since)
        first, dash, last = hours.partition("-")
        start, end = self.moment(first), self.moment(last)
        if not dash or start is None or end is None or end <= start:
            return None
        window = Window(start=start, end=end)
        return BuyerAbsent(order_id=name.strip(), windows=(window,))
