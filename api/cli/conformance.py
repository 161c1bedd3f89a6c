"""`flatbed conformance`: does a running Flatbed keep its word to integrators?"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson
from api.cli.registry import new_app
from api.errors import ApiError

if TYPE_CHECKING:
    from api.conformance.running import Result

app = new_app()


class WordBroken(ApiError):
    """The deployment does something that integrators were promised it does not, or not something
    that they were; the table says what."""

    code = "word-broken"


class NotReached(ApiError):
    """The deployment that was named gives no answer, or refuses the key."""

    code = "not-reached"


@app.command()
def conformance(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of a running Flatbed, without /v1.")],
    key: Annotated[
        str, typer.Option("--key", help="Of a throw-away tenant: read,order:write,admin.")
    ],
    other_key: Annotated[
        str, typer.Option("--other-key", help="Of another tenant, for what it must not see.")
    ] = "",
    orders: Annotated[
        str, typer.Option("--orders", help="Order ids to sell to, with commas; default: the kept.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check what integrators are promised, and print a table. 接口合规检查

    Holds, books and cancels windows of the key's tenant. Code 1 if a promise is broken; what cannot
    be checked (no order to sell to, no second key) is told as skipped.
    """
    from api.client import ClientError
    from api.conformance.running import Verdict, ground_at, results

    found: list[Result] = []
    names = tuple(filter(None, orders.split(",")))
    try:
        with ground_at(url, key=key, other_key=other_key, orders=names) as ground:
            for result in results(ground):
                found.append(result)
                if not as_json:
                    typer.echo(_line(result))
    except ClientError as error:
        raise NotReached(f"{url}: {error}") from error
    count = {each: sum(result.verdict is each for result in found) for each in Verdict}
    if as_json:
        checks = [asdict(result) for result in found]
        typer.echo(json.dumps({"checks": checks, **count}, ensure_ascii=False))
    else:
        typer.echo(", ".join(f"{number} {verdict}" for verdict, number in count.items()))
    if count[Verdict.BROKEN]:
        raise WordBroken(f"{count[Verdict.BROKEN]} of {len(found)} promises are broken")


def _line(result: "Result") -> str:
    why = f": {result.detail}" if result.detail else ""
    return f"{result.verdict:<8} {result.took_ms:>6} ms  {result.claim}{why}"
