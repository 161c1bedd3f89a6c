"""The story of one order in a plan: on which truck and when, or why it stays behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.days.documents import wording as w
from api.days.documents.cell_words import plates_by_truck, position_of, required_text
from api.days.documents.figures import Locale, km, latest_begin, locale_of
from api.days.documents.left_behind_table import tried_text
from api.days.documents.trips import trip_of
from api.errors import BadUsage
from api.settings import Language
from routing.plan import LeftBehind, Plan, Route, Stop
from routing.plan_off_routes import Outsourced

MISSES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStory:
    """Where an order is: on a stop of a route, with a carrier, or left behind; one of these."""

    plan: Plan
    route: Route | None = None
    stop: Stop | None = None
    left: LeftBehind | None = None
    given: Outsourced | None = None

    def as_json(self) -> Mapping[str, object]:
        """Say it for programs."""
        if self.route is not None and self.stop is not None:
            return {
                "order_id": self.stop.order_id,
                "vin": self.stop.vin,
                "status": "served",
                "truck_id": self.route.truck_id,
                "plate": self.route.plate,
                "day": self.route.day.isoformat(),
                "trip": trip_of(self.route, self.route.stops.index(self.stop) + 1),
                "stop": self.route.stops.index(self.stop) + 1,
                "slot_start": self.stop.slot.window.start.isoformat(),
                "slot_end": self.stop.slot.window.end.isoformat(),
                "promised": self.stop.slot.promised,
                "begins": self.stop.begins.isoformat(),
                "begins_latest": self.stop.begins_latest.isoformat(),
                "required_fields": list(self.stop.slot.required_fields),
            }
        if self.given is not None:
            return {
                "order_id": self.given.order_id,
                "vin": self.given.vin,
                "status": "outsourced",
                "carrier_id": self.given.carrier_id,
                "carrier_name": self.given.carrier_name,
                "collects": self.given.collects.isoformat(),
                "window_start": self.given.window.start.isoformat(),
                "window_end": self.given.window.end.isoformat(),
                "promised": self.given.promised,
                "metres": self.given.metres,
                "price_minor": self.given.price_minor,
            }
        assert self.left is not None
        left = self.left
        return {
            "order_id": left.order_id,
            "vin": left.vin,
            "status": "left_behind",
            "reason": left.reason.value,
            "short_by": left.short_by,
            "unit": left.unit.value,
            "promised": left.promised,
            "text": left.text,
            "text_en": left.text_en,
            "misses": [
                {
                    "truck_id": miss.truck_id,
                    "reason": miss.reason.value,
                    "short_by": miss.short_by,
                    "unit": miss.unit.value,
                }
                for miss in left.misses
            ],
            "fix": None
            if left.fix is None
            else {
                "kind": left.fix.kind.value,
                "cost_minor": left.fix.cost_minor,
                "change": dict(left.fix.change),
                "text": left.fix.text,
                "text_en": left.fix.text_en,
                "proved": left.fix.proved,
                "proof": left.fix.proof,
            },
            "fix_tried": list(left.fix_tried),
        }


def order_story(plan: Plan, order: str) -> OrderStory:
    """Find an order by its number or its VIN.

    Raises:
        BadUsage: the plan does not know it; says whether its row was skipped.
    """
    for route in plan.routes:
        for stop in route.stops:
            if order in (stop.order_id, stop.vin):
                return OrderStory(plan=plan, route=route, stop=stop)
    for given in plan.outsourced:
        if order in (given.order_id, given.vin):
            return OrderStory(plan=plan, given=given)
    for left in plan.left_behind:
        if order in (left.order_id, left.vin):
            return OrderStory(plan=plan, left=left)
    for row in plan.skipped:
        if order == row.order_id:
            raise BadUsage(
                f"order {order} was skipped for its faults ({', '.join(row.faults)}): "
                f"see sheet {row.sheet}, row {row.row}"
            )
    raise BadUsage(f"the plan of {plan.day} knows no order {order}: use its number or its VIN")


def story_text(story: OrderStory, *, lang: Language) -> str:
    """Say it for a person, in a few lines."""
    locale = locale_of(story.plan, lang)
    if story.route is not None and story.stop is not None:
        lines = _served(story.route, story.stop, locale)
    elif story.given is not None:
        lines = _given(story.given, story.plan, locale)
    else:
        assert story.left is not None
        lines = _left(story.left, story.plan, locale)
    return "\n".join(lines) + "\n"


def _served(route: Route, stop: Stop, locale: Locale) -> list[str]:
    number, of = route.stops.index(stop) + 1, len(route.stops)
    kind = w.name_of(w.TRUCK_KINDS, route.kind, locale.lang)
    slot = locale.span(stop.slot.window)
    kept = (
        locale.say("已约", "promised") if stop.slot.promised else locale.say("可约", "to promise")
    )
    deck = position_of(route, stop)
    trip = route.trips[trip_of(route, number) - 1]
    lines = [
        locale.say(
            f"{stop.order_id} 在 {route.plate}（{kind}，司机 {route.driver_name}）"
            f"第 {number}/{of} 站",
            f"{stop.order_id} is on {route.plate} ({kind}, driver {route.driver_name}), "
            f"stop {number} of {of}",
        ),
        locale.say(f"  时段 {slot}（{kept}）", f"  slot {slot} ({kept})"),
        locale.say(
            f"  预计 {locale.clock(stop.begins)} 开始交付，最晚 {locale.clock(latest_begin(stop))}",
            f"  handover begins about {locale.clock(stop.begins)}, at the latest "
            f"{locale.clock(latest_begin(stop))}",
        ),
        locale.say(
            f"  {locale.clock(trip.load.start)} 在 {trip.bay} 号位装车，板位 {deck}，"
            f"{locale.clock(trip.departs)} 出发，上一站过来 {km(stop.leg.metres)} km",
            f"  loads at {locale.clock(trip.load.start)}, bay {trip.bay}, position {deck}; "
            f"leaves {locale.clock(trip.departs)}; {km(stop.leg.metres)} km from the last stop",
        ),
        f"  {stop.address}",
    ]
    if stop.slot.required_fields:
        asked = required_text(stop, locale)
        lines.append(locale.say(f"  需要买家补充：{asked}", f"  ask the buyer for: {asked}"))
    return lines


def _given(given: Outsourced, plan: Plan, locale: Locale) -> list[str]:
    house = plan.warehouses.get(given.warehouse_id, given.warehouse_id)
    window, collects = locale.span(given.window), locale.clock(given.collects)
    kept = locale.say("已约", "promised") if given.promised else locale.say("可约", "to promise")
    price, way = locale.money(given.price_minor), km(given.metres)
    return [
        locale.say(
            f"{given.order_id} 交外协 {given.carrier_name}",
            f"{given.order_id} goes to carrier {given.carrier_name}",
        ),
        locale.say(f"  时段 {window}（{kept}）", f"  slot {window} ({kept})"),
        locale.say(
            f"  {collects} 在 {house} 提车，公路 {way} km，运费 {price}",
            f"  collected at {house} at {collects}; {way} km of road for {price}",
        ),
        f"  {given.address}",
    ]


def _left(left: LeftBehind, plan: Plan, locale: Locale) -> list[str]:
    lines = [
        locale.say(f"{left.order_id} 未安排", f"{left.order_id} is left behind"),
        f"  {locale.say(left.text, left.text_en)}",
    ]
    if left.promised:
        lines.append(locale.say("  已约时段没有移动", "  the promised window has not moved"))
    if left.fix is not None:
        proved = (
            locale.say("已重新求解验证", "proved by solving again")
            if left.fix.proved
            else locale.say("未验证", "not proved")
        )
        lines.append(
            locale.say(
                f"  最小补救：{left.fix.text}（{locale.money(left.fix.cost_minor)}，{proved}）",
                f"  smallest fix: {left.fix.text_en} "
                f"({locale.money(left.fix.cost_minor)}, {proved})",
            )
        )
    else:
        lines.append(f"  {tried_text(left, locale)}")
    plates = plates_by_truck(plan)
    for miss in left.misses[:MISSES_SHOWN]:
        why = w.name_of(w.REASONS, miss.reason, locale.lang)
        by = locale.short_by(miss.short_by, miss.unit)
        lines.append(f"    {plates.get(miss.truck_id, miss.truck_id)}  {why} {by}".rstrip())
    if len(left.misses) > MISSES_SHOWN:
        more = len(left.misses) - MISSES_SHOWN
        lines.append(locale.say(f"    另有 {more} 辆", f"    and {more} more trucks"))
    return lines
