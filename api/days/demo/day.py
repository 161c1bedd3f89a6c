"""Write a realistic day: 150 orders, 3 warehouses, 25 trucks, some orders impossible on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from api.days.demo import people
from api.days.demo.cars import draw_models, vins
from api.days.demo.design import DemoModel, DemoStop, Design, Way, henan
from api.days.demo.files import Sheet, write_csv, write_toml, write_workbook
from api.days.demo.fleet import (
    SharedSite,
    deck_of,
    deck_rows,
    man_fleet,
    model_rows,
    place_rows,
    warehouse_rows,
)
from api.days.demo.orders import Clerk, Row
from api.days.demo.sites import Site, Sites
from api.days.planning import BANS_FILE
from geodata.ban_files import example_bans
from routing.reasons import Reason

TEXT_ONLY: Final[Mapping[Way, float]] = {
    Way.TRUNK: 0.25,
    Way.TOWN: 0.45,
    Way.TOWNSHIP: 0.6,
    Way.VILLAGE: 0.5,
}
"""Share of doors without a pin, where their township's point is known: others would be known to
the county alone, and a planner would ask for the pin first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDay:
    """Where the day was written, and what is known of its plan.

    `expectations` maps the id of each impossible order to the reason it must be left with;
    `tours` maps truck ids to order ids that the truck can serve in this order: proof that a plan
    exists which serves everything else.
    """

    path: Path
    expectations: Mapping[str, Reason]
    tours: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An order before it has a number: by its tour's truck, or by why it is impossible."""

    row: Row
    truck_id: str = ""
    reason: Reason | None = None


def write_demo_day(dir: Path, *, seed: int, day: date, cache_dir: Path | None = None) -> DemoDay:
    """Write the day's folder, made if absent; same seed and day, same bytes.

    Raises:
        MissingSource: a package with the counties of China is absent or unreadable.
    """
    design = henan()
    rng = Random(f"demo {seed}")
    sites = Sites(province=design.province, cache_dir=cache_dir)
    clerk = Clerk(day=day, rng=rng, vins=vins(day, rng=rng))
    fleet = man_fleet(design, rng=rng)
    shared = _shared_sites(design, sites=sites, rng=rng)
    drafts = [
        *_served(design, sites=sites, shared=shared, clerk=clerk, truck_ids=fleet.truck_ids),
        *_impossible(design, sites=sites, clerk=clerk),
    ]
    ids = _numbered(drafts, day=day, rng=rng)
    rows = sorted((draft.row for draft in drafts), key=lambda row: str(row["订单编号"]))
    dir.mkdir(parents=True, exist_ok=True)
    title = f"{day.month}月{day.day}日 送车订单（{design.province}）"
    orders = Sheet(name="送车订单", rows=rows, title=title, total=f"{len(rows)} 台")
    write_workbook(dir / "orders.xlsx", [orders], day=day)
    crews = [
        Sheet(name="车辆", rows=fleet.trucks),
        Sheet(name="司机", rows=fleet.drivers),
        Sheet(name="交付专员", rows=fleet.specialists),
        Sheet(name="板位", rows=deck_rows(design)),
    ]
    write_workbook(dir / "trucks.xlsx", crews, day=day)
    houses = [
        Sheet(name="仓库", rows=warehouse_rows(design)),
        Sheet(name="地点", rows=place_rows(list(shared.values()))),
    ]
    write_workbook(dir / "warehouses.xlsx", houses, day=day)
    write_csv(dir / "models.csv", model_rows(design))
    # The shipped examples: a day of one's own has its own rules.
    (dir / BANS_FILE).write_bytes(example_bans().encode())
    write_toml(dir / "day.toml", {"日期": day.isoformat(), **design.settings})
    return DemoDay(
        path=dir,
        expectations={
            order_id: draft.reason
            for order_id, draft in zip(ids, drafts, strict=True)
            if draft.reason is not None
        },
        tours={
            truck_id: tuple(
                order_id
                for order_id, draft in zip(ids, drafts, strict=True)
                if draft.truck_id == truck_id
            )
            for truck_id in fleet.truck_ids
        },
    )


def _shared_sites(
    design: Design, *, sites: Sites, rng: Random
) -> Mapping[tuple[str, Way], SharedSite]:
    """Give every county's hub, lot and square one name and one pin."""
    found: dict[tuple[str, Way], SharedSite] = {}
    for stop in (stop for tour in design.tours for stop in tour.stops if stop.way.shared):
        key = stop.county, stop.way
        if key in found:
            continue
        site = sites.draw(stop.county, way=stop.way, rng=rng, township=stop.township)
        county = stop.county.rsplit("市", 1)[-1] or stop.county[-3:]
        what = {
            Way.HUB: "合作网点",
            Way.LOT: rng.choice(people.LOTS),
            Way.SQUARE: rng.choice(people.SQUARES),
        }[stop.way]
        found[key] = SharedSite(name=f"{county}{what}", way=stop.way, site=site)
    return found


def _served(
    design: Design,
    *,
    sites: Sites,
    shared: Mapping[tuple[str, Way], SharedSite],
    clerk: Clerk,
    truck_ids: tuple[str, ...],
) -> list[_Draft]:
    drafts: list[_Draft] = []
    for tour, truck_id in zip(design.tours, truck_ids, strict=True):
        buyers = [
            (stop, car >= stop.cars - stop.trade_ins)
            for stop in tour.stops
            for car in range(stop.cars)
        ]
        old_cars = [swaps for _, swaps in buyers]
        drawn = draw_models(
            design.models, deck=deck_of(tour, design), old_cars=old_cars, rng=clerk.rng
        )
        for (stop, swaps), model in zip(buyers, drawn, strict=True):
            meet = shared.get((stop.county, stop.way))
            site = meet.site if meet else _site(stop, sites=sites, rng=clerk.rng)
            row = clerk.served(
                stop,
                site,
                model=model,
                warehouse=tour.warehouse,
                place=meet.name if meet else "",
                swaps=swaps,
            )
            drafts.append(_Draft(row=row, truck_id=truck_id))
    return drafts


def _site(stop: DemoStop, *, sites: Sites, rng: Random) -> Site:
    text_only = rng.random() < TEXT_ONLY[stop.way]
    return sites.draw(
        stop.county, way=stop.way, rng=rng, township=stop.township, pinned=not text_only
    )


def _impossible(design: Design, *, sites: Sites, clerk: Clerk) -> list[_Draft]:
    drafts: list[_Draft] = []
    usual: DemoModel = max(design.models, key=lambda model: model.share)
    by_name = {model.name: model for model in design.models}
    for one in design.impossible:
        if one.at is None:
            site = sites.draw(
                one.county,
                way=one.way,
                rng=clerk.rng,
                township=one.township,
                near_seat=one.near_seat,
            )
        else:
            site = sites.at(
                one.county, township=one.township, point=one.at, way=one.way, rng=clerk.rng
            )
        model = by_name[one.model] if one.model else usual
        row = clerk.impossible(one, site, model=model)
        drafts.append(_Draft(row=row, reason=one.reason))
    return drafts


def _numbered(drafts: list[_Draft], *, day: date, rng: Random) -> list[str]:
    """Number the orders as they might have come in: mixed; returns the ids in draft order."""
    numbers = list(range(1, len(drafts) + 1))
    rng.shuffle(numbers)
    ids = [f"HN{day:%m%d}-{number:03d}" for number in numbers]
    for draft, order_id in zip(drafts, ids, strict=True):
        draft.row["订单编号"] = order_id
    return ids
