"""Do the two parsers agree on a county, and may the history stand in where the first is silent?"""

from __future__ import annotations

from enum import Enum
from typing import Final

from geodata.addresses import forms
from geodata.addresses.gazetteer import Level
from geodata.addresses.opinion import Opinion
from geodata.addresses.opinions import Opinions
from geodata.addresses.reading import Reading
from geodata.divisions import County

WELL_KEPT_SINCE: Final = 2009
"""Changes of codes since then were entered one by one, with their decrees."""

MUNICIPALITY_CODES: Final = frozenset({"11", "12", "31", "50"})
DIRECT: Final = "90"
"""北京市 110100 and 省直辖 419000 are rows of the first parser and no prefectures of ours."""


class Agreement(Enum):
    """What the first parser says about the county that the second one read."""

    COUNTY = "county"
    PREFECTURE = "prefecture"  # the same prefecture, and no word about the county
    SILENT = "silent"
    AGAINST = "against"


def agreement(opinions: Opinions, text: str, head: Reading, code: str) -> Agreement:
    """Ask the first parser about the head, else in other words.

    Road names in the tail, abolished cities before the county and shortened provinces mislead
    it, so the whole text, the county's own name and the head written out may agree too; only the
    head counts against.
    """
    alone = compare(opinions.of(text[head.start : head.end]), code)
    if alone is Agreement.COUNTY:
        return alone
    written_out = "".join(token.name for token in head.tokens)
    for words in (text[head.start :], text[head.last.start : head.end], written_out):
        if compare(opinions.of(words), code) is Agreement.COUNTY:
            return Agreement.COUNTY
    return alone


def compare(opinion: Opinion, code: str) -> Agreement:
    """Compare an opinion with the code of a county of today."""
    if opinion.county_code:
        return Agreement.COUNTY if opinion.county_code == code else Agreement.AGAINST
    if opinion.province_code and opinion.province_code[:2] != code[:2]:
        return Agreement.AGAINST
    prefecture = opinion.prefecture_code
    if not prefecture:
        return Agreement.SILENT
    if prefecture[:4] == code[:4]:
        return Agreement.PREFECTURE
    if code[:2] in MUNICIPALITY_CODES:
        return Agreement.PREFECTURE
    return Agreement.SILENT if prefecture[2:4] == DIRECT else Agreement.AGAINST


def enough(
    said: Agreement, *, opinions: Opinions, head: Reading, county: County, township: bool
) -> bool:
    """Whether an answer may stand on what the first parser said.

    It knows the counties of one year. About an abolished, renamed or younger county its silence
    means nothing, so other witnesses may fill in: the place written before the county, an exact
    `township` of that county behind it, a well-kept history, its own word on the prefecture.
    """
    if said in (Agreement.COUNTY, Agreement.AGAINST):
        return said is Agreement.COUNTY
    placed = any(token.level < Level.COUNTY for token in head.tokens)
    if head.last.former:
        witnesses = (placed, township, said is Agreement.PREFECTURE)
        return (placed and township) or (history_is_sure(head, county) and any(witnesses))
    if not placed or head.last.short:
        return placed and township
    in_full = any(t.level is Level.PREFECTURE and not t.short for t in head.tokens)
    if said is Agreement.PREFECTURE and in_full:
        return True
    past = any(token.past for token in head.tokens)
    return township or past or not opinions.knows(county)


def history_is_sure(head: Reading, county: County) -> bool:
    """Trust the list of changes alone: young or checked entries, and 顺德市 -> 顺德区."""
    stems = set(forms.county_shorts(county.name))
    return any(
        gone.checked
        or gone.year >= WELL_KEPT_SINCE
        or bool(stems.intersection(forms.county_shorts(gone.name)))
        for gone in (entry.former for entry in head.last.former)
        if gone is not None
    )
