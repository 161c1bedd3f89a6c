"""What can be measured: a public instance, a made-up one, a day of ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.errors import BadUsage
from routing.benchmarks.county import county_cars
from routing.benchmarks.reading import read_instance
from routing.benchmarks.rich import rich_day
from routing.benchmarks.solutions import best_known
from routing.benchmarks.units import Units
from routing.errors import BadInstance
from routing.model import Model

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

_MADE_UP: Final = re.compile(r"(county|rich):(\d+):(\d+)")
_DAY_SUFFIXES: Final = frozenset({".xlsx", ".json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCase:
    """A plain model, which every engine understands."""

    name: str
    model: Model
    best_known: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCase:
    """A day with all its rules, which only the planner understands."""

    name: str
    request: PlanRequest
    travel: TravelMatrix


Case = ModelCase | DayCase
DayReader = Callable[[Path], "tuple[PlanRequest, TravelMatrix]"]


def read_cases(
    addresses: Sequence[str], *, units: Units | None, read_day: DayReader
) -> tuple[Case, ...]:
    """Read every case before any is run.

    Raises:
        BadUsage: an address that names nothing.
        BadInstance: the faults of all public files together.
        FaultyInput: the faults of a day.
    """
    cases: list[Case] = []
    faults: list[str] = []
    for address in addresses:
        try:
            cases.append(_read_case(address, units=units, read_day=read_day))
        except BadInstance as error:
            faults.extend(error.faults)
    if faults:
        raise BadInstance(tuple(faults))
    return _told_apart(cases, addresses)


def _read_case(address: str, *, units: Units | None, read_day: DayReader) -> Case:
    if made_up := _MADE_UP.fullmatch(address):
        return _made_up(made_up[1], int(made_up[2]), int(made_up[3]))
    path = Path(address)
    if not path.exists():
        raise BadUsage(
            f"{address}: no such file; name an instance, a day, "
            "county:ORDERS:SEED or rich:ORDERS:SEED"
        )
    if path.is_dir() or path.suffix.lower() in _DAY_SUFFIXES:
        request, travel = read_day(path)
        return DayCase(name=path.resolve().name, request=request, travel=travel)
    instance = read_instance(path, units=units)
    return ModelCase(name=path.stem, model=instance.model, best_known=best_known(instance))


def _made_up(kind: str, orders: int, seed: int) -> Case:
    if orders < 1:
        raise BadUsage(f"{kind}:{orders}:{seed}: an instance needs at least 1 order")
    if kind == "county":
        model = county_cars(orders, seed)
        return ModelCase(name=model.name, model=model, best_known=None)
    day = rich_day(orders, seed)
    return DayCase(name=day.name, request=day.request, travel=day.travel)


def _told_apart(cases: Sequence[Case], addresses: Sequence[str]) -> tuple[Case, ...]:
    """Put the folder before names that are there twice: families repeat each other's names."""
    often = Counter(case.name for case in cases)
    return tuple(
        case
        if often[case.name] == 1
        else replace(case, name="/".join(Path(address).with_suffix("").parts[-2:]))
        for case, address in zip(cases, addresses, strict=True)
    )
