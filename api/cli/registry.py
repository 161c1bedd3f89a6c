"""Every command of `flatbed`, with the words `--help` shows.

`flatbed --help` reads this table and imports no command. A command's module is imported when the
command is chosen; it defines `app = new_app()` with one command, or with several for a group, and
keeps heavy imports (maps, solver, spreadsheets) inside its functions.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command: its name, the module behind it and its line in the help."""

    name: str
    module: str
    summary: str


ENTRIES: Final = (
    Entry(
        name="init",
        module="api.cli.init",
        summary="Write empty order, truck and warehouse sheets to fill in. 生成空白表格",
    ),
    Entry(
        name="plan",
        module="api.cli.plan",
        summary="Plan a day: who brings which car, when, and why not. 排线",
    ),
    Entry(
        name="audit",
        module="api.cli.audit",
        summary="Check a plan against its day, independently of the planner. 复核",
    ),
    Entry(
        name="repair",
        module="api.cli.repair",
        summary="Mend a plan after something has happened, changing as little as can be. 改派",
    ),
    Entry(
        name="explain",
        module="api.cli.explain",
        summary="Say where one order is in a plan, or why it was left behind. 解释",
    ),
    Entry(
        name="export",
        module="api.cli.export",
        summary="Write a plan as a workbook, manifests, a map or a text. 导出",
    ),
    Entry(
        name="demo",
        module="api.cli.demo",
        summary="Invent a realistic day, plan it and write everything. 演示",
    ),
    Entry(
        name="bench",
        module="api.cli.bench",
        summary="Run engines on instances and check what they find. 基准测试",
    ),
    Entry(
        name="geo",
        module="api.cli.geo",
        summary="Counties, addresses and roads: build, check, locate, matrix, route. 地理",
    ),
    Entry(
        name="webhooks",
        module="api.cli.webhooks",
        summary="Who is told of events: register, test, list, replay. 事件推送",
    ),
    Entry(
        name="serve",
        module="api.cli.serve",
        summary="Serve the HTTP interface of the promise book. 启动服务",
    ),
    Entry(
        name="fake-order-system",
        module="api.cli.fake_order_system",
        summary="Sell windows of a running Flatbed as an order system would. 模拟订单系统",
    ),
    Entry(
        name="conformance",
        module="api.cli.conformance",
        summary="Check that a running Flatbed keeps its word to integrators. 接口合规检查",
    ),
    Entry(
        name="keys",
        module="api.cli.keys",
        summary="API keys: create, list, revoke, rotate. 接口密钥",
    ),
)


def new_app(**settings: Any) -> typer.Typer:  # noqa: ANN401 - handed on to Typer as they are
    """Make the Typer app of a command module.

    Plain help and no completion options: importing rich for `--help` alone costs 0.3 s.
    """
    return typer.Typer(add_completion=False, rich_markup_mode=None, **settings)


def load(entry: Entry) -> TyperCommand | TyperGroup:
    """Import the module of a command and build it.

    Raises:
        TypeError: the module has no `app` that Typer can turn into a command.
    """
    app = getattr(import_module(entry.module), "app", None)
    if not isinstance(app, typer.Typer):
        raise TypeError(f"{entry.module} needs `app = new_app()`")
    command = typer.main.get_command(app)
    if not isinstance(command, (TyperCommand, TyperGroup)):
        raise TypeError(f"{entry.module}.app is neither a command nor a group")
    command.name = entry.name
    return command
