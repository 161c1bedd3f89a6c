"""How division names are shortened in addresses: 苏州市 -> 苏州, 凉山彝族自治州 -> 凉山州."""

from __future__ import annotations

import re
from typing import Final

_LONG_PEOPLES: Final = (
    "哈萨克|柯尔克孜|达斡尔|鄂温克|鄂伦春|维吾尔|塔吉克|乌孜别克|塔塔尔|俄罗斯|蒙古|保安|东乡|布依|"
    "朝鲜|仡佬|拉祜|傈僳|仫佬|毛南|纳西|撒拉|锡伯|裕固|景颇|布朗|德昂|基诺|门巴|珞巴|土家|哈尼|"
    "独龙|普米|阿昌|赫哲|高山"
)
_SHORT_PEOPLES: Final = "各|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|畲|佤|水|土|羌|怒|京"
_PEOPLES: Final = rf"(?:(?:{_LONG_PEOPLES})族?|(?:{_SHORT_PEOPLES})族)"
"""One character is a people only with 族: 彭水苗族 is 彭水 and 苗族, not 彭 and 水苗族."""

_AUTONOMOUS: Final = re.compile(rf"^(?P<stem>.+?)(?P<peoples>{_PEOPLES}+)?自治(?P<kind>州|县|旗)$")
_ETHNIC_DISTRICT: Final = re.compile(rf"^(?P<stem>.{{2,}}?){_PEOPLES}区$")

PROVINCE_SHORT: Final = {
    "内蒙古自治区": ("内蒙古", "内蒙"),
    "广西壮族自治区": ("广西", "广西省"),
    "西藏自治区": ("西藏", "西藏省"),
    "宁夏回族自治区": ("宁夏", "宁夏省"),
    "新疆维吾尔自治区": ("新疆", "新疆省"),
    "香港特别行政区": ("香港",),
    "澳门特别行政区": ("澳门",),
    "台湾省": ("台湾",),
}

CUSTOMARY: Final = {
    "锡林郭勒盟": ("锡盟",),
    "阿拉善盟": ("阿盟",),
    "呼伦贝尔盟": ("呼盟",),
    "哲里木盟": ("哲盟",),
    "伊克昭盟": ("伊盟",),
    "乌兰察布盟": ("乌盟",),
    "巴彦淖尔盟": ("巴盟",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "达尔罕茂明安联合旗": ("达茂旗", "达茂联合旗"),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "土默特左旗": ("土左旗",),
    "土默特右旗": ("土右旗",),
    "鄂托克前旗": ("鄂前旗",),
    "东乌珠穆沁旗": ("东乌旗",),
    "西乌珠穆沁旗": ("西乌旗",),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "前郭尔罗斯蒙古族自治县": ("前郭县",),
    "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "喀喇沁左翼蒙古族自治县": ("喀左县",),
    "阜新蒙古族自治县": ("阜蒙县",),
    "杨陵区": ("杨凌区", "杨凌示范区"),
    "昆都仑区": ("昆区",),
}
"""Short names in daily use that no rule makes: the governments' own abbreviations."""

CUSTOMARY_INSIDE: Final = {
    "广东省东莞市": ("东城区", "南城区", "莞城区", "万江区"),
    "广东省中山市": ("石岐区", "五桂山区", "火炬开发区", "火炬高技术产业开发区"),
    "广东省深圳市光明区": ("光明新区",),
    "广东省深圳市坪山区": ("坪山新区",),
    "广东省深圳市龙华区": ("龙华新区",),
}
"""Names that mean this county only behind its city.

Subdistricts that their cities called 区, and functional districts that became districts with
the same area (光明 2018, 坪山 and 龙华 2016).
"""

_PREFECTURE_END: Final = re.compile(r"(地区|市|盟|林区)$")
_COUNTY_END: Final = re.compile(r"(特区|林区|新区|区|县|市|旗)$")

POSITIONS: Final = frozenset("东西南北中新老上下")
"""城 or 市 with one of these (城关, 市中, 新城) is no name by itself."""


def province_shorts(name: str) -> tuple[str, ...]:
    """Shorten a province: 江苏省 -> 江苏, 北京市 -> 北京."""
    return PROVINCE_SHORT.get(name) or (name[:-1],)


def prefecture_aliases(name: str) -> tuple[str, ...]:
    """Shorten a prefecture but keep its kind: 凉山彝族自治州 -> 凉山州, 凉山自治州."""
    match = _AUTONOMOUS.match(name)
    if match is None:
        return ()
    return (match["stem"] + "州", match["stem"] + "自治州")


def prefecture_shorts(name: str) -> tuple[str, ...]:
    """Shorten a prefecture to its bare stem: 苏州市 -> 苏州, 大兴安岭地区 -> 大兴安岭."""
    match = _AUTONOMOUS.match(name)
    stem = match["stem"] if match else _PREFECTURE_END.sub("", name)
    return (stem,) if len(stem) >= 2 and stem != name else ()


def county_aliases(name: str) -> tuple[str, ...]:
    """Shorten a county but keep its kind: 彭水苗族土家族自治县 -> 彭水县, 管城回族区 -> 管城区."""
    match = _AUTONOMOUS.match(name)
    if match is not None:
        stem, kind = match["stem"], match["kind"]
        if match["peoples"]:
            return (stem + kind, stem + "自治" + kind)
        return (stem.removesuffix("族") + kind, stem + kind)  # 东乡族自治县 -> 东乡县
    district = _ETHNIC_DISTRICT.match(name)
    return (district["stem"] + "区",) if district else ()


def county_shorts(name: str) -> tuple[str, ...]:
    """Shorten a county to its bare stem: 吴江区 -> 吴江; none where the stem says nothing."""
    match = _AUTONOMOUS.match(name) or _ETHNIC_DISTRICT.match(name)
    stem = match["stem"].removesuffix("族") if match else _COUNTY_END.sub("", name)
    if len(stem) < 2 or stem == name:
        return ()
    if len(stem) == 2 and stem[0] in "城市" and stem not in ("城固", "城步", "城口"):
        return ()
    if len(stem) == 2 and stem[1] in "城郊" and stem[0] in POSITIONS:
        return ()
    return (stem,)


ORDINARY_STEMS: Final = frozenset(
    (
        *("新城", "老城", "城关", "城东", "城西", "城南", "城北", "城中", "城郊", "城区", "东城"),
        *("西城", "南城", "北城", "中城", "东关", "西关", "南关", "北关", "中心", "广场", "车站"),
        *("火车站", "开发区", "工业园", "新区", "高新", "新村", "市场", "公园", "新华", "人民"),
        *("解放", "建设", "和平", "胜利"),
    )
)
"""Stems of townships that are also plain words: without 镇 or 街道 they name nothing."""

_TOWNSHIP_END: Final = re.compile(
    rf"({_PEOPLES}*(?:民族)?(?:乡|镇|苏木)|街道办事处|街道|地区办事处|地区|管理区|办事处)$"
)


def township_stem(name: str) -> str:
    """Cut the kind off a township: 盛泽镇 -> 盛泽, 双江街道 -> 双江, 马街乡 -> 马街."""
    return _TOWNSHIP_END.sub("", name)


TOWNSHIP_KINDS: Final = ("镇", "乡", "街道", "街道办事处", "街道办", "办事处")


def township_plain(name: str) -> str:
    """Drop what the register adds in brackets."""
    return name.split("（")[0]


def township_forms(name: str) -> tuple[str, ...]:
    """List the ways to write a township with its kind, its own first.

    Kinds change (a 乡 becomes a 镇, a 镇 a 街道) and addresses keep the old one.
    """
    plain = township_plain(name)
    stem = township_stem(plain)
    if len(stem) < 2:
        return (plain,)
    return tuple(dict.fromkeys((plain, *(stem + kind for kind in TOWNSHIP_KINDS))))
