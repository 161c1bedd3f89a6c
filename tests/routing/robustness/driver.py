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
from routing.plan import Reload, Route, Stop


@dataclass(frozen=True, kw_only=True)
class Luck:
    """One day of a route: a factor per leg in millionths, and seconds per halt."""

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
        for index, halt in enumerate(self.route.halts):
            place = self.place(halt)
            self.drive(at, place, luck.pace[index])
            if isinstance(halt, Reload):
                begins.append(self.load(halt, index))
            else:
                begins.append(self.serve(halt, index, luck))
            at = place
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

    def place(self, halt: Stop | Reload) -> str:
        return self.home if isinstance(halt, Reload) else halt.place_id

    def load(self, reload: Reload, index: int) -> int:
        """At the warehouse: the bay is there from its planned begin on, and takes what it takes."""
        begins = max(self.now, self.second(reload.load.start))
        if reload.load.start > max(reload.leg.arrives, self.may_load(reload)) and self.driven > 0:
            begins = max(begins, self.pause_from + self.rest_s)
        self.wait(begins)
        self.work(self.second(reload.load.end) - self.second(reload.load.start))
        self.go_on(self.home, index, ends=reload.load.end, leaves=reload.leaves)
        return begins

    def may_load(self, reload: Reload) -> datetime:
        house = next(h for h in self.request.warehouses if h.id == self.route.warehouse_id)
        named = [*self.request.orders, *self.request.stock]
        moments = [h.start for h in house.loading if h.start <= reload.load.start]
        for car in reload.deck:
            for each in named:
                step = each.readiness.binding_step
                if each.vehicle.vin == car.vin and step is not None:
                    moments.append(step.done_p90)
        return max(moments)

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
        self.go_on(stop.place_id, index, ends=stop.ends, leaves=stop.leaves)
        return begins

    def go_on(self, place: str, index: int, *, ends: datetime, leaves: datetime) -> None:
        """Rest after the work where the plan does, and leave when one may."""
        following = [*(self.place(each) for each in self.route.halts), self.home][index + 1]
        stays = following == place
        demanded = self.second(ends) if stays else self.leave_at(place, self.second(ends))
        at = self.now
        if self.second(leaves) > demanded and self.driven > 0:
            at = max(at, self.pause_from + self.rest_s)
        self.wait(at if stays else self.leave_at(place, at))

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
