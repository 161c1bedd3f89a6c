"""Run the kernel as plain Python, once as it is and once with each slip; print what is noticed."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from dataclasses import fields, replace
from pathlib import Path
from types import ModuleType

import numpy as np

from routing.benchmarks.county import county_cars
from routing.model import Fleet, Model, ModelRoute
from tests.models import plain_model
from tests.planted.kernel_bugs import SLIPS, Slip

KERNEL = "routing.search.kernel"
BOOKS = "tests.routing.search.kernel_books"


def _models() -> list[tuple[Model, tuple[ModelRoute, ...]]]:
    """Models with starts: tight windows, room, limits of duration, roads closed to some."""
    cars = county_cars(14, 3)
    fleet, clients = cars.fleet, cars.clients
    timed = [
        replace(
            cars,
            fleet=replace(
                fleet,
                max_duration=np.full(len(fleet), longest),
                per_duration=np.full(len(fleet), 0.5),
                overtime_after=np.full(len(fleet), 15_000),
                per_overtime=np.full(len(fleet), 0.25),
            ),
        )
        for longest in (16_000, 30_000)
    ]
    narrow = replace(
        cars,
        clients=replace(clients, latest=np.minimum(clients.latest, clients.earliest + 2_400)),
        fleet=replace(fleet, count=np.minimum(fleet.count, 1)),
    )
    points = [(0, 0), *((7 * at % 23 - 11, 5 * at % 19 - 9) for at in range(12))]
    plain = plain_model(points, trucks=4, room=3)
    uneven = replace(
        plain,
        clients=replace(
            plain.clients,
            demand=np.array([[1 + at % 3] for at in range(12)]),
            earliest=np.array([10 * (at % 5) for at in range(12)]),
            latest=np.array([10 * (at % 5) + 35 for at in range(12)]),
        ),
        fleet=replace(plain.fleet, closes=np.array([200]), max_duration=np.array([150])),
    )
    roomy = plain_model(points, trucks=12, room=6)
    two_kinds = replace(roomy, fleet=_twice(roomy.fleet))
    one_each = tuple(ModelRoute(0, ((client,),)) for client in range(12))
    return [
        *((model, ()) for model in (cars, *timed, narrow, uneven, two_kinds)),
        (two_kinds, one_each),
    ]


def _twice(fleet: Fleet) -> Fleet:
    """The fleet and once more the same, of a kind that may not come for every third client."""
    doubled = {part.name: np.concatenate([getattr(fleet, part.name)] * 2) for part in fields(fleet)}
    doubled["allowed"][1, ::3] = False
    doubled["fixed"] = np.array([40.0, 25.0])
    return Fleet(**doubled)


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith(KERNEL) or name == BOOKS]:
        del sys.modules[name]


def _slipped(slip: Slip) -> ModuleType:
    """Load one of the kernel's modules with the slip in its source."""
    name = f"{KERNEL}.{slip.file}"
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    assert slip.right in source, f"{slip.name}: {slip.file}.py has changed, plant it anew"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source.replace(slip.right, slip.wrong, 1), spec.origin, "exec"), module.__dict__)
    return module


def _faults(models: list[tuple[Model, tuple[ModelRoute, ...]]]) -> list[str]:
    """What the books, the checker or a crash tell of the kernel as it is loaded now."""
    books = importlib.import_module(BOOKS)
    for model, start in models:
        # A ruin rebuilds most of so small a start: try often how the first few steps go.
        seeds, steps = (range(8), 20) if start else (range(2), 150)
        for seed in seeds:
            try:
                search = books.searched(model, steps=steps, seed=seed, start=start)
                found = books.faults_in_books(model, search)
            except (IndexError, ValueError) as error:
                found = [f"{type(error).__name__}: {error}"]
            if found:
                return list(found)
    return []


def main() -> None:
    """Print what is noticed of each slip, and of none."""
    models = _models()
    noticed = {"": _faults(models)}
    for slip in SLIPS:
        _forget()
        importlib.import_module(KERNEL)
        _slipped(slip)
        noticed[slip.name] = _faults(models)
    print(json.dumps(noticed))


if __name__ == "__main__":
    main()
