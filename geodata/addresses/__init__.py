"""Free Chinese address text to county, township and point."""

from geodata.addresses.locate import Locator, load_locator, locate
from geodata.addresses.text import address_key, normalise
from geodata.addresses.verdict import Located, Status

__all__ = [
    "Located",
    "Locator",
    "Status",
    "address_key",
    "load_locator",
    "locate",
    "normalise",
]
