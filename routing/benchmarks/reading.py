"""Reads an instance whatever its form."""

from __future__ import annotations

from pathlib import Path

from routing.benchmarks.faults import Faults
from routing.benchmarks.instance import Instance
from routing.benchmarks.solomon import is_solomon, read_solomon
from routing.benchmarks.units import Units
from routing.benchmarks.vrplib import read_vrplib


def read_instance(path: Path, *, units: Units | None = None) -> Instance:
    """Read a Solomon, Gehring-Homberger or VRPLIB file.

    Raises:
        BadInstance: every fault of the file.
    """
    text = text_of(path)
    if is_solomon(text):
        return read_solomon(path, text, units=units or Units.DIMACS)
    return read_vrplib(path, text, units=units)


def text_of(path: Path) -> str:
    """Read a text file.

    Raises:
        BadInstance: bytes that are no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        faults = Faults(path.name)
        faults.add(
            f"byte {error.start} is no UTF-8 text", "is this a benchmark file? save it as UTF-8"
        )
        raise faults.refusal() from error
