"""Errors come in families, one per floor, and reach the caller in one shape."""

import importlib
import pkgutil

import pytest

from api.client import ClientError
from api.errors import ApiError
from geodata.errors import GeoError
from routing.errors import RoutingError

BASES: dict[str, type[Exception]] = {
    "api": ApiError,
    # It is copied into order systems, without the rest: a family of its own.
    "api.client": ClientError,
    "routing": RoutingError,
    "geodata": GeoError,
}


def raised_by(floor: str) -> list[type[Exception]]:
    """Every exception class that a module of the floor defines.

    A private one (`_BadJson`) is a signal inside its module, caught where it is raised.
    """
    package = importlib.import_module(floor)
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(package.__path__, f"{floor}.")
        if not found.name.endswith("__main__")
    ]
    return sorted(
        {
            thing
            for module in (package, *modules)
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, Exception)
            and _home(thing) == floor
            and not thing.__name__.startswith("_")
        },
        key=lambda kind: (kind.__module__, kind.__name__),
    )


def _home(thing: type[Exception]) -> str:
    """The longest name in BASES that a class lives under; empty for one that is not ours."""
    homes = [each for each in BASES if f"{thing.__module__}.".startswith(f"{each}.")]
    return max(homes, key=len, default="")


@pytest.mark.parametrize("floor", BASES)
def test_every_error_belongs_to_its_floors_family(floor: str) -> None:
    """A caller catches one base class per floor; an error outside it would pass as a bug."""
    errors = raised_by(floor)
    assert BASES[floor] in errors
    assert [error for error in errors if not issubclass(error, BASES[floor])] == []


@pytest.mark.parametrize("floor", BASES)
def test_every_error_says_what_it_means(floor: str) -> None:
    """The docstring is what docs and reviewers go by: whose fault, and what it carries."""
    assert [error for error in raised_by(floor) if not error.__dict__.get("__doc__")] == []


def test_published_codes_are_unique() -> None:
    """Two errors with one code cannot be told apart by the program that reads them."""
    codes = [error.code for error in raised_by("api") if issubclass(error, ApiError)]
    assert len(codes) == len(set(codes))
