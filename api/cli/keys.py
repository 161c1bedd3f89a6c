"""`flatbed keys`: API keys of tenants and their clients."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, DatabaseUrl
from api.cli.registry import new_app
from api.errors import BadUsage
from api.settings import read_serving_settings

if TYPE_CHECKING:
    from api.keys.scopes import Scope
    from api.keys.service import KeyService, NewKey
    from api.keys.store import KeyRow

app = new_app(no_args_is_help=True)

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the key lives.")]


@app.command()
def create(
    tenant: Annotated[str, typer.Option("--tenant", help="Whose orders and windows it opens.")],
    client: Annotated[str, typer.Option("--client", help="The program that will use it.")],
    scopes: Annotated[
        str, typer.Option("--scopes", help="With commas between; docs/http-api.md lists them.")
    ] = "read,order:write",
    days: Days = 365,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, once. 新建密钥"""
    wanted = _scopes(scopes)
    with _keys(database) as keys:
        made = keys.create(
            tenant_id=tenant, client_id=client, scopes=wanted, lifetime=timedelta(days=days)
        )
    _show_new(made, as_json=as_json)


@app.command("list")
def list_keys(
    tenant: Annotated[str, typer.Option("--tenant", help="Only this tenant's.")] = "",
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """List keys, without their text. 列出密钥"""
    with _keys(database) as keys:
        rows = keys.listed(tenant or None)
    if as_json:
        typer.echo(json.dumps({"keys": [_told(row) for row in rows]}))
        return
    for row in rows:
        typer.echo("  ".join(_words(row)))


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID")],
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """End a key now. 吊销密钥"""
    with _keys(database) as keys:
        row = keys.revoke(key_id)
    typer.echo(json.dumps(_told(row)) if as_json else f"{row.id} revoked")


@app.command()
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID")],
    overlap_days: Annotated[
        int, typer.Option("--overlap-days", min=0, max=90, help="How long the old one lives on.")
    ] = 7,
    days: Days = 365,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make a client's next key, and let the old one live on for a while. 轮换密钥"""
    with _keys(database) as keys:
        made = keys.rotate(
            key_id, overlap=timedelta(days=overlap_days), lifetime=timedelta(days=days)
        )
    _show_new(made, as_json=as_json)


@contextmanager
def _keys(database_url: str) -> Iterator["KeyService"]:
    """Open the keys of a database that is brought up to date first."""
    from api.keys.service import KeyService
    from api.kit.clock import SystemClock
    from api.migrations.upgrade import upgrade
    from api.wiring import open_database

    settings = read_serving_settings()
    if database_url:
        settings = replace(settings, database_url=database_url)
    database = open_database(settings)
    try:
        upgrade(database)
        yield KeyService(database, SystemClock())
    finally:
        database.close()


def _scopes(text: str) -> "frozenset[Scope]":
    from api.keys.scopes import Scope

    named = {part.strip() for part in text.split(",") if part.strip()}
    if strange := named - set(Scope):
        raise BadUsage(f"--scopes {', '.join(sorted(strange))}: choose of {', '.join(Scope)}")
    return frozenset(Scope(each) for each in named)


def _show_new(made: "NewKey", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**_told(made.row), "key": made.text}))
        return
    typer.echo(made.text)
    typer.echo(f"{made.row.id}: keep it now, it is not shown again", err=True)


def _told(row: "KeyRow") -> Mapping[str, object]:
    return {
        "key_id": row.id,
        "tenant": row.tenant_id,
        "client": row.client_id,
        "prefix": f"flatbed_{row.prefix}",
        "scopes": sorted(row.scopes),
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _words(row: "KeyRow") -> tuple[str, ...]:
    return (
        row.id,
        f"flatbed_{row.prefix}",
        row.tenant_id,
        row.client_id,
        ",".join(sorted(row.scopes)),
        f"until {row.expires_at:%Y-%m-%d}",
        "revoked" if row.revoked_at else "",
    )
