"""Which instances the engines are compared on, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.bench.cases import Case, read_cases

SEEDS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Instances of one kind, searched equally long. Addresses are files below the data folder, or
    made up. `aim` says in words what is aimed at. The engines of `beside` run in turns with ours;
    all others are left for last."""

    title: str
    seconds: float
    addresses: tuple[str, ...]
    seeds: tuple[int, ...] = SEEDS
    aim: str = ""
    beside: tuple[str, ...] = ("pyvrp",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One instance of a group, read."""

    group: Group
    case: Case


FULL: Final = (
    Group(
        title="county car carriers, 300 orders",
        seconds=30,
        addresses=("county:300:201", "county:300:202", "county:300:203"),
        aim="PyVRP at least 11 %, OR-Tools and VROOM at least 25 % dearer, which is to be 10 and "
        "20 % cheaper than they are; nobody left behind",
        beside=("pyvrp", "ortools", "vroom"),
    ),
    Group(
        title="VRPTW 100, type 1",
        seconds=10,
        addresses=("solomon/R104.txt", "solomon/RC103.txt"),
        aim="at most 0.3 %",
    ),
    Group(
        title="VRPTW 400, type 1",
        seconds=10,
        addresses=("homberger/c1_4_1.txt", "homberger/r1_4_5.txt", "homberger/rc1_4_1.txt"),
        aim="at most 0.8 %",
    ),
    Group(
        title="VRPTW 1000, type 1",
        seconds=60,
        addresses=("VRPTW/RC1_10_1.vrp", "VRPTW/R1_10_5.vrp"),
        aim="at most 1.2 %",
    ),
    Group(
        title="VRPTW 400, type 2",
        seconds=60,
        addresses=("homberger/rc2_4_1.txt", "homberger/r2_4_5.txt"),
        aim="at most 0.8 %",
    ),
    Group(
        title="VRPTW 1000, type 2",
        seconds=60,
        addresses=("VRPTW/RC2_10_5.vrp", "VRPTW/R2_10_1.vrp"),
        aim="at most 1.0 %",
    ),
    Group(
        title="HFVRP 500",
        seconds=60,
        addresses=("HFVRP/X502-FSMFD.vrp",),
        aim="at most 0.2 %",
    ),
    Group(
        title="HFVRP 655",
        seconds=60,
        addresses=("HFVRP/X655-HD.vrp",),
        aim="at most 2.0 %",
    ),
    Group(
        title="MDVRPTW 360 to 600",
        seconds=60,
        addresses=("MDVRPTW/PR12B.vrp", "MDVRPTW/PR13A.vrp"),
        aim="at most 1.5 %, never infeasible",
    ),
    Group(
        title="SDVRPTW 216 to 720",
        seconds=60,
        addresses=("SDVRPTW/PR09.vrp", "SDVRPTW/PR14B.vrp"),
        aim="at most 1.0 %, never infeasible",
    ),
    Group(
        title="MTVRPTWR 100 to 200",
        seconds=60,
        addresses=("MTVRPTWR/RC206R0.25.vrp", "MTVRPTWR/R2_2_03R0.5.vrp"),
        aim="no worse than PyVRP",
    ),
    Group(
        title="rich county days, every rule",
        seconds=60,
        addresses=("rich:150:101", "rich:150:102", "rich:150:103"),
        seeds=(1,),
        aim="cost reported: no peer can express them",
    ),
    Group(title="PCVRPTW 1000", seconds=60, addresses=("PCVRPTW/R1_10_2.vrp",)),
)
SHORT: Final = (
    Group(title="county car carriers", seconds=2, addresses=("county:60:101",), seeds=(1,)),
    Group(
        title="public instances",
        seconds=2,
        addresses=("solomon/RC103.txt", "SDVRPTW/PR02.vrp"),
        seeds=(1,),
    ),
    Group(title="rich county day", seconds=2, addresses=("rich:20:101",), seeds=(1,)),
)


def read_places(groups: tuple[Group, ...], data: Path) -> tuple[list[Place], list[str]]:
    """Read what is here; the second list names the files that are not."""
    places, missing = [], []
    for group in groups:
        for address in group.addresses:
            file = data / address
            if ":" not in address and not file.is_file():
                missing.append(address)
                continue
            named = address if ":" in address else str(file)
            (case,) = read_cases([named], units=None, read_day=_no_day)
            places.append(Place(group=group, case=case))
    return places, missing


def _no_day(path: Path) -> tuple[object, object]:
    raise ValueError(f"{path}: the suite has no days in files")
