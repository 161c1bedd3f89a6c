"""`flatbed fake-order-system`: sells windows of a running Flatbed as an order system would."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson
from api.cli.registry import new_app
from api.errors import ApiError, BadUsage

if TYPE_CHECKING:
    from api.fake_orders.running import Report

app = new_app()


class PicturesDiffer(ApiError):
    """What events told is not what Flatbed says; the message lists where."""

    code = "pictures-differ"


class FlatbedAway(ApiError):
    """The Flatbed that was named gives no answer, or refuses the key."""

    code = "flatbed-away"


@app.command()
def fake_order_system(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of a running Flatbed, without /v1.")],
    key: Annotated[
        str, typer.Option("--key", help="An API key: read,order:write, and admin for a webhook.")
    ],
    orders: Annotated[
        Path | None,
        typer.Option(
            "--orders", exists=True, dir_okay=False, help="JSON list of order rows to put first."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Orders that are sold to.")] = 50,
    state: Annotated[
        Path | None, typer.Option("--state", help="File to remember in; default: nothing is kept.")
    ] = None,
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Where messages come in.")
    ] = "127.0.0.1:0",
    told_url: Annotated[
        str, typer.Option("--webhook-url", help="How Flatbed reaches that; default: the same.")
    ] = "",
    lose: Annotated[
        float, typer.Option("--lose", min=0.0, max=1.0, help="Share of messages to forget.")
    ] = 0.0,
    repeat: Annotated[
        float, typer.Option("--repeat", min=0.0, max=1.0, help="Share to answer with an error.")
    ] = 0.0,
    wait_s: Annotated[
        float, typer.Option("--wait", min=0.0, help="Seconds to wait for messages.")
    ] = 10.0,
    seed: Annotated[int, typer.Option("--seed", help="What buyers do.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Search, hold, pay, book, hear of it by webhook and feed, and compare. 模拟订单系统

    Every order that Flatbed keeps is sold a window, or those of --orders. Code 1 if what events
    told is not what Flatbed says.
    """
    import tempfile

    from api.client import ClientError, Flatbed
    from api.fake_orders.door import Troubles
    from api.fake_orders.memory import Memory
    from api.fake_orders.running import Plan, run
    from api.kit.clock import SystemClock

    host, port = _place(listen)
    rows = _rows(orders) if orders else {}
    with tempfile.TemporaryDirectory() as folder, Flatbed(url, key=key) as flatbed:
        memory = Memory(state or Path(folder) / "orders.db")
        try:
            names = list(rows) or [str(each["id"]) for each in flatbed.orders()]
            plan = Plan(
                orders=names[:most],
                rows=rows,
                host=host,
                port=port,
                told_url=told_url,
                troubles=Troubles(lose=lose, repeat=repeat),
                wait_s=wait_s,
                seed=seed,
            )
            report = run(flatbed, memory, SystemClock(), plan)
        except ClientError as error:
            raise FlatbedAway(f"{url}: {error}") from error
        finally:
            memory.close()
    _show(report, as_json=as_json)
    if report.differences:
        raise PicturesDiffer("; ".join(report.differences))


def _place(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal() and int(port) < 65_536):
        raise BadUsage(f"--listen is {listen!r}: write HOST:PORT")
    return host, int(port)


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(row["order_id"]): row for row in told}
    except (ValueError, TypeError, KeyError) as error:
        raise BadUsage(f"{path} is not a JSON list of rows, each with its order_id") from error


def _show(report: "Report", *, as_json: bool) -> None:
    if as_json:
        told = {
            "orders": dict(report.steps),
            "by_webhook": report.by_webhook,
            "by_feed": report.by_feed,
            "webhook_refused": report.refused,
            "differences": list(report.differences),
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    counts = ", ".join(f"{count} {step}" for step, count in sorted(report.steps.items()))
    typer.echo(f"orders: {counts or 'none'}")
    without = f" (no webhook: {report.refused})" if report.refused else ""
    typer.echo(f"events: {report.by_webhook} by webhook, {report.by_feed} by the feed{without}")
    typer.echo(f"differences: {len(report.differences)}")
