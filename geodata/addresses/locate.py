"""Free Chinese address text -> county -> township -> point, or an honest refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from geodata.addresses import forms, tail
from geodata.addresses.agreement import Agreement, agreement, enough
from geodata.addresses.gazetteer import Gazetteer, Level, TownshipMatch
from geodata.addresses.opinions import Opinions, load_opinions
from geodata.addresses.points import Spots, load_spots
from geodata.addresses.reading import (
    NAMELESS,
    ROAD_NUMBER,
    ROAD_OR_LANDMARK,
    TOWN,
    Reading,
    read_head,
    skip_filler,
)
from geodata.addresses.text import MAX_READ, SEPARATOR, normalise
from geodata.addresses.verdict import Located, Status
from geodata.divisions import County, Found, load_register

MAX_CANDIDATES: Final = 45
"""The largest prefecture-level list is that of 重庆 (37); a whole province is no choice list."""

RARE_TOWNSHIP: Final = 16
RARE_STEM: Final = 4
"""A township name of at most so many counties says where it is; 城关镇 (over 100) says nothing.

The smaller limit is for names that the register has with another kind only (孙端镇 is 孙端街道).
"""

LABEL: Final = re.compile(
    r"(?:(?:收货|送货|收件|寄件|交付|详细|联系|家庭|通讯|客户|用户)?(?:地址|住址)|所在地区?|地区|送到|送至|送往|"
    r"送|住在|位于|[0-9A-Za-z]+)"
)
LEADS_IN: Final = frozenset("在到至往住址于是从去")


class Locator:
    """The two parsers, the tables and the points, loaded once."""

    def __init__(self, *, gazetteer: Gazetteer, opinions: Opinions, spots: Spots) -> None:
        """Put the parts together; `load_locator` does it from the cache."""
        self._gazetteer = gazetteer
        self._opinions = opinions
        self._spots = spots

    def locate(self, text: str, *, hint_county: str | None = None) -> Located:
        """Find where an address text lies.

        `hint_county` is the code, of any year, of a county that the sheet names in its own column:
        it decides among candidates, and an answer that contradicts it becomes ambiguous.
        """
        answer = self._read(normalise(text)[:MAX_READ])
        if hint_county is None:
            return answer
        hinted = self._gazetteer.register.find_by_code(hint_county)
        return self._with_hint(answer, hinted.county) if isinstance(hinted, Found) else answer

    def county(self, code: str) -> County | None:
        """Return today's county of a code, None if there is none."""
        return self._gazetteer.register.counties.get(code)

    def _read(self, text: str) -> Located:
        if not text:
            return _unknown("the address is empty")
        head = self._find_head(text)
        if head is None:
            word = tail.division_word(text)
            told = f"no list knows {word}" if word else "the text names no division"
            return _unknown(f"{told}: write province, city and county")
        if not all(self._gazetteer.register.counties[code].mainland for code in head.codes):
            mainland = [c for c in head.codes if self._gazetteer.register.counties[c].mainland]
            if not mainland:
                return _unknown(f"{head.tokens[0].name} is known but not served")
            head = Reading(
                start=head.start, end=head.end, tokens=head.tokens, codes=frozenset(mainland)
            )
        prefix = tail.division_word(text[: head.start])
        if prefix:
            return self._ambiguous(head.codes, f"no list knows {prefix} before {head.last.name}")
        if not head.has(Level.COUNTY) and len(head.codes) > 1:
            return self._no_county(text, head)
        return self._with_county(text, head)

    def _find_head(self, text: str) -> Reading | None:
        """Take the divisions at the front, else the first written in full further on."""
        start = self._front(text)
        front = read_head(self._gazetteer, text, start)
        if front is not None and (addressed := self._behind_a_name(text, front)) is not None:
            return addressed
        if front is not None and (
            front.has(Level.COUNTY) or not all(token.short for token in front.tokens)
        ):
            return front
        for position in range(front.end if front else start + 1, len(text)):
            if not self._gazetteer.at(text, position):
                continue
            later = read_head(self._gazetteer, text, position)
            if later is not None and not later.tokens[0].short:
                return front or later
        return front

    def _behind_a_name(self, text: str, front: Reading) -> Reading | None:
        """Read the address behind a person called like a county: 周宁 1380000 山东省潍坊市奎文区.

        The name must stand alone, without kind or parent, and the address behind it must be
        written in full from its province or prefecture to its county; None if not so.
        """
        alone = text[front.end : front.end + 1] == SEPARATOR
        if not (alone and len(front.tokens) == 1 and front.last.short):
            return None
        start = front.end
        while (label := LABEL.match(text, start + 1)) and label.group()[-1].isdigit():
            start = label.end()
        if front.last.level is not Level.COUNTY and start == front.end:
            return None  # 南京 江宁区 may be one address with its parent in front
        later = read_head(self._gazetteer, text, self._front(text[start:]) + start)
        if later is None or not later.has(Level.COUNTY) or not _placed(later):
            return None
        return None if later.tokens[0].short or later.last.short else later

    def _front(self, text: str) -> int:
        """Step over labels (收货地址), numbers and postcodes before the divisions."""
        start = skip_filler(text, 0)
        while (label := LABEL.match(text, start)) and not self._gazetteer.at(text, start):
            start = skip_filler(text, label.end())
        return start

    def _no_county(self, text: str, head: Reading) -> Located:
        """Answer a text that stops at a province or prefecture."""
        name = head.last.name
        start = skip_filler(text, head.end)
        for end, entries in self._gazetteer.at(text, start):
            elsewhere = [
                entry
                for entry in entries
                if entry.level is Level.COUNTY and not entry.short and not entry.under
            ]
            if elsewhere:
                codes = frozenset[str]().union(*(entry.codes for entry in elsewhere))
                return self._ambiguous(codes, f"{name} has no {text[start:end]}")
        zone = tail.zone_at(text, head.end)
        if zone:
            return self._choose(head, f"{zone} is a development zone, not a county")
        word = tail.unknown_division(self._gazetteer, text, head, head.end)
        if word:
            return self._choose(head, f"no list knows {word} in {name}")
        township = self._gazetteer.township_at(head.codes, text, start)
        if township is not None and township.exact:
            return self._ambiguous(
                {township.county_code},
                f"no county is named; in {name} only this one has {township.name}",
            )
        return self._choose(head, f"only {name} is named, not its county")

    def _choose(self, head: Reading, why: str) -> Located:
        if len(head.codes) > MAX_CANDIDATES:
            return _unknown(f"{why}: write city and county")
        return self._ambiguous(head.codes, f"{why}: write the county")

    def _with_county(self, text: str, head: Reading) -> Located:
        """Answer a text that names a county, or doubt it."""
        start = skip_filler(text, head.end)
        township = self._gazetteer.township_at(head.codes, text, start)
        if len(head.codes) > 1:
            if township is None or not township.exact or not _placed(head):
                return self._ambiguous(
                    head.codes, _why_several(text, head, self._gazetteer.counties(head.codes))
                )
            head = Reading(
                start=head.start,
                end=head.end,
                tokens=head.tokens,
                codes=frozenset({township.county_code}),
            )
        (code,) = head.codes
        doubt = self._doubt(text, head, township)
        if doubt is not None:
            return doubt
        said = agreement(self._opinions, text, head, code)
        if not enough(
            said,
            opinions=self._opinions,
            head=head,
            county=self._gazetteer.register.counties[code],
            township=township is not None and township.exact,
        ):
            other = self._opinions.of(text[head.start : head.end]).county_code
            both = {code, other} & self._gazetteer.register.counties.keys()
            return self._ambiguous(both, "the two parsers do not agree on the county")
        return self._ok(text, head, township, sure=said is Agreement.COUNTY)

    def _doubt(self, text: str, head: Reading, township: TownshipMatch | None) -> Located | None:
        """List what speaks against a single county; None if nothing does."""
        (code,) = head.codes
        after = township.end if township is not None else head.end
        bare = not _placed(head) and head.has(Level.COUNTY)
        if bare and head.last.short and not self._town_proves(text, head, township):
            return self._ambiguous({code}, f"{head.last.name} is written without its kind")
        if bare and not (head.start == self._front(text) or _stands_free(text, head)):
            return self._ambiguous(
                {code}, f"{head.last.name} may be part of a longer name: write the city before it"
            )
        if head.last.former and head.last.name in NAMELESS and township is None:
            rest = text[head.end :].strip()
            if rest and ROAD_NUMBER.match(rest) is None:
                return self._ambiguous({code}, f"{head.last.name} may be an ordinary word here")
        taken = self._gazetteer.register.splits.get(code, ())
        if head.last.former and taken and (township is None or not township.exact):
            return self._ambiguous(
                {code, *taken}, f"{head.last.name} was divided: write the township"
            )
        word = tail.unknown_division(self._gazetteer, text, head, after)
        if word:
            named = frozenset[str]().union(
                *(
                    entry.codes
                    for entry in self._gazetteer.entries(word)
                    if entry.level is Level.COUNTY and not entry.under
                )
            )
            listed = named if len(named) <= MAX_CANDIDATES else frozenset()
            return self._ambiguous({code, *listed}, f"{word} does not belong to {head.last.name}")
        second = tail.second_address(self._gazetteer, text, head)
        if second:
            return self._ambiguous({code}, f"a second address follows ({second})")
        if township is None:
            return self._foreign_township(text, head)
        return None

    def _town_proves(self, text: str, head: Reading, township: TownshipMatch | None) -> bool:
        """Whether a town written in full makes a bare stem sure: 昆山花桥镇, 东莞虎门镇.

        The register lists no towns of the cities without counties; the first parser has to read
        their name in the same words.
        """
        if township is not None:
            return township.exact
        listless = self._gazetteer.lists_no_townships(head.codes)
        return listless and TOWN.match(text, head.end) is not None

    def _foreign_township(self, text: str, head: Reading) -> Located | None:
        """Doubt a county whose township lies in a county beside it: its area was cut."""
        (code,) = head.codes
        start = skip_filler(text, head.end)
        for taken in self._gazetteer.register.splits.get(code, ()):
            stems = forms.county_shorts(self._gazetteer.register.counties[taken].name)
            if text.startswith(stems or (SEPARATOR,), start):
                return self._ambiguous({code, taken}, f"{head.last.name} lost {stems[0]}")
        name = self._gazetteer.township_name_at(text, start)
        owners = self._gazetteer.counties_with_township(name)
        family = {owner for owner in owners if owner[:4] == code[:4]} - {code}
        splits = set(self._gazetteer.register.splits.get(code, ()))
        written = any(name in self._gazetteer.register.counties[o].townships for o in family)
        limit = RARE_TOWNSHIP if written else RARE_STEM
        if family and (len(owners) <= limit or head.last.former or family & splits):
            return self._ambiguous(
                {code, *family}, f"{name} is no township of {head.last.name} today"
            )
        return None

    def _ok(
        self, text: str, head: Reading, township: TownshipMatch | None, *, sure: bool
    ) -> Located:
        (code,) = head.codes
        county = self._gazetteer.register.counties[code]
        name = township.name if township is not None and _is_place(township, text) else ""
        spot = self._spots.spot(county, name)
        confidence = 0.99 if sure else 0.9
        confidence -= 0.04 * any(token.short for token in head.tokens)
        confidence -= 0.04 * (not _placed(head))
        confidence -= 0.05 * bool(head.last.former)
        why = f"placed at the {spot.basis}'s point"
        if head.last.former:
            why = f"{head.last.name} is {county.full_name} today; {why}"
        return Located(
            status=Status.OK,
            county=county,
            township=name,
            point=spot.point,
            radius_m=spot.radius_m,
            confidence=round(confidence, 2),
            why=why,
        )

    def _with_hint(self, answer: Located, county: County) -> Located:
        if answer.status is Status.OK and answer.county is not None:
            if answer.county.code == county.code:
                return answer
            return self._ambiguous(
                {answer.county.code, county.code},
                f"the text and the named county {county.name} differ",
            )
        if answer.status is Status.AMBIGUOUS and county in answer.candidates:
            spot = self._spots.spot(county, "")
            return Located(
                status=Status.OK,
                county=county,
                point=spot.point,
                radius_m=spot.radius_m,
                confidence=0.85,
                why=f"the named county {county.name} decides; {answer.why}",
            )
        return answer

    def _ambiguous(self, codes: Iterable[str], why: str) -> Located:
        candidates = self._gazetteer.counties(set(codes))
        if len(candidates) > MAX_CANDIDATES:
            return _unknown(f"{why}: write city and county")
        return Located(status=Status.AMBIGUOUS, candidates=candidates, why=why)


@cache
def load_locator(directory: Path | None = None) -> Locator:
    """Load everything `locate` needs from the cache (built on first use).

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    return Locator(
        gazetteer=Gazetteer(load_register(directory)),
        opinions=load_opinions(directory),
        spots=load_spots(directory),
    )


def locate(text: str, *, hint_county: str | None = None, directory: Path | None = None) -> Located:
    """Find where an address text lies; see `Locator.locate`."""
    return load_locator(directory).locate(text, hint_county=hint_county)


def _unknown(why: str) -> Located:
    return Located(status=Status.UNKNOWN, why=why)


def _placed(head: Reading) -> bool:
    """Whether a province or prefecture stands before the county."""
    return any(token.level < Level.COUNTY for token in head.tokens)


def _stands_free(text: str, head: Reading) -> bool:
    """Whether the county's name begins where a word begins."""
    before = text[head.start - 1] if head.start else SEPARATOR
    return before == SEPARATOR or before in LEADS_IN or before.isdigit()


def _is_place(township: TownshipMatch, text: str) -> bool:
    """Whether the text names the township and not a road called like it.

    香港中路10号 is on a road that leaves 香港中路街道: its point would be too sure.
    """
    if township.exact:
        return True
    if forms.township_stem(township.name) in forms.ORDINARY_STEMS:
        return False
    stem_is_road = text[township.end - 1] in "路街道巷"
    return not stem_is_road and ROAD_OR_LANDMARK.match(text, township.end) is None


def _why_several(text: str, head: Reading, candidates: Iterable[County]) -> str:
    written = text[head.tokens[0].start : head.end].replace(SEPARATOR, "")
    if head.last.former and all(county.name != head.last.name for county in candidates):
        return f"{written} was abolished; its area lies in several counties today"
    return f"{written} may mean any of {len(head.codes)} counties: write the city before it"
