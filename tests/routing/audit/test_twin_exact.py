"""Dropping dominated pairs loses nothing where there is one band (docs/schedule.md says so)."""

from hypothesis import HealthCheck, assume, given, settings

from routing.audit.twin.driving import Wheel
from routing.audit.twin.timing import Label, arrivals, served, time_route
from routing.audit.twin.values import TwinMiss, TwinRoute
from tests.strategies import Run, runs


def _every_return(route: TwinRoute, departs: int) -> list[int]:
    """Return moments of all ways to choose the rests, none of them dropped."""
    labels = [Label(wheel=Wheel(now=departs, driven_s=0, paused_from=departs))]
    for index in range(len(route.stops)):
        labels = [
            after
            for label, drive, wheel in arrivals(route, labels, index)
            for after in served(route, label, drive, wheel, index)
        ]
    return [drive.arrives for _, drive, _ in arrivals(route, labels, len(route.stops))]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(runs(max_stops=4))
def test_the_earliest_return_is_never_pruned(run: Run) -> None:
    """All choices of rests are tried one by one; the twin's return is the earliest of them."""
    assume(len(run.travel.band_starts_s) == 1)
    route = run.twin()
    departs = route.truck.shift_start + route.truck.load_s
    times = time_route(route, departs=departs)
    returns = _every_return(route, departs)
    assert (min(returns) if returns else None) == (
        None if isinstance(times, TwinMiss) else times.returns
    )
