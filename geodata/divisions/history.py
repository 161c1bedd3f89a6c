"""Where the area of an abolished county is today: pure functions over the list of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geodata.divisions.changes import Corrections
from geodata.divisions.quhua import Event

COUNTY_LEVEL: Final = 3
PREFECTURE_LEVEL: Final = 2
NAMES_SINCE: Final = 1988
"""Older code lists were renumbered so often that their changes contradict each other."""

CHONGQING: Final = "50"
SICHUAN: Final = "51"
MAX_CHAIN: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerCounty:
    """A name or code that is gone.

    `to` are today's counties: one is an answer, several are candidates, none means that no
    source says where the area went. `prefectures` are the parents under which it was written.
    `checked` marks entries of our own corrections file; the package's older ones follow reused
    codes at times.
    """

    code: str
    name: str
    province_code: str
    prefectures: tuple[str, ...]
    year: int
    to: tuple[str, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPrefecture:
    """A prefecture that is gone, renamed or smaller today, with the counties it held."""

    name: str
    province_code: str
    year: int
    to: tuple[str, ...]


class Successors:
    """Follow codes forward in time to the counties of today."""

    def __init__(
        self,
        events: Iterable[Event],
        *,
        current: Mapping[str, str],
        members: Mapping[str, tuple[str, ...]],
        corrections: Corrections,
    ) -> None:
        """Index the events.

        `current` maps today's county codes to names, `members` prefecture codes to counties.
        """
        self._current = current
        self._members = members
        self._corrected = {change.code: change.to for change in corrections.changes}
        self._next: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for event in events:
            if event.old_code and event.new_code and _plausible(event):
                self._next[event.old_code].append((event.year, event.new_code))

    def of(self, code: str, *, since: int = 0, depth: int = 0) -> tuple[str, ...]:
        """List today's counties behind a code, sorted; empty when no source knows."""
        if code in self._corrected:
            return self._corrected[code]
        if code in self._current:
            return (code,)
        steps = [(year, to) for year, to in self._next[code] if year >= since and to != code]
        if not steps:
            return self._members.get(code, ())
        if depth == MAX_CHAIN:
            return ()
        last = max(year for year, _ in steps)
        found: set[str] = set()
        for year, to in steps:
            if year == last:
                found.update(self.of(to, since=year, depth=depth + 1))
        return tuple(sorted(found))


def former_counties(
    events: Iterable[Event],
    *,
    successors: Successors,
    current: Mapping[str, str],
    corrections: Corrections,
) -> list[FormerCounty]:
    """List county names and codes of the past that differ from today's."""
    past: dict[tuple[str, str], FormerCounty] = {}
    for event in events:
        if event.level != COUNTY_LEVEL or len(event.old_code) != 6 or not event.old_name:
            continue
        if event.reassigned or current.get(event.old_code) == event.old_name:
            continue
        if event.old_code in current and event.new_code != event.old_code:
            continue  # the code was given to another county since: it says nothing of this name
        key = (event.old_code, event.old_name)
        parent = (event.old_path[-2],) if len(event.old_path) == 3 else ()
        before = past[key].prefectures if key in past else ()
        past[key] = FormerCounty(
            code=event.old_code,
            name=event.old_name,
            province_code=event.old_code[:2],
            prefectures=tuple(dict.fromkeys(before + parent)),
            year=event.year,
            to=successors.of(event.old_code),
        )
    for change in corrections.changes:
        past[change.code, change.name] = FormerCounty(
            code=change.code,
            name=change.name,
            province_code=change.code[:2],
            prefectures=(change.prefecture,) if change.prefecture else (),
            year=change.year,
            to=change.to,
            checked=True,
        )
    return [past[key] for key in sorted(past)]


def former_prefectures(
    events: Iterable[Event],
    *,
    former: Iterable[FormerCounty],
    successors: Successors,
    members: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
) -> list[FormerPrefecture]:
    """List prefectures written in old addresses: abolished, renamed, or since cut in parts.

    `names` maps today's prefecture codes to names. The counties of a former prefecture are the
    successors of every county that was listed under its name.
    """
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    years: dict[tuple[str, str], int] = {}
    for county in former:
        for prefecture in county.prefectures:
            key = (prefecture, county.province_code)
            held[key].update(county.to)
            years[key] = max(years.get(key, 0), county.year)
    for event in events:
        if event.level != PREFECTURE_LEVEL or event.reassigned or not event.old_name:
            continue
        key = (event.old_name, event.old_code[:2])
        held[key].update(members.get(event.old_code, ()))
        held[key].update(successors.of(event.old_code))
        years[key] = max(years.get(key, 0), event.year)
    today = {(name, code[:2]): set(members.get(code, ())) for code, name in names.items()}
    return [
        FormerPrefecture(
            name=name, province_code=province, year=years[name, province], to=tuple(sorted(to))
        )
        for (name, province), to in sorted(held.items())
        if to
        and years[name, province] >= NAMES_SINCE
        and not to <= today.get((name, province), set())
    ]


def _plausible(event: Event) -> bool:
    """Refuse successors that the package found by name only, in another prefecture or province.

    It links the abolished 桥东区 of 石家庄 to the 桥东区 of 邢台, and 东山区 of 乌鲁木齐 to 鹤岗.
    """
    provinces = (event.old_code[:2], event.new_code[:2])
    if provinces[0] != provinces[1] and provinces != (SICHUAN, CHONGQING):
        return False
    if not event.guessed or event.level != COUNTY_LEVEL or event.new_code.endswith("00"):
        return True
    stems = {path[1][:2] for path in (event.old_path, event.new_path) if len(path) > 1}
    return len(stems) == 1
