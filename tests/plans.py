"""Plans for tests: one day in Henan with three trucks, twelve stops and every kind of trouble.

People, plates and phones are invented; the places are real towns, given as WGS-84 points.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from geodata.units import Minor
from routing.domain.orders import Contact
from routing.domain.windows import Window
from routing.plan import (
    LeftBehind,
    Leg,
    LoadedCar,
    Money,
    Plan,
    Provenance,
    Rest,
    RestPlace,
    Route,
    Site,
    Slot,
    Stop,
    StopReason,
)
from routing.plan_off_routes import IdleTruck, SkippedRow
from tests.plan_left_behind import everyone_left_behind
from tests.plan_values import DAY, at, vin, window

MODELS = ("启明 E5", "远山 X7", "白露 S")
NAMES = [
    "孟庭舟",
    "叶知秋",
    "韩砚青",
    "苏木禾",
    "陆景川",
    "温如初",
    "祁山月",
    "顾长宁",
    "程望野",
    "沈听澜",
    "白既明",
    "方砚舟",
    "褚云归",
    "裴南枝",
    "穆清扬",
    "柳见山",
]

SITES = {"RDC-ZZ": ("郑州仓", 34.7066, 113.8021), "RDC-LY": ("洛阳仓", 34.6420, 112.4580)}
PLACES = (
    ("新密市青屏街道育才路 18 号", "410183", 34.5393, 113.3906, 0),
    ("登封市大冶镇东刘碑村委会对面", "410185", 34.4630, 113.1600, 1200),
    ("禹州市颍川街道药城路与滨河大道交叉口东 200 米路南", "411081", 34.1410, 113.4880, 120),
    ("长葛市坡胡镇", "411082", 34.2390, 113.7300, 3600),
    ("许昌市建安区五女店镇", "411003", 34.0890, 113.9770, 2400),
    ("尉氏县洧川镇老街 6 号", "410223", 34.2880, 113.9740, 300),
    ("扶沟县崔桥镇", "411621", 34.1720, 114.5480, 4200),
    ("西华县逍遥镇南大街", "411622", 33.8630, 114.2600, 800),
    ("孟津区白鹤镇", "410308", 34.8360, 112.6120, 2000),
    ("济源市克井镇新兴社区 3 栋", "419001", 35.1560, 112.5470, 0),
    ("宜阳县韩城镇", "410327", 34.5080, 111.9800, 2800),
    ("伊川县彭婆镇开发区二路 11 号", "410329", 34.5440, 112.4830, 0),
)


def contacts(plan: Plan) -> dict[str, Contact]:
    """Give every order of a plan an invented buyer."""
    orders = [stop.order_id for route in plan.routes for stop in route.stops]
    orders += [left.order_id for left in plan.left_behind]
    return {
        order: Contact(name=NAMES[index % len(NAMES)], phone=f"1380000{1000 + index:04d}")
        for index, order in enumerate(orders)
    }


def henan_plan() -> Plan:
    """Build the day: three routes from two warehouses, five orders left behind."""
    routes = (
        _route("T01", "豫A·D0031", "two_car", "RDC-ZZ", (0, 1), departs=at("08:10"), number=1),
        _route(
            "T02", "豫A·D0058", "carrier", "RDC-ZZ", (2, 3, 4, 5, 6, 7), departs=at("07:20"),
            number=2,
        ),
        _route("T03", "豫C·D0102", "short_carrier", "RDC-LY", (8, 9, 10, 11), departs=at("08:00"),
               number=3, evening=True),
    )  # fmt: skip
    return Plan(
        day=DAY,
        time_zone="Asia/Shanghai",
        warehouses={key: name for key, (name, _, _) in SITES.items()},
        sites={key: Site(lat=lat, lon=lon) for key, (_, lat, lon) in SITES.items()},
        routes=routes,
        left_behind=everyone_left_behind(),
        idle=(
            IdleTruck(truck_id="T04", plate="豫A·D0066", warehouse_id="RDC-ZZ", why="not_needed"),
            IdleTruck(truck_id="T05", plate="豫C·D0110", warehouse_id="RDC-LY", why="no_driver"),
        ),
        provenance=Provenance(
            request_digest="5b1f" * 16,
            matrix_digest="a07c" * 16,
            seed=1,
            iterations=20_000,
            stop_reason=StopReason.ITERATIONS,
            engine="ruin_recreate",
            versions={"flatbed": "0.1.0", "ortools": "9.15", "python": "3.11"},
            assumptions=(
                "道路：中国公路网无等级与限高信息，县城按短板车、乡镇按双板车、村按单板车可达",
                "过路费：按里程 × 省内费率估算（河南 2 轴货车 0.45 元/km）",
            ),
            sources=(
                "道路 © OpenStreetMap contributors (ODbL), scgraph-data 2.0.0",
                "地名 GeoNames (CC BY 4.0)",
            ),
            steps=("插入法：装下 12 单，1,862.40 元", "搜索 20000 次：省 143.20 元"),
        ),
        policy={"slots": {"width_s": 7200, "grid_s": 1800}, "buffers": {"drive_permille": 100}},
        skipped=(
            SkippedRow(
                sheet="订单", row=19, order_id="D-2099", faults=("[bad_vin] VIN 校验位错误",)
            ),
        ),
    )


def large_plan(*, copies: int = 13) -> Plan:
    """Repeat the day with other names until it has some 150 orders (for sizes and layout)."""
    base = henan_plan()
    routes: list[Route] = []
    left: list[LeftBehind] = []
    for copy in range(copies):
        shift = timedelta(minutes=7 * copy)
        routes += [_renamed(route, copy, shift) for route in base.routes]
        left += [
            replace(order, order_id=f"{order.order_id}-{copy}")
            for order in base.left_behind[: 1 + copy % 2]
        ]
    return replace(base, routes=tuple(routes), left_behind=tuple(left))


def _renamed(route: Route, copy: int, shift: timedelta) -> Route:
    turn = 0.04 * copy
    slot_shift = shift - shift % timedelta(minutes=30)
    stops = tuple(
        replace(
            stop,
            order_id=f"{stop.order_id}-{copy}",
            lat=round(stop.lat + turn * ((copy * 7 + index) % 5 - 2), 5),
            lon=round(stop.lon + turn * ((copy * 3 + index) % 5 - 2), 5),
            leg=replace(
                stop.leg,
                departs=stop.leg.departs + shift,
                arrives=stop.leg.arrives + shift,
            ),
            begins=stop.begins + shift,
            begins_latest=stop.begins_latest + shift,
            ends=stop.ends + shift,
            leaves=stop.leaves + shift,
            slot=replace(
                stop.slot,
                window=Window(
                    start=stop.slot.window.start + slot_shift,
                    end=stop.slot.window.end + slot_shift,
                ),
            ),
            rests=tuple(
                replace(rest, start=rest.start + shift, end=rest.end + shift) for rest in stop.rests
            ),
        )
        for index, stop in enumerate(route.stops)
    )
    return replace(
        route,
        truck_id=f"{route.truck_id}-{copy}",
        plate=f"{route.plate[:-2]}{copy:02d}",
        stops=stops,
        departs=route.departs + shift,
        load=Window(start=route.load.start + shift, end=route.load.end + shift),
        home=replace(
            route.home, departs=route.home.departs + shift, arrives=route.home.arrives + shift
        ),
        returns=route.returns + shift,
        returns_latest=route.returns_latest + shift,
        deck=tuple(replace(car, order_id=f"{car.order_id}-{copy}") for car in route.deck),
    )


def _route(
    truck_id: str,
    plate: str,
    kind: str,
    warehouse_id: str,
    places: tuple[int, ...],
    *,
    departs: datetime,
    number: int,
    evening: bool = False,
) -> Route:
    minutes = 20 + 8 * len(places)
    loaded = departs - timedelta(hours=13) if evening else departs
    clock = departs
    stops: list[Stop] = []
    for seat, index in enumerate(places):
        stop = _stop(index, clock=clock, seat=seat, specialist=number == 2)
        stops.append(stop)
        clock = stop.leaves
    home = Leg(
        departs=clock,
        arrives=clock + timedelta(minutes=64),
        drive_s=64 * 60,
        metres=58_300,
        toll_minor=Minor(1_850),
    )
    start = loaded - timedelta(minutes=minutes)
    duty_s = int((home.arrives - (departs if evening else start)).total_seconds())
    overtime_s = max(0, duty_s - 9 * 3600)
    metres = sum(stop.leg.metres for stop in stops) + home.metres
    return Route(
        truck_id=truck_id,
        plate=plate,
        kind=kind,
        warehouse_id=warehouse_id,
        driver_id=f"DR-{number}",
        driver_name=("秦越川", "邵北辰", "梁听雨")[number - 1],
        specialist_id="SP-2" if number == 2 else "",
        specialist_name="程予安" if number == 2 else "",
        bay=1 + number % 2,
        load=Window(start=start, end=loaded),
        departs=departs,
        stops=tuple(stops),
        home=home,
        returns=home.arrives,
        returns_latest=home.arrives + timedelta(minutes=41),
        duty_s=duty_s,
        overtime_s=overtime_s,
        deck=tuple(
            LoadedCar(position_id=_position(kind, seat), order_id=stop.order_id, vin=stop.vin)
            for seat, stop in enumerate(stops)
        ),
        cost=Money(
            km=Minor(metres * 280 // 1000),
            hours=Minor(duty_s * 6000 // 3600),
            overtime=Minor(overtime_s * 9000 // 3600),
            fixed=Minor(20_000),
            tolls=Minor(1_850 * (len(stops) + 1)),
        ),
    )


def _position(kind: str, seat: int) -> str:
    if kind == "two_car":
        return ("bed", "lift")[seat]
    return f"{'上' if seat % 2 else '下'}{seat // 2 + 1}"


def _stop(index: int, *, clock: datetime, seat: int, specialist: bool) -> Stop:
    address, county, lat, lon, radius = PLACES[index]
    drive = timedelta(minutes=38 + 9 * (index % 4))
    rests: tuple[Rest, ...] = ()
    if seat == 5:  # the last of a long day rests on the road, as the law asks
        rests = (
            Rest(
                start=clock + timedelta(minutes=12),
                end=clock + timedelta(minutes=32),
                place=RestPlace.ROAD,
            ),
        )
    pause = sum((rest.end - rest.start for rest in rests), timedelta())
    arrives = clock + drive + pause
    wait = timedelta(minutes=14) if seat == 1 else timedelta()
    begins = arrives + wait
    handover = timedelta(minutes=40)
    ends = begins + timedelta(minutes=20) + handover
    grid = begins.replace(minute=30 if begins.minute >= 30 else 0, second=0)
    width = timedelta(hours=4 if radius > 3_000 else 2)
    pauses = [Rest(start=arrives, end=begins, place=RestPlace.BEFORE_SERVICE)] if wait else []
    if specialist:
        pauses.append(Rest(start=ends - handover, end=ends, place=RestPlace.HANDOVER))
    return Stop(
        order_id=f"D-{2001 + index}",
        vin=vin(100 + index),
        model_name=MODELS[index % 3],
        place_id=f"P{index}",
        address=address,
        mode="meet_point" if index == 4 else "door",
        lat=lat,
        lon=lon,
        radius_m=radius,
        county_code=county,
        leg=Leg(
            departs=clock,
            arrives=arrives,
            drive_s=int(drive.total_seconds()),
            metres=31_000 + 4_700 * (index % 5),
            toll_minor=Minor(1_850),
            road_rests=rests,
        ),
        begins=begins,
        begins_latest=begins + timedelta(minutes=9 + 6 * seat),
        ends=ends,
        leaves=ends,
        unload_s=20 * 60,
        handover_s=int(handover.total_seconds()),
        slot=Slot(
            window=Window(start=grid, end=grid + width),
            promised=index in (0, 2, 9),
            required_fields=("pin",) if radius > 3_000 else (),
        ),
        accepted=(window("07:00", "20:00"),),
        rests=tuple(pauses),
        note="村口桥限宽 3.2 米，在桥头卸车" if index == 1 else "",
    )
