"""Errors of the geodata floor. Messages say what, which, and what to do now."""


class GeoError(Exception):
    """Something about places, roads or their data that the caller can act on."""


class UnknownPlace(GeoError):
    """A place, code or name that no source knows."""


class UnsnappedPlace(GeoError):
    """A place too far from any road a truck may use."""


class BadGeoData(GeoError):
    """A data file that breaks its schema; lists every fault with its place in the file."""


class MissingSource(GeoError):
    """A data package or file that is not installed or cannot be read."""
