"""The words of every document, in Chinese and English, by published code.

Sentences about a left-behind order come ready in the plan; here are names, headings and units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.settings import Language

Words = Mapping[str, tuple[str, str]]

REASONS: Final[Words] = {
    "trade_in_no_room": ("置换旧车放不下", "No room for the trade-in"),
    "deck_no_fit": ("板位放不下", "No deck position fits"),
    "window_missed": ("赶不上窗口", "Window missed"),
    "duty_exceeded": ("超出班次", "Duty exceeded"),
    "driving_limit": ("超出连续驾驶", "Driving limit"),
    "skill_missing": ("缺少技能", "Skill missing"),
    "road_access": ("道路太窄", "Road access"),
    "truck_banned": ("货车禁行", "Truck ban"),
    "not_ready": ("车未备好", "Not ready"),
    "bay_full": ("装车位已满", "Bays full"),
    "promise_broken": ("会破坏已约窗口", "Breaks a promise"),
    "costs_too_much": ("不划算", "Costs too much"),
    "no_stock": ("没有库存车", "No car in stock"),
    "locked": ("已锁定", "Locked"),
    "change_budget": ("改动太多", "Too many changes"),
    "outside_preferred": ("不在期望时段", "Outside the preferred time"),
    "co2_price": ("碳排放", "CO2"),
    "unbalanced": ("工时不均", "Uneven duties"),
    "carrier_full": ("外协已满", "Carriers full"),
    "nights_exceeded": ("过夜不够", "Too few nights out"),
    "unreachable": ("无路可达", "Unreachable"),
    "no_truck": ("无可用车辆", "No truck"),
    "specialist_busy": ("自驾专员没空", "Specialist busy"),
    "own_car_specialist": ("自驾专员到不了", "Specialist out of reach"),
}
FIXES: Final[Words] = {
    "widen_window": ("放宽窗口", "Widen the window"),
    "overtime": ("允许加班", "Allow overtime"),
    "ready_earlier": ("提前备车", "Ready earlier"),
    "precondition": ("补齐手续", "Complete the papers"),
    "extra_truck": ("加一辆车", "Add a truck"),
    "skilled_crew": ("换有资质的班组", "Skilled crew"),
    "meet_point": ("改到会合点交车", "Meet point"),
    "ban_permit": ("办通行证", "Ban permit"),
    "extra_bay": ("加装车位", "Extra bay"),
    "day_later": ("改期一天", "A day later"),
    "pay_more": ("接受更高成本", "Pay more"),
    "unlock": ("解除锁定", "Unlock"),
    "night_out": ("在外过夜", "A night out"),
    "carrier": ("交给外协", "Give to a carrier"),
    "trade_in_later": ("旧车改日另取", "Old car another day"),
}
TRUCK_KINDS: Final[Words] = {
    "one_car": ("一拖一", "One-car flatbed"),
    "two_car": ("一拖二", "Two-car flatbed"),
    "short_carrier": ("短板轿运车", "Short carrier"),
    "carrier": ("中置轴轿运车", "Car carrier"),
}
PRIORITIES: Final[Words] = {
    "urgent": ("紧急", "Urgent"),
    "high": ("高", "High"),
    "normal": ("普通", "Normal"),
    "low": ("低", "Low"),
}
MODES: Final[Words] = {
    "door": ("到门", "Door"),
    "meet_point": ("会合点", "Meet point"),
    "hub": ("网点自提", "Hub pick-up"),
}
REST_PLACES: Final[Words] = {
    "road": ("途中休息", "Rest on the road"),
    "held": ("限行等候", "Held by a ban"),
    "before_service": ("到达等候", "Wait before service"),
    "handover": ("专员交付，司机休息", "Specialist's handover, driver rests"),
    "after_service": ("交付后休息", "Rest after service"),
}
IDLE: Final[Words] = {
    "not_needed": ("不需要", "Not needed"),
    "no_driver": ("无合格司机", "No driver"),
}
STOP_REASONS: Final[Words] = {
    "iterations": ("达到迭代数", "iterations done"),
    "time": ("到时（结果不可重复）", "time is up (not repeatable)"),
    "cancelled": ("人工停止", "cancelled"),
    "crashed": ("求解中断，用最后结果", "crashed, last result kept"),
}
REQUIRED_FIELDS: Final[Words] = {"pin": ("地图定位", "map pin")}
WEEKDAYS: Final = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"),
    ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"),
)  # fmt: skip

HEADINGS: Final[Words] = {
    "accepted": ("客户可接受窗口", "Accepted windows"),
    "address": ("地址", "Address"),
    "arrives": ("到达", "Arrives"),
    "assumption": ("假设", "Assumption"),
    "back_by": ("最晚回仓", "Back by"),
    "bay": ("装车位", "Bay"),
    "begins": ("开始交付", "Begins"),
    "begins_latest": ("最晚开始", "Begins at latest"),
    "eta_from": ("预计最早", "Likely from"),
    "eta_to": ("预计最晚", "Likely until"),
    "p_late": ("误点概率", "Chance late"),
    "by": ("差多少", "Short by"),
    "code": ("原因代码", "Code"),
    "cost": ("成本(元)", "Cost (CNY)"),
    "cost_fixed": ("固定(元)", "Fixed (CNY)"),
    "cost_hours": ("工时费(元)", "Hours (CNY)"),
    "cost_km": ("里程费(元)", "Distance (CNY)"),
    "cost_overtime": ("加班费(元)", "Overtime (CNY)"),
    "cost_tolls": ("过路费(元)", "Tolls (CNY)"),
    "cost_shunts": ("倒车(元)", "Shunts (CNY)"),
    "cost_nights": ("过夜(元)", "Nights (CNY)"),
    "day": ("日期", "Day"),
    "there_by": ("最晚到场", "There by"),
    "trip": ("趟", "Trip"),
    "trips": ("趟数", "Trips"),
    "trucks": ("出车", "Trucks out"),
    "kept": ("已约守住", "Promises kept"),
    "new_slots": ("新给窗口", "New windows"),
    "deck_min": ("板上作业(分)", "At the deck (min)"),
    "deck_work": ("板上作业", "At the deck"),
    "buyer": ("客户", "Buyer"),
    "called": ("结果", "Result"),
    "carrier": ("承运商", "Carrier"),
    "collects": ("提车", "Collects"),
    "county": ("区县代码", "County code"),
    "departs": ("出发", "Departs"),
    "detail": ("说明", "Explanation"),
    "done_by": ("最晚结束", "Done by"),
    "drive_h": ("驾驶(时)", "Driving (h)"),
    "drive_min": ("驾驶(分)", "Drive (min)"),
    "driver": ("司机", "Driver"),
    "duty_h": ("工作(时)", "Duty (h)"),
    "ends": ("交付完", "Ends"),
    "faults": ("问题", "Faults"),
    "fix": ("最小补救", "Smallest fix"),
    "fix_cost": ("补救费用(元)", "Fix cost (CNY)"),
    "fix_kind": ("补救方式", "Kind of fix"),
    "item": ("项目", "Item"),
    "km": ("里程(km)", "Distance (km)"),
    "lat": ("纬度(WGS-84)", "Latitude (WGS-84)"),
    "leaves": ("离开", "Leaves"),
    "leaves_by": ("最晚出发", "Leaves by"),
    "leg_km": ("路段(km)", "Leg (km)"),
    "load_end": ("装车结束", "Loading ends"),
    "load_start": ("装车开始", "Loading starts"),
    "lon": ("经度(WGS-84)", "Longitude (WGS-84)"),
    "mode": ("交付方式", "Mode"),
    "model": ("车型", "Model"),
    "nearest": ("最接近的车", "Nearest truck"),
    "note": ("备注", "Note"),
    "order": ("订单号", "Order"),
    "overtime_h": ("加班(时)", "Overtime (h)"),
    "phone": ("电话", "Phone"),
    "plate": ("车牌", "Truck"),
    "position": ("板位", "Deck position"),
    "priority": ("优先级", "Priority"),
    "promised": ("已约", "Promised"),
    "proof": ("依据", "Proof"),
    "proved": ("已验证", "Proved"),
    "radius_m": ("位置误差(m)", "Position radius (m)"),
    "reason": ("原因", "Reason"),
    "required": ("还需客户提供", "Still needed"),
    "returns": ("回仓", "Returns"),
    "returns_latest": ("最晚回仓", "Returns at latest"),
    "row": ("行", "Row"),
    "say": ("通话内容", "What to say"),
    "seq": ("序", "No."),
    "sheet": ("表", "Sheet"),
    "slot": ("约定窗口", "Window"),
    "slot_end": ("窗口止", "Window ends"),
    "slot_start": ("窗口起", "Window starts"),
    "source": ("来源", "Source"),
    "specialist": ("交付专员", "Specialist"),
    "stops": ("台数", "Cars"),
    "text": ("内容", "Text"),
    "truck_kind": ("车辆类型", "Truck kind"),
    "unit": ("单位", "Unit"),
    "value": ("数值", "Value"),
    "vin": ("VIN", "VIN"),
    "wait_min": ("等候(分)", "Wait (min)"),
    "warehouse": ("仓库", "Warehouse"),
}
SHEETS: Final[Words] = {
    "routes": ("路线", "Routes"),
    "stops": ("停靠点", "Stops"),
    "left_behind": ("未安排", "Left behind"),
    "days": ("按天", "By day"),
    "specialists": ("专员", "Specialists"),
    "outsourced": ("外协", "Carriers"),
    "kpis": ("指标", "KPIs"),
    "sources": ("假设与来源", "Assumptions"),
    "skipped": ("跳过的行", "Skipped rows"),
    "to_rebook": ("改约", "To rebook"),
}
CALLS: Final[Words] = {
    "promised": ("已约，提醒", "Promised: remind"),
    "to_confirm": ("告知新窗口", "Tell the new window"),
    "needs_input": ("告知窗口，并补：", "Tell the window, ask for: "),
    "left_behind": ("今天送不了，另约", "Not delivered: find another day"),
    "left_promised": ("已约但送不了，致歉并另约", "Promised and not delivered: apologise, rebook"),
}
KPIS: Final[Words] = {
    "orders": ("订单", "Orders"),
    "served": ("已安排", "On trucks"),
    "left_behind": ("未安排", "Left behind"),
    "outsourced": ("外协", "With carriers"),
    "outsourced_cost": ("外协费用", "Paid to carriers"),
    "promises_kept": ("已约窗口守住", "Promises kept"),
    "new_slots": ("新给窗口", "New windows"),
    "trucks_used": ("出车", "Trucks out"),
    "trucks_idle": ("闲置车", "Trucks idle"),
    "km": ("总里程", "Distance"),
    "cost": ("总成本", "Cost"),
    "cost_per_car": ("单台成本", "Cost per car"),
    "done_by": ("最晚结束", "Done by"),
    "drive_h": ("驾驶", "Driving"),
    "duty_h": ("工作", "Duty"),
    "wait_h": ("等候", "Waiting"),
    "overtime_h": ("加班", "Overtime"),
    "tolls": ("过路费", "Tolls"),
    "expected_late": ("预计误点", "Late, expected"),
    "co2": ("碳排放（估算）", "CO2 (estimate)"),
    "last_return": ("最晚回仓", "Last return"),
}


def name_of(words: Words, code: str, lang: Language) -> str:
    """Name a code in the reader's language; a code from a newer version shows as it is."""
    return pick(words[code], lang) if code in words else code


def pick(pair: tuple[str, str], lang: Language) -> str:
    """Take the Chinese or the English of a pair."""
    return pair[0] if lang is Language.CHINESE else pair[1]
