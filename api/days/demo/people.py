"""Invented buyers, drivers and streets. Numbers follow patterns that no operator has given out."""

from random import Random
from typing import Final

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马"
GIVEN: Final = (
    "小禾", "一帆", "思源", "明远", "子墨", "雨桐", "建国", "秀兰", "海涛", "晓燕", "志强", "佳怡",
    "文博", "丽娜", "天佑", "春生", "梦洁", "永康", "立新", "云飞", "小满", "广田", "雪梅", "向阳",
)  # fmt: skip
STREETS: Final = (
    "迎春路", "丰收大道", "望河街", "梧桐路", "新安大道", "麦香路", "团结街", "朝晖路", "百花路",
    "兴业大道", "春晓街", "青年路", "金穗路", "滨河路",
)  # fmt: skip
ESTATES: Final = ("锦绣花园", "御景小区", "阳光花园", "和谐家园小区", "东方小区", "翠湖花园")
VILLAGES: Final = ("柳树", "桃园", "前河", "石桥头", "东岗", "槐树", "上湾", "杏林")
LOTS: Final = ("国道边停车场", "高速口东侧停车场", "物流园大门", "农资市场停车场", "加油站旁空地")
SQUARES: Final = ("文化广场", "体育中心停车场", "客运站前广场", "农贸市场停车场")


def person(rng: Random) -> str:
    """Draw a name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def phone(rng: Random) -> str:
    """Draw a number: 1380000xxxx or 1990000xxxx."""
    return f"{rng.choice(('1380000', '1990000'))}{rng.randrange(10_000):04d}"


def street(rng: Random) -> str:
    """Draw a street and a number."""
    return f"{rng.choice(STREETS)}{rng.randrange(1, 300)}号"


def estate(rng: Random) -> str:
    """Draw a block of flats in a street."""
    block, flat = rng.randrange(1, 30), rng.randrange(1, 5)
    return f"{street(rng)}{rng.choice(ESTATES)}{block}号楼{flat}单元"


def village(rng: Random) -> str:
    """Draw a house in a village."""
    return f"{rng.choice(VILLAGES)}村{rng.randrange(1, 9)}组{rng.randrange(1, 90)}号"
