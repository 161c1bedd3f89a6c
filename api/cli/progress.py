"""Progress on stderr: one line that moves on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Final, TextIO

from api.settings import Language

if TYPE_CHECKING:
    from routing.planner import News

EVERY_S: Final = 5.0
"""Seconds between two lines where the line cannot move."""

PHASES: Final = {
    "compile": (
        "准备求解（首次使用需编译，约一分钟）",
        "preparing the search (the first use compiles it)",
    ),
    "search": ("求解", "searching"),
    "choose": ("组合线路", "choosing routes"),
    "explain": ("分析未安排订单", "explaining left-behind orders"),
    "audit": ("复核", "auditing"),
}


ROAD_STEPS: Final = {
    "ordering ": "准备路网",
    "reading the world's highways": "读取公路网（首次使用，约五秒）",
    "cutting China": "裁出中国公路网",
    "the kept cut": "重做公路网",
    "kept ": "公路网已存好",
    "travel times": "计算行驶时间",
    "building the kept matrix": "重算行驶时间",
    "listing counties": "列出县乡名称",
    "drawing the counties": "画县界（首次使用，约数秒）",
    "placing the townships": "给乡镇定位（首次使用，约十秒）",
    "reading the roads of": "读取道路文件",
    "loading counties": "读取县乡名称（首次使用，约 20 秒）",
    "reading the two ends": "读取起点和终点",
}
"""How the geodata floor, which speaks English only, begins the lines of its steps."""


@dataclass(slots=True)
class ProgressLine:
    """Says what is going on, without ever slowing it down."""

    lang: Language
    out: TextIO = field(default_factory=lambda: sys.stderr)
    _last_at: float = 0.0
    _last_text: str = ""

    def say(self, text: str) -> None:
        """Show a step, in Chinese words where that is the language."""
        if self.lang is Language.CHINESE:
            begun = (zh for english, zh in ROAD_STEPS.items() if text.startswith(english))
            text = next(begun, text)
        if self.out.isatty():
            self.out.write(f"\r\x1b[2K{text}")
        elif text != self._last_text:
            self.out.write(text + "\n")
        self._last_text = text
        self.out.flush()

    def news(self, news: News) -> None:
        """Show what the planner says."""
        chinese = self.lang is Language.CHINESE
        name = PHASES[news.phase.value][0 if chinese else 1]
        if not self.out.isatty() and news.share and monotonic() - self._last_at < EVERY_S:
            return
        self._last_at = monotonic()
        text = f"{name} {news.share:4.0%}" if news.share else name
        if (found := news.search) is not None:
            orders = f"{found.served}/{found.orders}"
            yuan = f"{found.cost / 100:,.0f}"
            text += (
                f"  {orders} 单 · {found.trucks} 车 · 含未安排代价 {yuan} 元"
                if chinese
                else f"  {orders} orders, {found.trucks} trucks, {yuan} yuan with those left behind"
            )
        self.say(text)

    def end(self) -> None:
        """Leave the line."""
        if self.out.isatty() and self._last_text:
            self.out.write("\r\x1b[2K")
            self.out.flush()


@contextmanager
def cancel_on_interrupt(line: ProgressLine) -> Iterator[list[bool]]:
    """Turn the first Ctrl-C into a wish to stop with what there is; the second one ends all.

    Yields a list that is empty until then.
    """
    asked: list[bool] = []

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)
        chinese = line.lang is Language.CHINESE
        line.say(
            "正在停止，保留当前最好的方案" if chinese else "stopping with the best plan so far"
        )

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
