"""The place of a row: from its pin where it has one, else from its address."""

from api.days.intake.cells import RowReader
from api.days.intake.clock_text import plain
from api.days.intake.contact_text import clean_address
from api.days.intake.locating import (
    PIN_FAR_M,
    CountyName,
    FoundPlace,
    Located,
    LocateStatus,
    Locator,
    joined_address,
    place_id,
    setting_of,
)
from geodata.datum import LAT_RANGE, LON_RANGE, Datum, to_wgs84
from geodata.places import Place, Point, great_circle_m

PIN_DECIMALS = 6
"""About 0.1 m: the same pin gives the same place, whatever a spreadsheet adds to it."""


def read_address(row: RowReader) -> str:
    """Read the address with the divisions of its own columns before it; "" when there is none.

    Phones and the buyer's name are taken out, see `contact_text`.
    """
    parts = {name: row.text(name) for name in ("province", "city", "county")}
    address = clean_address(row.text("address"), name=row.text("contact"))
    return joined_address(parts, address)


def read_place(row: RowReader, *, datum: Datum | None, locator: Locator) -> FoundPlace | None:
    """Find where a row is; None when that is unknown or contradictory (noted).

    A pin wins over the text and has radius 0; a text that names another county far away is a
    fault, for then one of the two is wrong and nobody here knows which.
    """
    address = read_address(row)
    has_pin = any(row.has(key) for key in ("lat", "lon", "position"))
    pin = _read_pin(row, datum=datum) if has_pin else None
    if has_pin and pin is None:
        return None
    text = locator.locate(address) if address else None
    if pin is not None:
        return _pinned(row, pin, address=address, text=text, locator=locator)
    if text is None:
        if not row.has("address"):  # one that could not be read is noted already
            row.fault("address.missing", "address")
        return None
    if text.status is LocateStatus.AMBIGUOUS:
        row.fault("address.ambiguous", "address", candidates="、".join(text.candidates[:4]))
        return None
    if text.county is None or text.point is None:
        row.fault("address.unknown", "address")
        return None
    place = Place(
        id=place_id(address),
        label=address,
        point=text.point,
        county_code=text.county.code,
        radius_m=text.radius_m,
    )
    return FoundPlace(place=place, setting=setting_of(address, township=text.township))


def _pinned(
    row: RowReader, pin: Point, *, address: str, text: Located | None, locator: Locator
) -> FoundPlace | None:
    county = locator.county_at(pin)
    if county is None:
        row.fault("position.outside", _pin_key(row))
        return None
    if text is not None and not _agrees(row, pin, county=county, text=text):
        return None
    place = Place(
        id=place_id(f"{pin.lat:.6f},{pin.lon:.6f}"),
        label=address or county.name,
        point=pin,
        county_code=county.code,
    )
    township = text.township if text else ""
    return FoundPlace(place=place, setting=setting_of(address, township=township))


def _agrees(row: RowReader, pin: Point, *, county: CountyName, text: Located) -> bool:
    """Compare pin and text; an unclear text says nothing against the pin."""
    if text.county is None or text.point is None or text.county.code == county.code:
        return True
    words = {"pin": county.name, "text": text.county.name}
    gap_m = great_circle_m(pin, text.point)
    if gap_m > PIN_FAR_M + text.radius_m:
        row.fault("position.elsewhere", _pin_key(row), km=round(gap_m / 1_000), **words)
        return False
    row.log.warn("position.other_county", row.where(_pin_key(row)), **words)
    return True


def _read_pin(row: RowReader, *, datum: Datum | None) -> Point | None:
    """Read latitude and longitude into WGS-84; None when wrong (noted)."""
    if row.has("lat") or row.has("lon"):
        if not (row.has("lat") and row.has("lon")):
            row.fault("position.half", "lat" if row.has("lat") else "lon")
            return None
        lat, lon = row.degrees("lat"), row.degrees("lon")
        either_order = False
    else:
        lat, lon = _read_pair(row)
        either_order = True
    declared = row.choice("datum", Datum) if row.has("datum") else datum
    if lat is None or lon is None:
        return None
    if _in_china(lat=lon, lon=lat):
        if not either_order:
            row.fault("position.swapped", "lat", lat=lat, lon=lon)
            return None
        # In one cell apps write both orders; within China the ranges do not overlap.
        lat, lon = lon, lat
    if not _in_china(lat=lat, lon=lon):
        row.fault("position.outside", _pin_key(row))
        return None
    if declared is None:
        if not row.has("datum"):  # a wrong one is noted already
            row.fault("position.datum", _pin_key(row))
        return None
    y, x = to_wgs84(lat, lon, declared)
    return Point(lat=round(float(y), PIN_DECIMALS), lon=round(float(x), PIN_DECIMALS))


def _read_pair(row: RowReader) -> tuple[float | None, float | None]:
    """Read "longitude, latitude" from one cell, the order of Chinese map apps."""
    parts = (
        plain(row.text("position")).strip("()[]").replace("，", ",").replace(" ", ",").split(",")
    )
    numbers = [part for part in parts if part]
    try:
        lon, lat = (float(part) for part in numbers)
    except ValueError:
        row.fault("position.format", "position")
        return None, None
    return lat, lon


def _pin_key(row: RowReader) -> str:
    return "lat" if row.has("lat") else "position"


def _in_china(*, lat: float, lon: float) -> bool:
    return LAT_RANGE[0] <= lat <= LAT_RANGE[1] and LON_RANGE[0] <= lon <= LON_RANGE[1]
