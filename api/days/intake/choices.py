"""Words that cells may choose from, with every accepted spelling."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.days.intake.columns import normal
from geodata.datum import Datum
from routing.domain.fleet import SpecialistTravel, TruckKind
from routing.domain.orders import DeliveryMode, Priority


class OrderStatus(StrEnum):
    """Whether the buyer's window is a promise already."""

    OPEN = "open"
    CONFIRMED = "confirmed"


class PlaceKind(StrEnum):
    """What a shared place is."""

    HUB = "hub"
    MEET_POINT = "meet_point"


class YesNo(StrEnum):
    """A ticked cell."""

    YES = "yes"
    NO = "no"


CHOICES: Final[Mapping[str, Mapping[StrEnum, tuple[str, ...]]]] = MappingProxyType(
    {
        "datum": {
            Datum.WGS84: ("WGS-84", "GPS", "EPSG:4326", "4326", "CGCS2000", "天地图"),
            Datum.GCJ02: ("GCJ-02", "高德", "腾讯", "火星坐标", "amap", "tencent", "国测局"),
            Datum.BD09: ("BD-09", "百度", "baidu", "bd09ll"),
        },
        "mode": {
            DeliveryMode.DOOR: ("送货上门", "送车上门", "到家", "上门", "到门", "home"),
            DeliveryMode.MEET_POINT: ("会合点", "见面点", "约定点", "定点", "meet"),
            DeliveryMode.HUB: ("网点自提", "网点", "自提", "到店", "pickup", "store"),
        },
        "kind": {
            TruckKind.ONE_CAR: ("一拖一", "单车板", "1拖1", "小板车", "flatbed-1"),
            TruckKind.TWO_CAR: ("一拖二", "1拖2", "双车板", "flatbed-2"),
            TruckKind.SHORT_CARRIER: ("短板轿运车", "短板", "小轿运车", "小笼车"),
            TruckKind.CARRIER: ("中置轴轿运车", "中置轴", "轿运车", "大板车", "笼车"),
        },
        "status": {
            OrderStatus.OPEN: ("未确认", "待确认", "待约", "未预约", "否", "no", "n", "0", "false"),
            OrderStatus.CONFIRMED: (
                "已确认", "确认", "已预约", "已约", "已承诺", "是", "promised", "yes", "y", "1",
                "true",
            ),
        },
        "priority": {
            Priority.LOW: ("低", "不急"),
            Priority.NORMAL: ("普通", "一般", "正常", "中", "否"),
            Priority.HIGH: ("高", "优先", "重要"),
            Priority.URGENT: ("加急", "紧急", "特急", "急", "是"),
        },
        "travel": {
            SpecialistTravel.WITH_TRUCK: ("随车", "跟车", "truck"),
            SpecialistTravel.OWN_CAR: ("自驾", "自己开车", "own"),
        },
        "place_kind": {
            PlaceKind.HUB: ("网点", "门店", "合作店", "县域网点", "store"),
            PlaceKind.MEET_POINT: ("会合点", "见面点", "约定点", "meet"),
        },
        "yes_no": {
            YesNo.YES: (
                "是", "有", "已", "完成", "已完成", "对", "√", "✓", "✔", "y", "true", "1", "done",
                "可", "可以", "已办", "ok", "已付", "付清", "已付清", "已开", "已投保", "已充",
            ),
            YesNo.NO: (
                "否", "无", "未", "没有", "未完成", "不", "×", "✗", "x", "n", "false", "0", "open",
                "不可", "不可以", "未办", "没", "未付", "未付清", "未开", "未投保", "进行中",
            ),
        },
    }
)  # fmt: skip
"""First the value itself is accepted, then these; the first spelling is the one we write."""


def choose(table: str, text: str) -> StrEnum | None:
    """Find the value that a cell means; None when it is none of them."""
    wanted = normal(text)
    for value, spellings in CHOICES[table].items():
        if wanted in {normal(value.value), *map(normal, spellings)}:
            return value
    return None


def spelling_of(table: str, value: StrEnum) -> str:
    """Give the Chinese word for a value, the one that templates write."""
    return CHOICES[table][value][0]


def spellings(table: str) -> str:
    """List what may be written, for a message: Chinese and code of every value."""
    return "、".join(f"{words[0]}({value})" for value, words in CHOICES[table].items())
