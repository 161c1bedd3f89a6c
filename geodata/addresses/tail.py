"""What follows the divisions: does the rest of the text take the answer back?

A word such as 火星区 that no list knows, a second county, a development zone: each is a reason
to ask a person instead of answering.
"""

from __future__ import annotations

import re
from typing import Final

from geodata.addresses.gazetteer import Gazetteer, Level
from geodata.addresses.reading import Reading, skip_filler
from geodata.addresses.text import SEPARATOR

ZONE: Final = re.compile(
    r"[一-鿿]{0,8}?(?:高新技术(?:产业)?(?:开发)?区|高新技术|高新区|高新|经济技术开发区|经济开发区|"
    r"经开区|经开|技术开发区|开发区|工业园区|产业园区|科技园区|工业园|产业园|产业集聚区|新区|保税港?区|"
    r"综合保税区|综保区|航空港区|航空港|示范区|管理区|度假区|自贸区|试验区|合作区|旅游区|风景区|"
    r"先行区|功能区|新城)"
)

_DIVISION_WORD: Final = re.compile(r"(?P<stem>[一-鿿]{1,5}?)(?P<kind>自治县|自治旗|区|县|市|旗)")
_NOT_A_DIVISION_STEM: Final = re.compile(
    r"(?:[0-9A-Za-z一二三四五六七八九十东西南北中前后左右上下内外甲乙丙丁期里老新]|"
    r"小|社|园|校|景|厂|库|街|片|矿|城|市|郊|宅|墅|活|属|发|业|聚|范|税|港|务|假|游|胜|理|验|作|导|"
    r"能|流|技|教|学|分|特|政|辖|灾|战|禁|苏|专|地|贸|心|科|研|苑|院|村|营|屯|镇|乡|路|道|巷|号|栋|楼|店|厅|舍|居|民|商|展|仓|牧|林|农|场|团|连|"
    r"排|军|训|休|观|候|候车|接待|服务|办公|生产|家|山庄|花园|公寓)$"
)
_ORDINARY_WORD: Final = re.compile(
    r"(?:[一-鿿]{0,3}?(?:超市|城市|都市|门市|夜市|集市|早市|菜市|花市|灯市|鱼市|米市|牛市|马市|羊市|猪市|"
    r"珠市|骡马市|闹市|股市|楼市|县城|本县|全县|市场|县道|省道|国道|区间|区号|县医院|县政府|县委|市政|"
    r"市民|市府|市委|市区|市里|市内|区政府|区委|县里|县里|县内|县区))"
)
_AFTER_ORDINARY: Final = re.compile(
    r"场|口|政|民|府|委|街|路|桥|胡同|角|集|道|城|医院|人民|内|里|中心"
)
_ROAD_AFTER: Final = re.compile(r"[东西南北中]?(?:路|街(?!道)|大道|大街|巷|胡同|道|桥|弄|驻)")

INNER_MONGOLIA: Final = "15"


def zone_at(text: str, position: int) -> str:
    """Read a development zone right after the divisions; empty if there is none."""
    start = skip_filler(text, position)
    match = ZONE.match(text, start)
    return match.group() if match else ""


def unknown_division(gazetteer: Gazetteer, text: str, head: Reading, position: int) -> str:
    """Find a 区/县/市/旗 word after the head that contradicts it or that no list knows.

    Only the word that touches the head (or the township after it) is looked at: further on,
    区 is mostly a housing block. Known divisions are looked for everywhere.
    """
    start = skip_filler(text, position)
    for end, entries in gazetteer.at(text, start):
        known = [entry for entry in entries if not entry.short and not entry.under]
        if not known or _ROAD_AFTER.match(text, end):
            continue
        if any(entry.codes & head.codes for entry in known):
            return unknown_division(gazetteer, text, head, end)
        if not _generic(text[start:end]):
            return text[start:end]
    return _unlisted(text, start, head)


def second_address(gazetteer: Gazetteer, text: str, head: Reading) -> str:
    """Find another full address further on: a province or prefecture with its own county."""
    for position in range(head.end, len(text)):
        for end, entries in gazetteer.at(text, position):
            outer = [
                entry
                for entry in entries
                if not entry.short and entry.level is not Level.COUNTY and entry.codes
            ]
            if not outer or any(entry.codes & head.codes for entry in outer):
                continue
            for _, inner in gazetteer.at(text, skip_filler(text, end)):
                if any(
                    entry.codes & parent.codes and not entry.short
                    for entry in inner
                    for parent in outer
                ):
                    return text[position:end]
    return ""


def division_word(text: str) -> str:
    """Find the first word in a text that looks like a division; empty if none does."""
    for match in _DIVISION_WORD.finditer(text):
        if not _harmless(text, match):
            return match.group()
    return ""


def _unlisted(text: str, start: int, head: Reading) -> str:
    match = _DIVISION_WORD.match(text, start)
    if match is None or _harmless(text, match):
        return ""
    if match["kind"] == "旗" and not all(c.startswith(INNER_MONGOLIA) for c in head.codes):
        return ""  # elsewhere 旗 is a street in Beijing or a flag
    if match["kind"] == "市" and len(match["stem"]) > 3:
        return ""
    return match.group()


def _harmless(text: str, match: re.Match[str]) -> bool:
    stem, end = match["stem"], match.end()
    if _NOT_A_DIVISION_STEM.search(stem) or _ORDINARY_WORD.match(text, match.start()):
        return True
    if SEPARATOR in stem or len(stem) < 2:
        return True
    return match["kind"] in ("市", "县", "区") and _AFTER_ORDINARY.match(text, end) is not None


def _generic(word: str) -> bool:
    """城区, 郊区, 东区, 老城区: names of some district, but ordinary words in any address."""
    return word in ("老城区", "新城区") or (len(word) == 2 and word[0] in "城郊矿东西南北新")
