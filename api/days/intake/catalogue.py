"""What is known without being told: decks, models, editions and what a kind of truck costs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from geodata.units import Minor
from routing.domain.fleet import DeckPosition, DeckTemplate, TruckCosts, TruckKind
from routing.domain.vehicles import Edition, Model

STANDARD_EDITION = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDefaults:
    """What a truck of one kind is unless its row says otherwise."""

    road_class: str
    licence: str
    deck: DeckTemplate
    costs: TruckCosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The shipped defaults, by id."""

    kinds: Mapping[TruckKind, KindDefaults]
    decks: Mapping[str, DeckTemplate]
    models: Mapping[str, Model]
    editions: Mapping[str, Edition]


@cache
def shipped_catalogue() -> Catalogue:
    """Read `catalogue.toml`."""
    file = resources.files("api.days.intake") / "catalogue.toml"
    tables: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    decks = {id: _deck(id, table) for id, table in tables["decks"].items()}
    return Catalogue(
        kinds={
            TruckKind(kind): KindDefaults(
                road_class=row["road_class"],
                licence=row["licence"],
                deck=decks[row["deck"]],
                costs=TruckCosts(
                    per_km=Minor(row["per_km"]),
                    per_hour=Minor(row["per_hour"]),
                    per_overtime_hour=Minor(row["per_overtime_hour"]),
                    fixed=Minor(row["fixed"]),
                ),
            )
            for kind, row in tables["kinds"].items()
        },
        decks=decks,
        models={id: Model(id=id, **row) for id, row in tables["models"].items()},
        editions={id: Edition(id=id, **row) for id, row in tables["editions"].items()},
    )


def _deck(id: str, table: Mapping[str, Any]) -> DeckTemplate:
    positions = (
        DeckPosition(**{**row, "blocked_by": tuple(row.get("blocked_by", ()))})
        for row in table["positions"]
    )
    return DeckTemplate(id=id, positions=tuple(positions), payload_kg=table["payload_kg"])
