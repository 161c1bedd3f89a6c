"""What the tags of an OSM way or barrier say to a truck.

Turn restrictions, lane rules and conditional speeds are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geodata.osm_conditions import Condition, read_conditions
from geodata.truck_classes import TruckClass

LIGHT_KG: Final = 3_500
"""Up to this mass a truck is no heavy goods vehicle (hgv) to OSM."""
MODES: Final = ("access", "vehicle", "motor_vehicle", "goods", "hgv")
"""From general to special; the most special tag wins."""
OPEN_VALUES: Final = frozenset(
    {
        "yes",
        "permissive",
        "designated",
        "official",
        "destination",
        "delivery",
        "customers",
        "public",
        "unknown",
    }
)
"""Roads for residents' traffic are open: a delivery is such traffic, through trips are not told."""
CLOSING_BARRIERS: Final = frozenset(
    {
        "bollard",
        "block",
        "jersey_barrier",
        "cycle_barrier",
        "chain",
        "log",
        "debris",
        "stile",
        "kissing_gate",
        "turnstile",
        "motorcycle_barrier",
        "fence",
        "wall",
        "horse_stile",
    }
)

_LENGTH: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|cm|ft|')?")
_FEET_INCHES: Final = re.compile(r"(\d+)\s*(?:'|ft)\s*(\d+(?:\.\d+)?)\s*(?:\"|''|in)?")
_MASS: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(t|kg|st|lbs)?")
_SPEED: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_CM: Final = {None: 100.0, "m": 100.0, "cm": 1.0, "ft": 30.48, "'": 30.48}
_KG: Final = {None: 1_000.0, "t": 1_000.0, "kg": 1.0, "st": 907.185, "lbs": 0.453_592}
_KMH: Final = {None: 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609_344, "knots": 1.852}


class Direction(StrEnum):
    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadRules:
    """Signs along a way or at a barrier; a limit of 0 means none is signed.

    `highway` is the class of the way, "" for a barrier.
    """

    highway: str
    access: tuple[tuple[str, str], ...]
    conditional: tuple[tuple[str, tuple[Condition, ...]], ...]
    max_height_cm: int
    max_width_cm: int
    max_length_cm: int
    max_mass_kg: int
    max_kmh: int
    toll: bool

    def admits(self, truck: TruckClass, *, weekday: int, start_s: int, end_s: int) -> bool:
        """Say whether a truck may drive here during all of [start_s, end_s) of a weekday."""
        for limit, mine in (
            (self.max_height_cm, truck.height_cm),
            (self.max_width_cm, truck.width_cm),
            (self.max_length_cm, truck.length_cm),
            (self.max_mass_kg, truck.mass_kg),
        ):
            if limit and mine > limit:
                return False
        plain, conditional = dict(self.access), dict(self.conditional)
        size = _size(truck)
        value = "yes"
        for mode in MODES if truck.mass_kg > LIGHT_KG else MODES[:3]:
            value = plain.get(mode, value)
            for condition in conditional.get(mode, ()):
                if condition.holds(
                    forbids=condition.value not in OPEN_VALUES,
                    size=size,
                    weekday=weekday,
                    start_s=start_s,
                    end_s=end_s,
                ):
                    value = condition.value
        return value in OPEN_VALUES

    def hour_edges(self, *, weekday: int) -> frozenset[int]:
        """Seconds of a weekday at which a condition begins or ends to hold."""
        return frozenset(
            edge
            for _, conditions in self.conditional
            for condition in conditions
            for hours in condition.hours
            if weekday in hours.days
            for edge in (hours.start_s, hours.end_s)
        )


def read_way(tags: Mapping[str, str]) -> RoadRules:
    """Read the signs of a way."""
    return _rules(tags, highway=tags.get("highway", ""), access=_access(tags))


def read_barrier(tags: Mapping[str, str]) -> RoadRules | None:
    """Read a barrier node; None where it stops no truck whatever its size."""
    access = _access(tags)
    if not access and tags.get("barrier") in CLOSING_BARRIERS:
        access = (("access", "no"),)
    rules = _rules(tags, highway="", access=access)
    silent = _rules({}, highway="", access=())
    return None if rules == silent else rules


def read_direction(tags: Mapping[str, str]) -> Direction:
    """Read which way a road is open; roundabouts and motorways are one-way unless they deny it."""
    oneway = tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return Direction.FORWARD
    if oneway in ("-1", "reverse"):
        return Direction.BACKWARD
    if oneway == "reversible":
        return Direction.NEITHER
    implied = (
        tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    )
    if implied and oneway not in ("no", "false", "0"):
        return Direction.FORWARD
    return Direction.BOTH


def read_length_cm(text: str) -> int:
    """Read a length as `4`, `3.5 m`, `13'6"` or `12 ft`; 0 where none is said."""
    feet = _FEET_INCHES.fullmatch(text.strip())
    if feet:
        return round(int(feet[1]) * 30.48 + float(feet[2]) * 2.54)
    return _scaled(_LENGTH, text, _CM)


def read_mass_kg(text: str) -> int:
    """Read a mass as `7.5`, `18 t` or `18000 kg`; 0 where none is said."""
    return _scaled(_MASS, text, _KG)


def read_speed_kmh(text: str) -> int:
    """Read a speed as `50` or `30 mph`; 0 where none is said."""
    return _scaled(_SPEED, text, _KMH)


def _scaled(pattern: re.Pattern[str], text: str, units: Mapping[str | None, float]) -> int:
    match = pattern.fullmatch(text.strip().lower())
    return round(float(match[1].replace(",", ".")) * units[match[2]]) if match else 0


def _rules(
    tags: Mapping[str, str], *, highway: str, access: tuple[tuple[str, str], ...]
) -> RoadRules:
    def first(*names: str) -> str:
        return next((tags[name] for name in names if name in tags), "")

    conditional = tuple(
        (mode, read_conditions(tags[f"{mode}:conditional"]))
        for mode in MODES
        if f"{mode}:conditional" in tags
    )
    return RoadRules(
        highway=highway,
        access=access,
        conditional=conditional,
        max_height_cm=read_length_cm(first("maxheight:physical", "maxheight")),
        max_width_cm=read_length_cm(first("maxwidth:physical", "maxwidth")),
        max_length_cm=read_length_cm(first("maxlength:hgv", "maxlength")),
        max_mass_kg=read_mass_kg(first("maxweight:hgv", "maxweight", "maxweightrating:hgv")),
        max_kmh=read_speed_kmh(first("maxspeed:hgv", "maxspeed")),
        toll="yes" in (tags.get("toll:hgv"), tags.get("toll")),
    )


def _access(tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((mode, tags[mode]) for mode in MODES if mode in tags)


def _size(truck: TruckClass) -> dict[str, float]:
    """The truck in the units of conditions: tonnes, metres, axles."""
    return {
        "weight": truck.mass_kg / 1_000,
        "height": truck.height_cm / 100,
        "width": truck.width_cm / 100,
        "length": truck.length_cm / 100,
        "axles": truck.axles,
    }
