"""Links that open navigation on the driver's phone (Amap URI API, 2025).

Amap reads GCJ-02; plans hold WGS-84. Where a place is only known roughly, a point would lead the
driver to the wrong village with confidence: then the link searches the text instead.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from api.days.documents.figures import plain
from routing.plan import Stop

TEXT_RADIUS_M: Final = 500
"""Above this uncertainty a link searches the address and names no point."""

_NAME_CHARS: Final = 12
"""A label only; every Chinese character costs nine in the link and makes the code finer."""

_SEARCH_CHARS: Final = 30
"""Enough to find a house; a finer code than this no telephone reads from paper."""

_PROVINCE: Final = re.compile("^[\u4e00-\u9fff]{2,3}省")
"""Left out of a search, which names the county's code."""


def navigation_url(stop: Stop) -> str:
    """Build the link for a stop: to its point, or to a search for its address."""
    if stop.radius_m > TEXT_RADIUS_M:
        words = quote(_PROVINCE.sub("", plain(stop.address))[:_SEARCH_CHARS], safe="")
        return f"https://uri.amap.com/search?keyword={words}&city={stop.county_code}"
    from geodata.datum import wgs84_to_gcj02

    lat, lon = (float(degrees) for degrees in wgs84_to_gcj02(stop.lat, stop.lon))
    name = quote(plain(stop.address)[-_NAME_CHARS:].replace(",", " "), safe="")
    return (
        f"https://uri.amap.com/navigation?to={lon:.6f},{lat:.6f},{name}&mode=car&coordinate=gaode"
    )
