"""The timeline of the page: what every truck does when, as boxes in percent of the day's width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, floor

from api.days.documents.by_day import days_of, part_of
from api.days.documents.figures import Locale, latest_begin, latest_return
from api.days.documents.page.palette import truck_colour
from api.days.documents.wording import REST_PLACES, TRUCK_KINDS, name_of
from geodata.units import HOUR_S
from routing.plan import Leg, Plan, RestPlace, Route, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One stretch; `left` and `width` in percent. `kind` is its CSS class.

    `place` is shown beside `label` where there is room.
    """

    kind: str
    left: float
    width: float
    title: str
    label: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBar:
    """A promised window, with the part of it in which the service may begin."""

    left: float
    width: float
    slack_left: float
    slack_width: float
    lane: int
    promised: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One truck. `evening` tells in few words of loading the evening before, which lies off the
    scale; `evening_title` in full."""

    truck_id: str
    plate: str
    sub: str
    colour: str
    evening: str
    evening_title: str
    blocks: tuple[Block, ...]
    slots: tuple[SlotBar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """A line of the grid."""

    left: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """Rows over one common scale; `hour_width` is an hour in percent."""

    rows: tuple[Row, ...]
    hours: tuple[Hour, ...]
    hour_width: float
    day: str = ""
    title: str = ""
    """Which day, in a plan for several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    start: datetime
    length_s: float

    def at(self, moment: datetime) -> float:
        return round(100 * (moment - self.start).total_seconds() / self.length_s, 3)

    def block(
        self,
        kind: str,
        start: datetime,
        end: datetime,
        title: str,
        *,
        label: str = "",
        place: str = "",
    ) -> Block:
        left = self.at(start)
        width = round(self.at(end) - left, 3)
        return Block(kind=kind, left=left, width=width, title=title, label=label, place=place)


def build_timelines(
    plan: Plan, locale: Locale, *, county_names: Mapping[str, str]
) -> tuple[TimelineView, ...]:
    """Lay out each day on a scale of its own; colours are those of the whole plan."""
    if plan.days == 1:
        return (build_timeline(plan, locale, county_names=county_names),)
    colours = {route.truck_id: truck_colour(at) for at, route in enumerate(plan.routes)}
    found = []
    for day in days_of(plan):
        part = part_of(plan, day)
        if not part.routes:
            continue
        view = build_timeline(part, locale.on(day), county_names=county_names)
        rows = tuple(replace(row, colour=colours[row.truck_id]) for row in view.rows)
        found.append(
            replace(view, rows=rows, day=day.isoformat(), title=locale.on(day).date_line())
        )
    return tuple(found)


def build_timeline(plan: Plan, locale: Locale, *, county_names: Mapping[str, str]) -> TimelineView:
    """Lay out all trucks, in the order of the plan."""
    scale = _scale(plan, locale)
    count = round(scale.length_s / HOUR_S)
    return TimelineView(
        rows=tuple(
            _row(route, index, scale, locale, county_names)
            for index, route in enumerate(plan.routes)
        ),
        hours=tuple(
            Hour(
                left=round(100 * hour / count, 3),
                label=f"{(locale.local(scale.start) + timedelta(hours=hour)):%H:%M}",
            )
            for hour in range(count)
        ),
        hour_width=round(100 / count, 4),
    )


def _scale(plan: Plan, locale: Locale) -> _Scale:
    """Span whole hours around everything of the day itself, and all its windows."""
    midnight = datetime(plan.day.year, plan.day.month, plan.day.day, tzinfo=locale.zone)
    starts = [_day_start(route, locale) for route in plan.routes]
    ends = [latest_return(route) for route in plan.routes]
    for route in plan.routes:
        starts += [stop.slot.window.start for stop in route.stops]
        ends += [stop.slot.window.end for stop in route.stops]
    first = min(starts, default=midnight + timedelta(hours=8))
    last = max(ends, default=midnight + timedelta(hours=18))
    from_hour = floor((first - midnight).total_seconds() / HOUR_S)
    to_hour = max(ceil((last - midnight).total_seconds() / HOUR_S), from_hour + 1)
    return _Scale(
        start=midnight + timedelta(hours=from_hour), length_s=(to_hour - from_hour) * HOUR_S
    )


def _loaded_before(route: Route, locale: Locale) -> bool:
    return locale.local(route.load.start).date() < locale.local(route.departs).date()


def _day_start(route: Route, locale: Locale) -> datetime:
    return route.departs if _loaded_before(route, locale) else route.load.start


def _row(
    route: Route, index: int, scale: _Scale, locale: Locale, county_names: Mapping[str, str]
) -> Row:
    blocks: list[Block] = []
    evening = ""
    loading = locale.say("装车", "Load") + f" {locale.span(route.load)}"
    if _loaded_before(route, locale):
        start, end = locale.local(route.load.start), locale.local(route.load.end)
        evening = locale.say("前晚装", "eve load") + f" {start:%H:%M}–{end:%H:%M}"
    else:
        blocks.append(scale.block("load", route.load.start, route.load.end, loading,
                                  label=locale.say("装车", "load")))  # fmt: skip
    for reload in route.reloads:
        again = locale.say("再装车", "Reload") + f" {locale.span(reload.load)}"
        blocks += _leg_blocks(reload.leg, scale, locale)
        blocks.append(scale.block("load", reload.load.start, reload.load.end, again,
                                  label=locale.say("装车", "load")))  # fmt: skip
    for seq, stop in enumerate(route.stops, start=1):
        blocks += _leg_blocks(stop.leg, scale, locale)
        blocks += _stop_blocks(seq, stop, scale, locale, county_names)
    blocks += _leg_blocks(route.home, scale, locale)
    return Row(
        truck_id=route.truck_id,
        plate=route.plate,
        sub=f"{name_of(TRUCK_KINDS, route.kind, locale.lang)} · {route.driver_name}",
        colour=truck_colour(index),
        evening=evening,
        evening_title=loading,
        blocks=tuple(block for block in blocks if block.width > 0),
        slots=tuple(_slot(seq, stop, scale, locale) for seq, stop in enumerate(route.stops, 1)),
    )


def _leg_blocks(leg: Leg, scale: _Scale, locale: Locale) -> list[Block]:
    span = f"{locale.clock(leg.departs)}–{locale.clock(leg.arrives)}"
    title = f"{span} {locale.say('行驶', 'Drive')} {locale.duration(leg.drive_s)}"
    blocks = [
        scale.block("drive", leg.departs, leg.arrives, f"{title} · {leg.metres / 1000:.1f} km")
    ]
    for rest in leg.road_rests:
        kind = "held" if rest.place is RestPlace.HELD else "rest"
        what = name_of(REST_PLACES, rest.place, locale.lang)
        span = f"{locale.clock(rest.start)}–{locale.clock(rest.end)}"
        blocks.append(scale.block(kind, rest.start, rest.end, f"{span} {what}"))
    return blocks


def _stop_blocks(
    seq: int, stop: Stop, scale: _Scale, locale: Locale, county_names: Mapping[str, str]
) -> list[Block]:
    place = county_names.get(stop.county_code, "") or stop.address[:6]
    service = f"{locale.clock(stop.begins)}–{locale.clock(stop.ends)}"
    title = f"#{seq} {stop.order_id} {service} {locale.say('交付', 'Handover')} · {stop.address}"
    wait = locale.say("等候", "Wait")
    return [
        scale.block(
            "wait",
            stop.leg.arrives,
            stop.begins,
            f"{locale.clock(stop.leg.arrives)}–{locale.clock(stop.begins)} {wait}",
        ),
        scale.block("service", stop.begins, stop.ends, title, label=str(seq), place=place),
        scale.block(
            "wait",
            stop.ends,
            stop.leaves,
            f"{locale.clock(stop.ends)}–{locale.clock(stop.leaves)} {wait}",
        ),
    ]


def _slot(seq: int, stop: Stop, scale: _Scale, locale: Locale) -> SlotBar:
    window = stop.slot.window
    left, right = scale.at(window.start), scale.at(window.end)
    begin, latest = scale.at(stop.begins), scale.at(latest_begin(stop))
    kept = locale.say("已约", "promised") if stop.slot.promised else locale.say("新约", "new")
    earliest, last = locale.clock(stop.begins), locale.clock(latest_begin(stop))
    return SlotBar(
        left=left,
        width=round(right - left, 3),
        slack_left=begin,
        slack_width=round(max(latest - begin, 0.1), 3),
        lane=seq % 2,
        promised=stop.slot.promised,
        title=f"#{seq} {stop.order_id} {locale.span(window)} {kept} · "
        + locale.say(f"开始 {earliest}，最晚 {last}", f"begins {earliest}, latest {last}"),
    )
