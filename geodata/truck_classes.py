"""Truck classes: size, mass, axles and speed, as dated configuration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geodata.rows import Row, read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckClass:
    """A kind of truck as roads see it; dimensions are of the laden truck.

    `speed_percent` scales every road speed; 100 is the configured one.
    """

    id: str
    name: str
    height_cm: int
    length_cm: int
    width_cm: int
    mass_kg: int
    axles: int
    speed_percent: int
    source: str

    @property
    def toll_class(self) -> int:
        """Class 1 to 6 of JT/T 489-2019, trucks: by axles, length and maximum mass.

        Two axles: class 1 below 6 m and below 4,500 kg, else class 2; from three axles on
        the class is the number of axles, six at most (more pays by permit).
        """
        if self.axles <= 2:
            return 1 if self.length_cm < 600 and self.mass_kg < 4_500 else 2
        return min(self.axles, 6)


def _truck_class(row: Row) -> TruckClass:
    return TruckClass(
        id=row.text("id"),
        name=row.text("name"),
        height_cm=row.whole("height_cm", low=100, high=600),
        length_cm=row.whole("length_cm", low=300, high=3_000),
        width_cm=row.whole("width_cm", low=150, high=400),
        mass_kg=row.whole("mass_kg", low=1_000, high=100_000),
        axles=row.whole("axles", low=2, high=12),
        speed_percent=row.whole("speed_percent", low=30, high=130),
        source=row.text("source"),
    )


@cache
def load_truck_classes() -> dict[str, TruckClass]:
    """Read the shipped truck classes by id.

    Raises:
        BadGeoData: the file breaks its schema; lists every fault.
    """
    classes = read_rows("truck_classes.toml", table="truck_class", read=_truck_class)
    return {row.id: row for row in classes}
