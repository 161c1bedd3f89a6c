"""Every way to write a division, and which counties of today it may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from geodata.addresses import forms
from geodata.divisions import County, FormerCounty, Register
from geodata.divisions.history import NAMES_SINCE

MAX_TOWNSHIP: Final = 14
"""Characters of the longest township name worth looking up."""

MUNICIPALITIES: Final = frozenset({"北京市", "天津市", "上海市", "重庆市"})


class Level(IntEnum):
    """Rank of a division in an address, from the outside in."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One meaning of one written form.

    `codes` are the counties of today inside it. `short` forms carry no 省/市/区/县 and are weak.
    `former` is the abolished county that the form names, if it names one. `past` marks a
    prefecture of that name that is gone. An entry with `under` is meant only behind one of these
    names: 毕节市 behind 毕节地区 was a county, elsewhere it is the prefecture.
    """

    level: Level
    name: str
    codes: frozenset[str]
    short: bool = False
    former: FormerCounty | None = None
    past: bool = False
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipMatch:
    """A township read from the text; `exact` when its kind (镇, 乡, 街道) was written too."""

    name: str
    county_code: str
    end: int
    exact: bool


class TownshipForms:
    """The ways to write the townships of one county."""

    def __init__(self, county: County) -> None:
        """Index full names, names with another kind (乡 that became 镇), and stems."""
        self._code = county.code
        self._exact: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        for name in county.townships:
            written, *others = forms.township_forms(name)
            self._exact[written] = name
            for other in others:
                self._exact.setdefault(other, name)
            stem = forms.township_stem(written)
            if len(stem) >= 2:
                self._stems.setdefault(stem, name)
        self._longest = max(map(len, self._exact), default=0)

    def longest_at(self, text: str, position: int) -> TownshipMatch | None:
        """Match full forms first, then stems that no road or landmark continues."""
        top = min(len(text), position + self._longest)
        for end in range(top, position + 1, -1):
            name = self._exact.get(text[position:end])
            if name is not None:
                return self._match(name, end, exact=True)
        for end in range(top, position + 1, -1):
            name = self._stems.get(text[position:end])
            if name is not None:
                return self._match(name, end, exact=False)
        return None

    def _match(self, name: str, end: int, *, exact: bool) -> TownshipMatch:
        return TownshipMatch(name=name, county_code=self._code, end=end, exact=exact)


class Gazetteer:
    """Forms -> entries, for matching from a position in the text."""

    def __init__(self, register: Register) -> None:
        """Index all forms of a register."""
        self.register = register
        entries: dict[str, list[Entry]] = defaultdict(list)
        for form, entry in _all_forms(register):
            if entry not in entries[form]:
                entries[form].append(entry)
        self._entries = {form: tuple(found) for form, found in entries.items()}
        self._township_names: dict[str, set[str]] = defaultdict(set)
        self._township_stems: dict[str, set[str]] = defaultdict(set)
        for county in register.counties.values():
            for township in county.townships:
                plain = forms.township_plain(township)
                self._township_names[plain].add(county.code)
                stem = forms.township_stem(plain)
                if len(stem) >= 2:
                    self._township_stems[stem].add(county.code)
        self._township_forms: dict[str, TownshipForms] = {}
        self._longest = max(map(len, self._entries))
        self._starts = frozenset(form[0] for form in self._entries)

    def _townships(self, code: str) -> TownshipForms:
        if code not in self._township_forms:
            self._township_forms[code] = TownshipForms(self.register.counties[code])
        return self._township_forms[code]

    def at(self, text: str, position: int) -> list[tuple[int, tuple[Entry, ...]]]:
        """List the forms that start at a position, longest first, with their end."""
        if position >= len(text) or text[position] not in self._starts:
            return []
        found = []
        for end in range(min(len(text), position + self._longest), position + 1, -1):
            entries = self._entries.get(text[position:end])
            if entries is not None:
                found.append((end, entries))
        return found

    def entries(self, form: str) -> tuple[Entry, ...]:
        """Return the meanings of exactly this form."""
        return self._entries.get(form, ())

    def township_at(self, codes: Iterable[str], text: str, position: int) -> TownshipMatch | None:
        """Find the longest township of these counties at a position.

        A full name wins over a stem. None when no county has one there, or when several
        counties have the same: then the township decides nothing.
        """
        found: list[TownshipMatch] = []
        for code in codes:
            match = self._townships(code).longest_at(text, position)
            if match is not None:
                found.append(match)
        if not found:
            return None
        best = max((match.exact, match.end) for match in found)
        top = [match for match in found if (match.exact, match.end) == best]
        return top[0] if len(top) == 1 else None

    def lists_no_townships(self, codes: Iterable[str]) -> bool:
        """Whether the register has no township of any of these counties."""
        return not any(self.register.counties[code].townships for code in codes)

    def counties_with_township(self, name: str) -> tuple[str, ...]:
        """List the codes of all counties that have a township of this name, of any kind."""
        codes = set(self._township_names.get(name, ()))
        for kind in forms.TOWNSHIP_KINDS:
            if name.endswith(kind):
                codes.update(self._township_stems.get(name.removesuffix(kind), ()))
        return tuple(sorted(codes))

    def township_name_at(self, text: str, position: int) -> str:
        """Read the longest full township name of anywhere at a position; empty if none."""
        for end in range(min(len(text), position + MAX_TOWNSHIP), position + 2, -1):
            if self.counties_with_township(text[position:end]):
                return text[position:end]
        return ""

    def counties(self, codes: Iterable[str]) -> tuple[County, ...]:
        """Turn codes into counties, in code order."""
        return tuple(self.register.counties[code] for code in sorted(codes))


def _all_forms(register: Register) -> Iterable[tuple[str, Entry]]:
    yield from _province_forms(register)
    yield from _prefecture_forms(register)
    yield from _county_forms(register)


def _province_forms(register: Register) -> Iterable[tuple[str, Entry]]:
    for province in register.provinces:
        codes = frozenset(county.code for county in register.counties_of(province))
        yield province, Entry(level=Level.PROVINCE, name=province, codes=codes)
        for short in forms.province_shorts(province):
            entry = Entry(level=Level.PROVINCE, name=province, codes=codes, short=True)
            yield short, entry
        if province in MUNICIPALITIES:  # apps write 上海市上海市浦东新区
            yield province, Entry(level=Level.PREFECTURE, name=province, codes=codes)


def _prefecture_forms(register: Register) -> Iterable[tuple[str, Entry]]:
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for county in register.counties.values():
        # 济源市济源市: a county without a prefecture is written as its own prefecture
        if county.province not in MUNICIPALITIES and county.mainland:
            names[county.prefecture or county.name, county.code[:2]].add(county.code)
    today = set(names)
    for gone in register.former_prefectures:
        names[gone.name, gone.province_code].update(gone.to)
    for (name, province_code), codes in names.items():
        past = (name, province_code) not in today
        entry = Entry(level=Level.PREFECTURE, name=name, codes=frozenset(codes), past=past)
        yield name, entry
        for alias in (*forms.prefecture_aliases(name), *forms.CUSTOMARY.get(name, ())):
            yield alias, entry
        if not past or (len(name) == 3 and name.endswith("市")):
            for short in forms.prefecture_shorts(name):
                yield short, replace(entry, short=True)


def _county_forms(register: Register) -> Iterable[tuple[str, Entry]]:
    # 河北 is a province, never short for 河北区
    province_shorts = {s for name in register.provinces for s in forms.province_shorts(name)}
    for county in register.counties.values():
        codes = frozenset({county.code})
        entry = Entry(level=Level.COUNTY, name=county.name, codes=codes)
        yield county.name, entry
        for alias in (*forms.county_aliases(county.name), *forms.CUSTOMARY.get(county.name, ())):
            yield alias, entry
        inside = replace(entry, under=(county.prefecture or county.name,))
        for alias in forms.CUSTOMARY_INSIDE.get(county.full_name, ()):
            yield alias, inside
        if county.mainland:
            for short in set(forms.county_shorts(county.name)) - province_shorts:
                yield (
                    short,
                    Entry(level=Level.COUNTY, name=county.name, codes=codes, short=True),
                )
    prefectures = {(c.prefecture, c.code[:2]) for c in register.counties.values()}
    for gone in register.former:
        if gone.year < NAMES_SINCE or not gone.to:
            continue
        if any(register.counties[code].name == gone.name for code in gone.to):
            continue  # only its code or parent changed: today's entry stands for it
        under: tuple[str, ...] = ()
        if (gone.name, gone.province_code) in prefectures:
            # 上饶市 was a county-level city once: meant only behind the prefecture of that time
            under = tuple(name for name in gone.prefectures if name != gone.name)
            if not (gone.checked and under):
                continue
        entry = Entry(
            level=Level.COUNTY,
            name=gone.name,
            codes=frozenset(gone.to),
            former=gone,
            under=under,
        )
        yield gone.name, entry
        for alias in forms.county_aliases(gone.name):
            yield alias, entry
