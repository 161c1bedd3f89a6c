"""County-level divisions: names, codes, history (light) and polygons (`divisions.polygons`)."""

from geodata.divisions.history import FormerCounty, FormerPrefecture
from geodata.divisions.register import (
    Ambiguous,
    County,
    Found,
    Lookup,
    Register,
    SeatSource,
    Unknown,
    load_register,
)

__all__ = [
    "Ambiguous",
    "County",
    "FormerCounty",
    "FormerPrefecture",
    "Found",
    "Lookup",
    "Register",
    "SeatSource",
    "Unknown",
    "load_register",
]
