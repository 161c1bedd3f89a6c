"""The sheets beside the orders: trucks, crews, warehouses, places, models and decks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Final

from api.days.demo import people
from api.days.demo.design import DemoTour, Design, Impossible, Way
from api.days.demo.orders import Row
from api.days.demo.sites import Site
from api.days.intake.catalogue import shipped_catalogue
from geodata.datum import Datum
from routing.domain.fleet import DeckPosition, DeckTemplate, TruckKind
from routing.reasons import Reason

KINDS: Final[Mapping[str, TruckKind]] = {
    "一拖一": TruckKind.ONE_CAR,
    "一拖二": TruckKind.TWO_CAR,
    "短板轿运车": TruckKind.SHORT_CARRIER,
    "中置轴轿运车": TruckKind.CARRIER,
}
SPARE_DRIVERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The truck id of every tour, and the rows of the three sheets of people and trucks."""

    truck_ids: tuple[str, ...]
    trucks: tuple[Row, ...]
    drivers: tuple[Row, ...]
    specialists: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSite:
    """A hub or a meet point with its name."""

    name: str
    way: Way
    site: Site


def deck_of(tour: DemoTour, design: Design) -> DeckTemplate:
    """Find the deck of a tour's truck: the day's own, else the one built in for its kind."""
    if not tour.deck:
        return shipped_catalogue().kinds[KINDS[tour.kind]].deck
    table = next(deck for deck in design.decks if deck["name"] == tour.deck)
    positions = (
        DeckPosition(**{**row, "blocked_by": tuple(row.get("blocked_by", ()))})
        for row in table["positions"]
    )
    return DeckTemplate(id=tour.deck, positions=tuple(positions), payload_kg=table["payload_kg"])


def man_fleet(design: Design, *, rng: Random) -> Fleet:
    """Write trucks and crews: a driver for every truck, two spare ones, one of them off."""
    ids: list[str] = []
    trucks: list[Row] = []
    drivers: list[Row] = []
    specialists: list[Row] = []
    numbers = {house.id: count(1) for house in design.warehouses}
    plates = {house.id: house.plate for house in design.warehouses}
    for tour in design.tours:
        number = next(numbers[tour.warehouse])
        truck_id = f"{tour.warehouse}-{number:02d}"
        licence = "A2" if KINDS[tour.kind] is TruckKind.CARRIER else "B2"
        driver = _driver(len(drivers), warehouse=tour.warehouse, licence=licence, rng=rng)
        drivers.append(driver)
        ids.append(truck_id)
        trucks.append(
            {
                "编号": truck_id,
                "车牌": f"{plates[tour.warehouse]}0D{number:03d}",
                "类型": tour.kind,
                "所属仓库": tour.warehouse,
                "板位模板": tour.deck,
                "出车时间": "05:30",
                "收车时间": "21:00",
                "最长出勤(小时)": 12,
                "加班起算(小时)": 9,
                "每日固定费用(元)": tour.hired_yuan or "",
                "司机": driver["姓名"] if rng.random() < 0.4 else "",
            }
        )
        if tour.specialist:
            specialists.append(
                {
                    "工号": f"S{len(specialists) + 1:02d}",
                    "姓名": people.person(rng),
                    "仓库": tour.warehouse,
                    "技能": "；".join(tour.specialist),
                    "出行方式": "随车",
                    "车辆": truck_id,
                    "上班时间": "",
                    "下班时间": "",
                }
            )
    for house in design.warehouses[:SPARE_DRIVERS]:
        spare = _driver(len(drivers), warehouse=house.id, licence="B2", rng=rng)
        drivers.append(spare)
    drivers[-1]["当天休息"] = "是"
    specialists.extend(_own_car(design.impossible, taken=len(specialists), rng=rng))
    return Fleet(
        truck_ids=tuple(ids),
        trucks=tuple(trucks),
        drivers=tuple(drivers),
        specialists=tuple(specialists),
    )


def _driver(index: int, *, warehouse: str, licence: str, rng: Random) -> Row:
    # Two drivers of one name would make a truck's driver ambiguous: the surnames take turns.
    surname = people.SURNAMES[index % len(people.SURNAMES)]
    return {
        "工号": f"D{index + 1:02d}",
        "姓名": surname + rng.choice(people.GIVEN),
        "仓库": warehouse,
        "准驾车型": licence,
        "当天休息": "",
    }


def _own_car(impossible: Iterable[Impossible], *, taken: int, rng: Random) -> list[Row]:
    needed = [one for one in impossible if one.reason is Reason.OWN_CAR_SPECIALIST]
    return [
        {
            "工号": f"S{taken + index:02d}",
            "姓名": people.person(rng),
            "仓库": one.warehouse,
            "技能": one.skills,
            "出行方式": "自驾",
            "车辆": "",
            "上班时间": "18:00",
            "下班时间": "19:00",
        }
        for index, one in enumerate(needed, start=1)
    ]


def warehouse_rows(design: Design) -> list[Row]:
    """Write the warehouses; their pins are WGS-84, and say so."""
    return [
        {
            "编号": house.id,
            "名称": house.name,
            "地址": f"{design.province}{house.county}{house.township}物流大道1号",
            "纬度": str(house.at.lat),
            "经度": str(house.at.lon),
            "坐标系": "WGS-84",
            "装车位": house.bays,
            "装车时间": house.loading,
            "前晚装车": "是" if house.evening else "否",
            "前晚装车时间": house.evening,
        }
        for house in design.warehouses
    ]


def place_rows(shared: Sequence[SharedSite]) -> list[Row]:
    """Write the hubs and meet points, with pins as a map app gives them."""
    access = {Way.HUB: "", Way.LOT: "中置轴轿运车", Way.SQUARE: "短板轿运车"}
    return [
        {
            "名称": one.name,
            "类型": "网点" if one.way is Way.HUB else "会合点",
            "地址": one.site.address,
            "经纬度": one.site.pin_in(Datum.GCJ02),
            "最大板车": access[one.way],
        }
        for one in shared
    ]


def model_rows(design: Design) -> list[Row]:
    """Write the car models."""
    return [
        {
            "车型": model.name,
            "车长(mm)": model.size_mm[0],
            "车宽(mm)": model.size_mm[1],
            "车高(mm)": model.size_mm[2],
            "整备质量(kg)": model.mass_kg,
            "可托举": "是" if model.wheel_lift_ok else "否",
        }
        for model in design.models
    ]


def deck_rows(design: Design) -> list[Row]:
    """Write the decks of the day's own, one row for every position."""
    return [
        {
            "板位模板": deck["name"],
            "板位": position["id"],
            "可装车长(mm)": position["length_mm"],
            "可装车高(mm)": position["height_mm"],
            "可装质量(kg)": position["mass_kg"],
            "被挡于": "；".join(position.get("blocked_by", ())),
            "总载质量(kg)": deck["payload_kg"],
        }
        for deck in design.decks
        for position in deck["positions"]
    ]
