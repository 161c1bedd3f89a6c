"""Expressway tolls by axle class (JT/T 489-2019) and province."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.rows import raise_faults, read_file, rows_of

TOLLS_FILE: Final = "tolls.toml"
ELSEWHERE: Final = "*"
TOLL_CLASSES: Final = range(1, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolls:
    """Class 1 rates in fen per km by province, and class rates in percent of class 1."""

    fen_per_km: dict[str, int]
    class_percent: dict[int, int]
    date: str
    source: str

    def rate(self, county_code: str, toll_class: int) -> float:
        """Fen per km of a toll class where a county lies; the province is its first two digits."""
        base = self.fen_per_km.get(county_code[:2], self.fen_per_km[ELSEWHERE])
        return base * self.class_percent[toll_class] / 100


def load_tolls(path: Path | None = None) -> Tolls:
    """Read the shipped tolls, or the user's own.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it breaks the schema; lists every fault.
    """
    shown = path.name if path else TOLLS_FILE
    values = read_file(TOLLS_FILE, path=path)
    faults: list[str] = []
    rates: dict[str, int] = {}
    for row in rows_of(values, table="province", shown=shown, faults=faults):
        code = row.text("code")
        if code in rates:
            row.note(f"code {code!r} stands twice")
        rates[code] = row.whole("fen_per_km", low=0, high=500)
        row.text("source")
    classes = {}
    for row in rows_of(values, table="class", shown=shown, faults=faults):
        classes[row.whole("toll_class", low=1, high=6)] = row.whole("percent", low=50, high=1_000)
        row.text("source")
    if ELSEWHERE not in rates:
        faults.append(f'{shown}: one province row must have code = "{ELSEWHERE}"')
    missing = [number for number in TOLL_CLASSES if number not in classes]
    if missing:
        faults.append(f"{shown}: class rows lack {missing}")
    raise_faults(faults)
    return Tolls(
        fen_per_km=rates,
        class_percent=classes,
        date=values["date"].isoformat(),
        source=values["source"],
    )
