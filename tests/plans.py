"""Plans for tests: one day in Henan with three trucks, twelve stops and every kind of trouble.

People, plates and phones are invented; the places are real towns, given as WGS-84 points.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from geodata.units import Minor
from routing.domain.orders import Contact
from routing.domain.vehicles import vin_check_digit
from routing.domain.windows import Window
from routing.plan import (
    Fix,
    FixKind,
    IdleTruck,
    LeftBehind,
    Leg,
    LoadedCar,
    Miss,
    Money,
    Plan,
    Provenance,
    Rest,
    RestPlace,
    Route,
    Site,
    SkippedRow,
    Slot,
    Stop,
    StopReason,
)
from routing.reasons import Reason, Unit

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)
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


def at(clock: str, *, day: date = DAY) -> datetime:
    """Make a local moment of the day from `HH:MM`."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def window(start: str, end: str) -> Window:
    """Make a window of the day from two clock times."""
    return Window(start=at(start), end=at(end))


def vin(serial: int) -> str:
    """Make a VIN with a right check digit."""
    blank = f"LFB0000A0TA{serial:06d}"
    return blank[:8] + vin_check_digit(blank) + blank[9:]


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
        left_behind=_left_behind(),
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


def _left_behind() -> tuple[LeftBehind, ...]:
    return (
        LeftBehind(
            order_id="D-2013",
            vin=vin(113),
            warehouse_id="RDC-ZZ",
            address="商水县固墙镇",
            priority="urgent",
            promised=True,
            accepted=(window("08:00", "10:00"),),
            reason=Reason.WINDOW_MISSED,
            short_by=2_580,
            unit=Unit.SECONDS,
            text="最早 10:43 能到，约定窗口 08:00–10:00 结束，晚 43 分钟",
            text_en="The earliest arrival is 10:43, the window 08:00-10:00 is missed by 43 min",
            nearest=Miss(
                truck_id="T02", reason=Reason.WINDOW_MISSED, short_by=2_580, unit=Unit.SECONDS
            ),
            misses=(
                Miss(truck_id="T01", reason=Reason.DECK_NO_FIT, short_by=1, unit=Unit.CARS),
                Miss(
                    truck_id="T02", reason=Reason.WINDOW_MISSED, short_by=2_580, unit=Unit.SECONDS
                ),
                Miss(
                    truck_id="T03", reason=Reason.WINDOW_MISSED, short_by=9_000, unit=Unit.SECONDS
                ),
            ),
            fix=Fix(
                kind=FixKind.WIDEN_WINDOW,
                cost_minor=Minor(21_500),
                change={"order_id": "D-2013", "later_s": 2_580},
                text="请客户把窗口推迟到 08:00–10:45",
                text_en="Ask the buyer to accept 08:00-10:45",
                proved=True,
                proof="solved again with the wider window: +312.40",
            ),
        ),
        LeftBehind(
            order_id="D-2014",
            vin=vin(114),
            warehouse_id="RDC-ZZ",
            address="栾川县陶湾镇协心村",
            priority="normal",
            promised=False,
            accepted=(window("08:00", "18:00"),),
            reason=Reason.ROAD_ACCESS,
            short_by=1,
            unit=Unit.SIZES,
            text="村道最大只容单板车，本仓无空闲单板车",
            text_en="The village road takes a one-car flatbed at most; none is free here",
            nearest=Miss(truck_id="T01", reason=Reason.ROAD_ACCESS, short_by=1, unit=Unit.SIZES),
            misses=(
                Miss(truck_id="T01", reason=Reason.ROAD_ACCESS, short_by=1, unit=Unit.SIZES),
                Miss(truck_id="T02", reason=Reason.ROAD_ACCESS, short_by=3, unit=Unit.SIZES),
            ),
            fix=Fix(
                kind=FixKind.MEET_POINT,
                cost_minor=Minor(20_000),
                change={"order_id": "D-2014", "meet_point": "陶湾镇政府"},
                text="改在陶湾镇镇区交车",
                text_en="Hand over in the town of Taowan",
                proved=True,
                proof="solved again with the meet point: +486.00",
            ),
        ),
        LeftBehind(
            order_id="D-2015",
            vin=vin(115),
            warehouse_id="RDC-LY",
            address="汝阳县城关镇",
            priority="high",
            promised=False,
            accepted=(window("09:00", "12:00"), window("14:00", "18:00")),
            reason=Reason.NOT_READY,
            short_by=14_400,
            unit=Unit.SECONDS,
            text="车衣施工 p90 到 15:30 才完，最晚出发 11:30",
            text_en="Body film is done at 15:30 (p90), the last departure is 11:30",
            nearest=Miss(
                truck_id="T03", reason=Reason.NOT_READY, short_by=14_400, unit=Unit.SECONDS
            ),
            misses=(
                Miss(truck_id="T03", reason=Reason.NOT_READY, short_by=14_400, unit=Unit.SECONDS),
            ),
            fix=Fix(
                kind=FixKind.DAY_LATER,
                cost_minor=Minor(100_000),
                change={"order_id": "D-2015", "days": 1},
                text="改到 11 月 24 日",
                text_en="Deliver on 24 November",
                proved=False,
                proof="next day's sheet is not known",
            ),
        ),
        LeftBehind(
            order_id="D-2016",
            vin=vin(116),
            warehouse_id="RDC-LY",
            address="嵩县车村镇",
            priority="low",
            promised=False,
            accepted=(window("08:00", "18:00"),),
            reason=Reason.UNREACHABLE,
            short_by=0,
            unit=Unit.NONE,
            text="没有道路连到该地点",
            text_en="No road leads to this place",
            nearest=None,
            misses=(),
            fix=None,
            fix_tried=("meet_point", "extra_truck"),
        ),
        LeftBehind(
            order_id="D-2017",
            vin=vin(117),
            warehouse_id="RDC-ZZ",
            address='=HYPERLINK("x")<b>中牟县</b>',  # what a spreadsheet or a browser may run
            priority="normal",
            promised=False,
            accepted=(window("08:00", "18:00"),),
            reason=Reason.DECK_NO_FIT,
            short_by=65,
            unit=Unit.MILLIMETRES,
            text="车高 1,965 mm，最高板位 1,900 mm",
            text_en="The car is 1,965 mm high, the tallest position takes 1,900 mm",
            nearest=Miss(
                truck_id="T02", reason=Reason.DECK_NO_FIT, short_by=65, unit=Unit.MILLIMETRES
            ),
            misses=(),
            fix=Fix(
                kind=FixKind.EXTRA_TRUCK,
                cost_minor=Minor(80_000),
                change={"kind": "one_car", "warehouse_id": "RDC-ZZ"},
                text="郑州仓加一辆单板车",
                text_en="Add one one-car flatbed in Zhengzhou",
                proved=True,
                proof="solved again with one more one_car: +523.10",
            ),
        ),
    )
