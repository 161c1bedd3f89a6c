"""What the driver does at the deck at a stop, as sentences for whoever holds the papers."""

from __future__ import annotations

from api.days.documents.figures import Locale
from routing.plan import Route, Stop
from routing.plan_deck import Shunt


def deck_lines(route: Route, stop: Stop, locale: Locale) -> tuple[str, ...]:
    """Say which cars come off first and go back, then where the trade-in goes; often nothing."""
    say = locale.say
    seqs = {each.order_id: seq for seq, each in enumerate(route.stops, start=1)}
    lines = []
    if stop.shunts:
        cars = say("、", ", ").join(_car(move, seqs[move.order_id], locale) for move in stop.shunts)
        lines.append(
            say(
                f"先依次挪下：{cars}；完后倒序放回原板位",
                f"first take off, in this order: {cars}; put back in reverse where they stood",
            )
        )
    if stop.trade_in is not None:
        place, name = stop.trade_in.position_id, stop.trade_in.model_name
        lines.append(
            say(
                f"收旧车 {name}，装 {place}，带回仓库",
                f"take the trade-in {name} on {place}, back to the warehouse",
            )
        )
    return tuple(lines)


def deck_text(route: Route, stop: Stop, locale: Locale) -> str:
    """Join the lines of a stop for one cell."""
    return locale.say("；", "; ").join(deck_lines(route, stop, locale))


def _car(move: Shunt, seq: int, locale: Locale) -> str:
    place = move.position_id
    if move.trade_in:
        return locale.say(f"{place} 的 {seq} 号旧车", f"the trade-in of stop {seq} on {place}")
    return locale.say(f"{place} 的 {seq} 号车", f"car {seq} on {place}")
