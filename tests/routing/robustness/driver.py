"""A driver who follows a plan, in plain Python, written from docs/robustness.md and slow.

Second by second where the page speaks of seconds; it knows the plan, the request and the matrix
through their own methods, and shares no line with `routing/robustness`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from geodata.matrix import TravelMatrix
from geodata.units import UNREACHABLE_S
from routing.domain.request import PlanRequest, TruckBan
from routing.plan import Route, Stop


@dataclass(frozen=True, kw_only=True)
class Luck:
    """One day of a route: a factor per leg in millionths, and seconds per stop."""

    pace: list[int]
    unload: list[int]
    handover: list[int]


class PlainDriver:
    """One driver, one day. Times are seconds of the horizon."""

    def __init__(self, request: PlanRequest, travel: TravelMatrix, route: Route) -> None:
        self.request, self.travel, self.route = request, travel, route
        self.truck = next(truck for truck in request.trucks if truck.id == route.truck_id)
        self.home = next(h for h in request.warehouses if h.id == route.warehouse_id).place.id
        self.rest_s = request.policy.driving.rest_s
        self.now = self.second(route.departs)
        self.driven = 0
        self.pause_from = self.now - self.rest_s

    def second(self, moment: datetime) -> int:
        return round((moment - self.request.horizon_start) / timedelta(seconds=1))

    def day(self, luck: Luck) -> tuple[list[int], int]:
        """Begins of service and the return."""
        begins = []
        at = self.home
        if self.route.stops[0].place_id != at:
            self.wait(self.leave_at(at, self.now))
        for index, stop in enumerate(self.route.stops):
            self.drive(at, stop.place_id, luck.pace[index])
            begins.append(self.serve(stop, index, luck))
            at = stop.place_id
        self.drive(at, self.home, luck.pace[-1])
        return begins, self.now

    # ---- on the road

    def drive(self, start: str, goal: str, pace: int) -> None:
        if start == goal:
            return
        remaining: int | None = None
        driven_with = 0
        while remaining is None or remaining > 0:
            needs = self.needs(start, goal, pace)
            nothing_to_drive = remaining is None and needs == 0
            if self.driven >= self.request.policy.driving.drive_max_s and not nothing_to_drive:
                self.now += self.rest_s
                self.driven, self.pause_from = 0, self.now - self.rest_s
            elif needs is None:
                self.wait(self.band_end())
            else:
                if remaining is None:
                    remaining = needs
                elif needs != driven_with:
                    remaining = ceil(Fraction(remaining * needs, driven_with))
                driven_with = needs
                limit = self.request.policy.driving.drive_max_s - self.driven
                step = min(remaining, self.band_end() - self.now, limit)
                self.now += step
                self.driven += step
                remaining -= step
                if step:
                    self.pause_from = self.now
        arrived = self.now
        while hits := [ban for ban in self.bans(goal) if self.forbids_arrival(ban, arrived)]:
            arrived = max(self.end(ban, arrived) + ban.inside_s for ban in hits)
        self.wait(arrived)

    def needs(self, start: str, goal: str, pace: int) -> int | None:
        layer = self.travel.class_of(self.truck.road_class)
        a, b = self.travel.index_of(start), self.travel.index_of(goal)
        typical = int(self.travel.seconds[layer, self.band(), a, b])
        return None if typical >= UNREACHABLE_S else ceil(Fraction(typical * pace, 1_000_000))

    def band(self) -> int:
        clock = self.now % 86_400
        return max(i for i, start in enumerate(self.travel.band_starts_s) if start <= clock)

    def band_end(self) -> int:
        later = [s for s in self.travel.band_starts_s if s > self.now % 86_400]
        return self.now - self.now % 86_400 + min(later, default=86_400)

    # ---- at a stop

    def serve(self, stop: Stop, index: int, luck: Luck) -> int:
        opens = self.second(stop.slot.window.start)
        begins = max(self.now, opens)
        if stop.begins > max(stop.leg.arrives, stop.slot.window.start) and self.driven > 0:
            begins = max(begins, self.pause_from + self.rest_s)
        self.wait(begins)
        self.work(luck.unload[index])
        if stop.specialist_id:
            arrival = stop.begins + timedelta(seconds=stop.unload_s + stop.deck_s)
            self.wait(self.second(arrival))
        if self.truck.specialist_id and self.request.policy.driving.handover_rests:
            self.wait(self.now + luck.handover[index])
        else:
            self.work(luck.handover[index])
        following = [*(each.place_id for each in self.route.stops), self.home][index + 1]
        stays = following == stop.place_id
        ends = self.second(stop.ends)
        demanded = ends if stays else self.leave_at(stop.place_id, ends)
        leaves = self.now
        if self.second(stop.leaves) > demanded and self.driven > 0:
            leaves = max(leaves, self.pause_from + self.rest_s)
        self.wait(leaves if stays else self.leave_at(stop.place_id, leaves))
        return begins

    def work(self, seconds: int) -> None:
        self.now += seconds
        if seconds:
            self.pause_from = self.now

    def wait(self, until: int) -> None:
        self.now = max(self.now, until)
        if self.now - self.pause_from >= self.rest_s:
            self.driven = 0

    # ---- bans

    def bans(self, place_id: str) -> list[TruckBan]:
        mine = [ban for ban in self.request.bans if ban.truck_id == self.truck.id]
        return [ban for ban in mine if ban.place_id == place_id]

    def forbids_arrival(self, ban: TruckBan, at: int) -> bool:
        return any(
            self.second(h.start) <= at < self.second(h.end) + ban.inside_s for h in ban.hours
        )

    def end(self, ban: TruckBan, at: int) -> int:
        return max(
            self.second(h.end)
            for h in ban.hours
            if self.second(h.start) <= at < self.second(h.end) + ban.inside_s
        )

    def leave_at(self, place_id: str, at: int) -> int:
        while later := [
            self.second(hours.end)
            for ban in self.bans(place_id)
            for hours in ban.hours
            if self.second(hours.start) - ban.inside_s < at < self.second(hours.end)
        ]:
            at = max(later)
        return at
