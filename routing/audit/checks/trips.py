"""A truck makes no more trips than it may, none of them without a car."""

from collections.abc import Iterator
from itertools import pairwise

from routing.audit.case import Case, Check, Fault


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        route, truck = each.route, each.truck
        trips = len(route.reloads) + 1
        if trips > truck.trips_max:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 跑 {trips} 趟,最多 {truck.trips_max} 趟",
                text_en=f"{truck.id} makes {trips} trips, at most {truck.trips_max} allowed",
            )
        firsts = [0, *(reload.before for reload in route.reloads), len(route.stops)]
        if route.reloads and any(late <= early for early, late in pairwise(firsts)):
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 有一趟没有车要送",
                text_en=f"{truck.id} makes a trip without a car",
            )


CHECK = Check(name="trips", reason=None, run=_run)
