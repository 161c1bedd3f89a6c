"""Five orders left behind, each for another reason and with another fix."""

from __future__ import annotations

from geodata.units import Minor
from routing.plan import Fix, FixKind, LeftBehind, Miss
from routing.reasons import Reason, Unit
from tests.plan_values import vin, window


def everyone_left_behind() -> tuple[LeftBehind, ...]:
    """Make them, in no order of urgency."""
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
                proof="放宽窗口后重新求解：+¥312.40 / solved again with the wider window: +¥312.40",
            ),
            lat=33.548,
            lon=114.822,
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
