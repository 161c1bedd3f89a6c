"""Whatever is spoilt in a feasible solution, the checker sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.benchmarks.checker import check_routes
from routing.model import Model, ModelRoute
from tests.routing.benchmarks.models import changed, solved_model, without_road

Routes = tuple[ModelRoute, ...]
Spoilt = tuple[Model, Routes]


def dropped(model: Model, routes: Routes) -> Spoilt:
    first, *rest = routes
    trips = (first.trips[0][1:], *first.trips[1:])
    return model, (replace(first, trips=trips), *rest)


def doubled(model: Model, routes: Routes) -> Spoilt:
    first, *rest = routes
    trips = ((first.trips[0][0], *first.trips[0]), *first.trips[1:])
    return model, (replace(first, trips=trips), *rest)


def driven_twice(model: Model, routes: Routes) -> Spoilt:
    return model, (*routes, routes[0])


def on_another_truck(model: Model, routes: Routes) -> Spoilt:
    return model, (replace(routes[0], kind=routes[1].kind), *routes[1:])


def swapped(model: Model, routes: Routes) -> Spoilt:
    """Exchange the first stops of two trucks, neither of which is allowed on the other."""
    a, b, *rest = routes
    return model, (
        replace(a, trips=((b.trips[0][0], *a.trips[0][1:]), *a.trips[1:])),
        replace(b, trips=((a.trips[0][0], *b.trips[0][1:]), *b.trips[1:])),
        *rest,
    )


def split_trips(model: Model, routes: Routes) -> Spoilt:
    long = next(route for route in routes if route.clients)
    trips = tuple((client,) for client in long.clients)
    more = trips if len(trips) > len(long.trips) else (*trips, *trips[:1])
    return model, tuple(replace(each, trips=more) if each is long else each for each in routes)


def overloaded(model: Model, routes: Routes) -> Spoilt:
    return changed(model, capacity=model.fleet.capacity - 1), routes


def late(model: Model, routes: Routes) -> Spoilt:
    latest = model.clients.latest.copy()
    latest[routes[0].clients[-1]] -= 1  # service begins at `earliest`, which was the same moment
    return changed(model, latest=latest), routes


def shut_early(model: Model, routes: Routes) -> Spoilt:
    return changed(model, closes=model.fleet.closes - 1), routes


def shorter_days(model: Model, routes: Routes) -> Spoilt:
    return changed(model, max_duration=model.fleet.max_duration - 1), routes


def released_late(model: Model, routes: Routes) -> Spoilt:
    return changed(model, release=model.clients.latest + 1), routes


def forbidden(model: Model, routes: Routes) -> Spoilt:
    allowed = model.fleet.allowed.copy()
    allowed[routes[0].kind, routes[0].clients[0]] = False
    return changed(model, allowed=allowed), routes


def cut_off(model: Model, routes: Routes) -> Spoilt:
    kind, node = routes[0].kind, model.depots + routes[0].clients[-1]
    return without_road(model, kind, node, int(model.fleet.depot[kind])), routes


PLANTED = (
    dropped, doubled, driven_twice, on_another_truck, swapped, split_trips, overloaded, late,
    shut_early, shorter_days, released_late, forbidden, cut_off,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_was_made_to_be_feasible_is(seed: int) -> None:
    """Else every planted fault would be caught for nothing."""
    model, routes = solved_model(seed)
    report = check_routes(model, routes)
    assert report.faults == ()
    assert report.unserved == ()


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_planted_fault_is_caught(plant: Callable[[Model, Routes], Spoilt], seed: int) -> None:
    """Every limit of these models is the one their routes just reach."""
    assert not check_routes(*plant(*solved_model(seed))).feasible
