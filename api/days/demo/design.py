"""What the demonstration day is made from: fixed tours, and orders that nobody can serve."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from geodata.places import Point
from routing.reasons import Reason


class Way(StrEnum):
    """How a stop of the demonstration hands over."""

    HUB = "hub"
    LOT = "lot"
    """A meet point beside a trunk road: any carrier."""
    SQUARE = "square"
    """A meet point in a town: short carriers."""
    TRUNK = "trunk"
    """A door that a carrier reaches."""
    TOWN = "town"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def shared(self) -> bool:
        """Whether all cars of the stop meet at one place of the places sheet."""
        return self in {Way.HUB, Way.LOT, Way.SQUARE}


class When(StrEnum):
    """When the tour comes by, so that buyers' windows can be kept."""

    AM = "am"
    PM = "pm"
    ANY = "any"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWarehouse:
    """`loading` and `evening` are opening hours as written; `evening` is empty where none."""

    id: str
    name: str
    county: str
    township: str
    at: Point
    bays: int
    loading: str
    plate: str
    evening: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoModel:
    """`size_mm` is length, width, height; `share` weighs the draw, 0 is never drawn."""

    name: str
    code: str
    size_mm: tuple[int, int, int]
    mass_kg: int
    wheel_lift_ok: bool
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStop:
    """So many cars to one county; an empty township leaves the choice to the seed.

    The last `trade_ins` of the buyers give an old car in exchange.
    """

    county: str
    way: Way
    cars: int
    when: When
    township: str = ""
    skills: str = ""
    trade_ins: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTour:
    """A truck and a tour it can drive. `specialist` lists the skills of who rides along;
    `hired_yuan` is what a day of a hired truck costs, 0 for the company's own."""

    warehouse: str
    kind: str
    stops: tuple[DemoStop, ...]
    deck: str = ""
    specialist: tuple[str, ...] = ()
    hired_yuan: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """An order to be left behind, and why. Empty fields are those of any other order."""

    reason: Reason
    why: str
    warehouse: str
    county: str
    way: Way
    window: str
    township: str = ""
    at: Point | None = None
    near_seat: bool = False
    """Whether the place lies within the county seat's outskirts, whatever its setting."""
    promised: bool = False
    model: str = ""
    edition: str = ""
    film_done: str = ""
    insurance: str = ""
    skills: str = ""
    priority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The whole day before the seed fills in people, streets, cars and wishes."""

    province: str
    settings: Mapping[str, str | int]
    warehouses: tuple[DemoWarehouse, ...]
    models: tuple[DemoModel, ...]
    decks: tuple[Mapping[str, Any], ...]
    tours: tuple[DemoTour, ...]
    impossible: tuple[Impossible, ...]


@cache
def henan() -> Design:
    """Read `henan.toml`."""
    file = resources.files("api.days.demo") / "henan.toml"
    tables: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Design(
        province=tables["province"],
        settings=tables["settings"],
        warehouses=tuple(
            DemoWarehouse(**row | {"at": _point(row["at"])}) for row in tables["warehouses"]
        ),
        models=tuple(
            DemoModel(**row | {"size_mm": tuple(row["size_mm"])}) for row in tables["models"]
        ),
        decks=tuple(tables["decks"]),
        tours=tuple(_tour(row) for row in tables["tours"]),
        impossible=tuple(_impossible(row) for row in tables["impossible"]),
    )


def _tour(row: Mapping[str, Any]) -> DemoTour:
    stops = (
        DemoStop(**{**stop, "way": Way(stop["way"]), "when": When(stop["when"])})
        for stop in row["stops"]
    )
    specialist = tuple(row.get("specialist", ()))
    return DemoTour(**{**row, "stops": tuple(stops), "specialist": specialist})


def _impossible(row: Mapping[str, Any]) -> Impossible:
    changes: dict[str, Any] = {"reason": Reason(row["reason"]), "way": Way(row["way"])}
    if "at" in row:
        changes["at"] = _point(row["at"])
    return Impossible(**{**row, **changes})


def _point(pair: list[float]) -> Point:
    return Point(lat=pair[0], lon=pair[1])
