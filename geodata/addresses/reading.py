"""Read the divisions at the head of an address: province, prefecture, county, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geodata.addresses.gazetteer import Entry, Gazetteer, Level
from geodata.addresses.text import SEPARATOR
from geodata.divisions.register import FRESH_PARTNER_YEAR

FILLER: Final = re.compile(
    r"(?:中华人民共和国|中国|省直辖县级行政(?:区划|单位)|省直辖行政单位|省直辖县|省直辖|"
    r"自治区直辖县级行政(?:区划|单位)|自治区直辖|直辖县级行政(?:区划|单位)|直辖县级|直辖县|"
    r"雄安新区|西咸新区|贵安新区|新疆生产建设兵团|生产建设兵团|兵团|第[一二三四五六七八九十0-9]{1,3}师|市辖区|市辖县|郊县)"
)
BEFORE_COUNTY: Final = re.compile(r"县")
"""Apps write 重庆市县彭水县: the middle word stands for "counties of"."""

ROAD_OR_LANDMARK: Final = re.compile(
    r"[东西南北中上下前后内外一二三四五六七八九十大小新老]{0,2}"
    r"(?:路|街(?!道)|大道|道|巷|弄|胡同|桥|里|湖|江|河|港|湾|山|岛|塔|寺|庙|宫|祠|陵|园|苑|城|门|"
    r"站|火车|高铁|汽车|客运|机场|国际|大学|学院|中学|小学|一中|二中|医院|人民|公园|广场|大厦|宾馆|"
    r"酒店|饭店|景|风景|博物|水库|新区|开发|高新|经开|经济|工业|产业|科技|物流|保税|自贸|空港|"
    r"村|组|屯|寨|镇|乡|街道|州|市|县|区|省|盟|旗|族|人|话|菜|方言)"
)
ZONE_START: Final = re.compile(
    r"高新|经开|经济|开发区|技术开发|工业园|产业园|科技园|新区|保税|空港|自贸"
)
ROAD_NUMBER: Final = re.compile(
    r"[一-鿿]{2,6}?(?:路|街|大道|巷|胡同|弄)(?:[0-9 一二三四五六七八九十东西南北中]|$)"
)
HOUSING: Final = re.compile(
    r"[一-鿿]{0,4}?(?:家园|花园|嘉园|小区|社区|新村|公馆|广场|大厦|名城|华府)"
)
"""After a bare stem these make another word of it: 南京路, 白云机场, 中山大学, 岳麓山."""

TOWN: Final = re.compile(
    r"(?!大学|大道|公园|国际|机场)[一-鿿]{1,3}?(?:镇|[^路街道巷园场馆站山陵](?:街道|办事处))"
)
"""A town without a list to look it up: 东莞 then 虎门镇, never 中山 then 东路街道."""

NAMELESS: Final = frozenset({"城区", "郊区", "市区", "矿区", "新区", "市郊区", "市中区"})
"""Abolished districts of many cities: such a name means one only right after its city."""

MAX_TOKENS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A form that was read, and what it stands for after looking at its parents."""

    start: int
    end: int
    level: Level
    name: str
    short: bool
    former: tuple[Entry, ...] = ()
    past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Divisions read from one place in the text; `codes` are the counties that fit all of them."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    codes: frozenset[str]

    def has(self, level: Level) -> bool:
        """Whether a token of this level was read."""
        return any(token.level is level for token in self.tokens)

    def names(self, names: tuple[str, ...]) -> bool:
        """Whether one of these divisions was read."""
        return any(token.name in names for token in self.tokens)

    @property
    def last(self) -> Token:
        """The innermost token."""
        return self.tokens[-1]


def read_head(gazetteer: Gazetteer, text: str, start: int) -> Reading | None:
    """Read as far as possible from a position; None if no division starts there.

    Readings that end at the same place are joined, so that a form with two meanings keeps both.
    A form that is a county today and was a prefecture once (巢湖市) ends an address as a county.
    """
    readings = [
        reading
        for reading in _extend(gazetteer, text, skip_filler(text, start), None)
        if not (reading.last.short and _is_another_word(gazetteer, text, reading))
    ]
    if not readings:
        return None
    furthest = max(reading.end for reading in readings)
    best = [reading for reading in readings if reading.end == furthest]
    if not all(reading.last.short for reading in best):
        best = [reading for reading in best if not reading.last.short]
        if any(reading.has(Level.COUNTY) for reading in best):
            best = [reading for reading in best if reading.has(Level.COUNTY)]
    if any(reading.has(Level.COUNTY) for reading in best):
        best = [reading for reading in best if not reading.last.past]
    deepest = max(best, key=lambda each: (each.last.level, len(each.tokens)))
    joined = frozenset[str]().union(*(each.codes for each in best))
    return Reading(start=start, end=furthest, tokens=deepest.tokens, codes=joined)


def _is_another_word(gazetteer: Gazetteer, text: str, reading: Reading) -> bool:
    """Whether a bare stem is only the start of 南京路, 白云机场, 中山大学.

    The end of the text or a separator ends the word, a township of the county after it proves
    the county, and so does a road of its own with a house number. A city without counties
    (东莞) is the county itself; the register lists no townships there, so any town proves it.
    """
    end = reading.end
    if end == len(text) or text[end] == SEPARATOR:
        return False
    if gazetteer.township_at(reading.codes, text, end) is not None:
        return False
    one_county = len(reading.codes) == 1
    if one_county and gazetteer.lists_no_townships(reading.codes) and TOWN.match(text, end):
        return False
    if not reading.has(Level.COUNTY) and ZONE_START.match(text, end) is not None:
        return False  # 苏州工业园区 is in 苏州, whatever it is
    if ROAD_OR_LANDMARK.match(text, end) is not None:
        return True
    if not reading.has(Level.COUNTY) and not one_county:
        return False
    return HOUSING.match(text, end) is not None or ROAD_NUMBER.match(text, end) is None


def skip_filler(text: str, position: int) -> int:
    """Step over separators and over words that name no division."""
    while position < len(text):
        if text[position] == SEPARATOR:
            position += 1
        elif match := FILLER.match(text, position):
            position = match.end()
        else:
            break
    return position


def _extend(
    gazetteer: Gazetteer, text: str, position: int, before: Reading | None
) -> Iterator[Reading]:
    if before is not None and len(before.tokens) >= MAX_TOKENS:
        return
    floor = before.last.level if before else None
    places = [position]
    if before is not None and before.last.level < Level.COUNTY:
        match = BEFORE_COUNTY.match(text, position)
        if match:
            places.append(match.end())
    for place in places:
        for end, entries in gazetteer.at(text, place):
            if text.startswith("市场", end - 1):
                continue  # 东方市场 is a market, not 东方市
            for level in Level:
                if floor is not None and not _may_follow(level, floor, place > position):
                    continue
                reading = _take(entries, level, before, place, end)
                if reading is not None:
                    yield reading
                    yield from _extend(gazetteer, text, skip_filler(text, end), reading)


def _may_follow(level: Level, floor: Level, after_county_word: bool) -> bool:
    if after_county_word:
        return level is Level.COUNTY
    return level > floor or (level is floor and level is not Level.COUNTY)


def _take(
    entries: tuple[Entry, ...],
    level: Level,
    before: Reading | None,
    start: int,
    end: int,
) -> Reading | None:
    """Add one token, or None if it contradicts the tokens before it."""
    meant = [
        entry
        for entry in entries
        if entry.level is level
        and (before is None or before.codes & entry.codes)
        and (not entry.under or (before is not None and before.names(entry.under)))
    ]
    if before is not None and level is before.last.level:
        meant = [entry for entry in meant if entry.name == before.last.name]
    if not meant:
        return None
    short = all(entry.short for entry in meant)
    if not short:
        meant = [entry for entry in meant if not entry.short]
    placed = before is not None and before.has(Level.PREFECTURE)
    if not placed:
        meant = [e for e in meant if e.former is None or e.name not in NAMELESS]
        if not meant:
            return None
    today = [entry for entry in meant if entry.former is None]
    if today and level is Level.COUNTY:
        fresh = [
            entry
            for entry in meant
            if entry.former is not None and entry.former.year >= FRESH_PARTNER_YEAR and not placed
        ]
        meant = today + fresh
    codes = frozenset[str]().union(*(entry.codes for entry in meant))
    if before is not None and not any(entry.former for entry in meant):
        codes &= before.codes
    token = Token(
        start=start,
        end=end,
        level=level,
        name=meant[0].name,
        short=short,
        former=tuple(entry for entry in meant if entry.former is not None),
        past=all(entry.past for entry in meant),
    )
    tokens = (*before.tokens, token) if before else (token,)
    first = before.start if before else start
    return Reading(start=first, end=end, tokens=tokens, codes=codes)
