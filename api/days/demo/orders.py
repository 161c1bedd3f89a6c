"""The order sheet of the demonstration: who wants which car where and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from api.days.demo import people
from api.days.demo.cars import vin
from api.days.demo.design import DemoModel, DemoStop, Impossible, Way, When
from api.days.demo.sites import Site
from geodata.datum import Datum

Row = dict[str, str | int]

HEADER: Final = (
    "订单编号", "客户姓名", "联系电话", "车型", "版本", "车架号", "发车仓库", "送车方式", "交付点",
    "送车地址", "经纬度", "坐标系", "最大板车", "可送时段", "已约时间", "优先级", "技能要求",
    "卸车(分钟)", "交车时长(分钟)", "PDI完成", "改装完成", "充电完成", "洗车完成", "尾款", "保险",
    "临牌", "开票", "置换车", "备注",
)  # fmt: skip
WISHES: Final[Mapping[When, tuple[str, ...]]] = {
    When.AM: ("全天", "全天", "上午", "上午", "9点到12点", "8:30-12:30", "不限"),
    When.PM: ("全天", "全天", "下午", "下午", "12点以后", "12点半到18点"),
    When.ANY: ("全天", "全天", "全天", "都可以", "10-18点", "上午或下午", ""),
    When.NARROW: ("14-16点", "14-16点", "13-15点", "15点到17点", "9-11点；14-16点"),
}
MODES: Final[Mapping[Way, str]] = {
    Way.HUB: "网点自提",
    Way.LOT: "会合点",
    Way.SQUARE: "会合点",
}
ACCESS: Final[Mapping[Way, str]] = {Way.TRUNK: "中置轴轿运车", Way.TOWNSHIP: "一拖二"}
"""Written where the address alone would let the intake assume another truck."""
SERVICE_MIN: Final[Mapping[Way, tuple[int, tuple[int, ...]]]] = {
    Way.HUB: (8, (12,)),
    Way.LOT: (10, (15, 20)),
    Way.SQUARE: (10, (20, 25)),
    Way.TRUNK: (12, (18, 20)),
    Way.TOWN: (12, (25, 30)),
    Way.TOWNSHIP: (15, (35, 45)),
    Way.VILLAGE: (15, (40, 45)),
}
"""Unloading, then the handovers to draw from: a hub takes cars over, a buyer is shown theirs."""
PRIORITIES: Final = ("", "", "", "", "普通", "普通", "普通", "高", "高", "加急")
EDITIONS: Final = ("", "标准版", "标准版", "标准版", "车品配装版", "养护加持版", "车衣定制版")
NOTES: Final = ("", "", "", "", "", "提前一小时电话", "尾款发票寄公司", "带充电枪", "贴膜已验收")
TRADE_INS: Final = ("2015 款三厢轿车", "旧面包车", "2012 款两厢车")
PIN_DATUMS: Final = (Datum.GCJ02, Datum.GCJ02, Datum.GCJ02, Datum.BD09)
DATUM_NAMES: Final[Mapping[Datum, str]] = {Datum.GCJ02: "", Datum.BD09: "百度"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Who writes the order sheet: the day, the seed's stream and the numbers still free."""

    day: date
    rng: Random
    vins: Iterator[str]

    def served(
        self,
        stop: DemoStop,
        site: Site,
        *,
        model: DemoModel,
        warehouse: str,
        place: str,
        swaps: bool,
    ) -> Row:
        """Write an order that its tour can keep; `place` names the shared place, if any.

        Who `swaps` gives an old car in exchange.
        """
        rng = self.rng
        wish = rng.choice(WISHES[stop.when])
        row = self._row(model, way=stop.way, warehouse=warehouse, place=place)
        if not stop.way.shared:
            row |= self._where(site)
        promised = stop.when is When.NARROW and rng.random() < 0.7
        if stop.when is When.PM and rng.random() < 0.12:
            wish, promised = "13-18点", True
        row["可送时段"] = wish
        if promised:
            # Of several windows the buyer was promised the last.
            agreed = wish.rsplit("；", 1)[-1]
            row["已约时间"] = f"{self.day.month}月{self.day.day}日 {agreed}"
        row["技能要求"] = stop.skills
        if swaps:
            row["置换车"] = rng.choice(TRADE_INS)
        if stop.way is Way.HUB:
            # Waiting at a partner's store hurts least.
            row["优先级"] = rng.choice((*PRIORITIES, "低"))
        return row

    def impossible(self, one: Impossible, site: Site, *, model: DemoModel) -> Row:
        """Write an order that nobody can serve today."""
        row = self._row(model, way=one.way, warehouse=one.warehouse, place="")
        row |= self._where(site)
        row["可送时段"] = one.window
        if one.promised:
            row["已约时间"] = f"{self.day.month}月{self.day.day}日 {one.window}"
        row["技能要求"] = one.skills
        row["优先级"] = one.priority
        if one.edition:
            row["版本"] = one.edition
        if one.film_done:
            row["改装完成"] = f"{self.day.month}月{self.day.day}日 {one.film_done}"
        if one.insurance:
            row["保险"] = one.insurance
        return row

    def _where(self, site: Site) -> Row:
        datum = self.rng.choice(PIN_DATUMS)
        pin = site.pin_in(datum)
        written = DATUM_NAMES[datum] if pin else ""
        return {"送车地址": site.address, "经纬度": pin, "坐标系": written}

    def _row(self, model: DemoModel, *, way: Way, warehouse: str, place: str) -> Row:
        rng = self.rng
        unload, handovers = SERVICE_MIN[way]
        number = people.phone(rng)
        return dict.fromkeys(HEADER, "") | {
            "客户姓名": people.person(rng),
            "联系电话": int(number) if rng.random() < 0.35 else number,
            "车型": model.name,
            "版本": rng.choice(EDITIONS),
            "车架号": vin(model, next(self.vins)),
            "发车仓库": warehouse,
            "送车方式": MODES.get(way, rng.choice(("送货上门", "上门", ""))),
            "交付点": place,
            "最大板车": ACCESS.get(way, ""),
            "优先级": rng.choice(PRIORITIES),
            "卸车(分钟)": unload,
            "交车时长(分钟)": rng.choice(handovers),
            "PDI完成": "是",
            "改装完成": "是",
            "充电完成": rng.choice(("是", "已充")),
            # Half an hour of washing is done by the afternoon before.
            "洗车完成": "否" if rng.random() < 0.08 else "是",
            "尾款": rng.choice(("已付清", "是")),
            "保险": rng.choice(("已投保", "是")),
            "临牌": "已办",
            "开票": "已开",
            "置换车": "",
            "备注": rng.choice(NOTES),
        }
