"""What `flatbed geo` says to people. Every function takes the object that `--json` prints."""

from collections.abc import Mapping
from typing import Any, Final

from api.settings import Language

Answer = Mapping[str, Any]

STALE_DAYS: Final = 365
"""Figures older than this are pointed at."""


def printable(text: str) -> str:
    """Hide control characters, so that no address can steer the terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def located_text(address: str, row: Answer, *, lang: Language) -> str:
    """Say in one line where an address is, or what is missing in it."""
    chinese = lang is Language.CHINESE
    shown = printable(address)
    if row["status"] == "ok":
        where = f"{row['county_name']} {row['township'] or ''}".rstrip()
        km = row["radius_m"] / 1_000
        near = f"误差 {km:.1f} 公里内" if chinese else f"within {km:.1f} km"
        return f"{shown} → {where}  {row['lat']:.6f},{row['lon']:.6f}  {near}"
    if row["status"] == "ambiguous":
        names = [each["county_name"] for each in row["candidates"]]
        if chinese:
            return f"{shown} → 有歧义，可能是：{'、'.join(names)}。请补全省、市、区县"
        return f"{shown} → ambiguous: {', '.join(names)}. {row['why']}"
    if chinese:
        return f"{shown} → 查不到。请写明省、市、区县"
    return f"{shown} → unknown: {row['why']}"


def built_text(answer: Answer, *, lang: Language) -> str:
    """Say what was built and where it is kept."""
    places, roads = answer["places"], answer["roads"]
    if lang is Language.CHINESE:
        return (
            f"{_places(places, lang=lang)}\n"
            f"路网：{roads['nodes']:,} 个节点，{roads['arcs']:,} 条有向路段"
            f"（引擎 {roads['router']}）\n"
            f"缓存目录：{places['cache']}"
        )
    return (
        f"{_places(places, lang=lang)}\n"
        f"roads: {roads['nodes']:,} nodes, {roads['arcs']:,} arcs (engine {roads['router']})\n"
        f"kept in {places['cache']}"
    )


def checked_text(answer: Answer, *, lang: Language) -> str:
    """List counts, sources with licences, dated files with their age, and what to print."""
    chinese = lang is Language.CHINESE
    places, roads = answer["places"], answer["roads"]
    islands = roads["islands"]
    cut_off = sum(not island["reachable"] for island in islands)
    lines = [_places(places, lang=lang)]
    lines.append(
        f"路网：{roads['nodes']:,} 个节点，{roads['road_km']:,} 公里；陆块 {len(islands)} 个，"
        f"其中 {cut_off} 个无路可达"
        if chinese
        else f"roads: {roads['nodes']:,} nodes, {roads['road_km']:,} km; {len(islands)} pieces of "
        f"land, {cut_off} of them unreachable"
    )
    lines += ["", "数据来源" if chinese else "Sources"]
    for source in places["data"]:
        lines.append(f"  {source['package']} {source['version']}  {source['licence']}")
        if source["caution"]:
            lines.append(f"    ! {source['caution']}")
    lines += ["", "配置文件" if chinese else "Dated files"]
    for file in places["files"]:
        age = f"{file['age_days']} 天前" if chinese else f"{file['age_days']} days old"
        mark = "! " if file["age_days"] > STALE_DAYS else ""
        lines.append(f"  {mark}{file['file']}  {file['date']} ({age})  {file['source']}")
    for year in places["holidays_unpublished"]:
        lines.append(
            f"  ! {year} 年放假安排尚未收录：调休日可能有误"
            if chinese
            else f"  ! the holiday notice of {year} is not known: make-up workdays may be missing"
        )
    shown = "对外展示时须注明" if chinese else "Print this with every map or export"
    return "\n".join([*lines, "", shown, f"  {places['attribution']}"])


def matrix_text(answer: Answer, *, lang: Language) -> str:
    """Say what the matrix holds."""
    pairs, cut = answer["places"] * (answer["places"] - 1), answer["unreachable_legs"]
    classes = ", ".join(answer["truck_classes"])
    bands = len(answer["band_starts_s"])
    longest = _duration(answer["longest_s"], lang=lang)
    if lang is Language.CHINESE:
        return (
            f"{answer['file']}：{answer['places']} 个地点，{pairs} 条线段，车型 {classes}，"
            f"{bands} 个出发时段；无路可达 {cut} 条；最长 {longest}"
        )
    return (
        f"{answer['file']}: {answer['places']} places, {pairs} legs, {classes}, {bands} departure "
        f"bands; {cut} unreachable; the longest takes {longest}"
    )


def route_text(answer: Answer, *, lang: Language) -> str:
    """Describe one leg."""
    chinese = lang is Language.CHINESE
    head = f"{printable(answer['from'])} → {printable(answer['to'])}  {answer['truck_class']}"
    straight = answer["straight_km"]
    sources = [f"  {source}" for source in answer["sources"]]
    if not answer["reachable"]:
        told = (
            f"无路可达（直线 {straight} 公里）"
            if chinese
            else f"unreachable ({straight} km straight)"
        )
        return "\n".join([head, told, *sources])
    hours, minutes = divmod(answer["departure_s"] // 60, 60)
    drive = _duration(answer["seconds"], lang=lang)
    yuan = f"{answer['toll_minor'] / 100:,.0f}"
    told = (
        f"{answer['km']} 公里，行驶 {drive}（{hours:02d}:{minutes:02d} 出发），"
        f"通行费约 {yuan} 元，直线 {straight} 公里"
        if chinese
        else f"{answer['km']} km, {drive} at the wheel (leaving {hours:02d}:{minutes:02d}), "
        f"tolls about {yuan} yuan, {straight} km straight"
    )
    return "\n".join([head, told, *sources])


def _places(places: Answer, *, lang: Language) -> str:
    if lang is Language.CHINESE:
        return (
            f"区县 {places['counties']:,} 个（大陆 {places['mainland_counties']:,}），"
            f"边界 {places['polygons']:,} 个，乡镇 {places['townships']:,} 个"
            f"（有坐标 {places['township_points']:,}），历史区划 {places['former_counties']:,} 条"
        )
    return (
        f"{places['counties']:,} counties ({places['mainland_counties']:,} on the mainland), "
        f"{places['polygons']:,} polygons, {places['townships']:,} townships "
        f"({places['township_points']:,} with a point), {places['former_counties']:,} former ones"
    )


def _duration(seconds: int, *, lang: Language) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if lang is Language.CHINESE:
        return f"{hours} 小时 {minutes:02d} 分"
    return f"{hours} h {minutes:02d} min"
