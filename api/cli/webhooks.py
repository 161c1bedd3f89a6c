"""`flatbed webhooks`: who is told of events."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, DatabaseUrl
from api.cli.registry import new_app
from api.errors import ApiError
from api.settings import read_serving_settings

if TYPE_CHECKING:
    from api.events.relay.sending import Outcome
    from api.events.service import WebhookService
    from api.events.store import Endpoint

app = new_app(no_args_is_help=True)

Tenant = Annotated[str, typer.Option("--tenant", help="Whose events they are.")]
EndpointArgument = Annotated[str, typer.Argument(metavar="ENDPOINT_ID")]
Loopback = Annotated[
    bool,
    typer.Option(
        "--insecure-loopback", help="Let endpoints be on this machine, without TLS: for trials."
    ),
]


class MessageNotTaken(ApiError):
    """The receiver did not take a test message; the message says what it answered."""

    code = "webhook-test-failed"


@app.command()
def register(
    url: Annotated[str, typer.Argument(metavar="URL", help="https, on a public address.")],
    tenant: Tenant,
    description: Annotated[str, typer.Option("--description", help="Whose endpoint it is.")] = "",
    topics: Annotated[
        str, typer.Option("--topics", help="With commas between; docs/webhooks.md lists them.")
    ] = "",
    insecure_loopback: Loopback = False,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Register an endpoint, show its secret, once, and send a signed test. 登记接收地址"""
    wanted = [part.strip() for part in topics.split(",") if part.strip()]
    with _webhooks(database, insecure_loopback) as webhooks:
        endpoint, secret = webhooks.register(
            tenant, url=url, description=description, topics=wanted
        )
        outcome = webhooks.test(tenant, endpoint.id)
    if as_json:
        told = {**_told(endpoint), "secret": secret, "test": _outcome_told(outcome)}
        typer.echo(json.dumps(told))
        return
    typer.echo(secret)
    typer.echo(f"{endpoint.id}: keep the secret now, it is not shown again", err=True)
    typer.echo(f"test: {_outcome_words(outcome)}", err=True)


@app.command()
def test(
    endpoint_id: EndpointArgument,
    tenant: Tenant,
    insecure_loopback: Loopback = False,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Send a signed test message and say what the receiver answered. 发送测试"""
    with _webhooks(database, insecure_loopback) as webhooks:
        outcome = webhooks.test(tenant, endpoint_id)
    if not outcome.delivered:
        raise MessageNotTaken(f"the receiver did not take it: {_outcome_words(outcome)}")
    typer.echo(json.dumps(_outcome_told(outcome)) if as_json else _outcome_words(outcome))


@app.command("list")
def list_endpoints(tenant: Tenant, database: DatabaseUrl = "", as_json: AsJson = False) -> None:
    """List endpoints, and how many events wait for each, arrived, or died. 列出接收地址"""
    with _webhooks(database, False) as webhooks:
        rows = [(each, webhooks.counts(tenant, each.id)) for each in webhooks.endpoints(tenant)]
    if as_json:
        told = [{**_told(each), **counts} for each, counts in rows]
        typer.echo(json.dumps({"endpoints": told}, ensure_ascii=False))
        return
    for each, counts in rows:
        because = f" ({each.disabled_because})" if each.disabled_because else ""
        numbers = ", ".join(f"{count} {status}" for status, count in counts.items())
        typer.echo(f"{each.id}  {each.url}  {each.status}{because}  {numbers}")


@app.command()
def replay(
    endpoint_id: EndpointArgument,
    tenant: Tenant,
    event: Annotated[
        str, typer.Option("--event", help="This event alone; without it every dead letter.")
    ] = "",
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Send dead letters, or one event, once more. 重发"""
    with _webhooks(database, False) as webhooks:
        if event:
            webhooks.replay(tenant, endpoint_id, event)
            replayed = 1
        else:
            replayed = webhooks.replay_dead(tenant, endpoint_id)
    typer.echo(json.dumps({"replayed": replayed}) if as_json else f"{replayed} sent once more")


@contextmanager
def _webhooks(database_url: str, loopback: bool) -> Iterator["WebhookService"]:
    """Open the endpoints of a database that is brought up to date first."""
    from api.events.relay.policy import RelayPolicy
    from api.events.relay.sending import HttpSender
    from api.events.service import WebhookService
    from api.kit.clock import SystemClock
    from api.migrations.upgrade import upgrade
    from api.wiring import open_database, open_keyring

    settings = read_serving_settings()
    if database_url:
        settings = replace(settings, database_url=database_url)
    allow = loopback or settings.webhooks_loopback
    database = open_database(settings)
    try:
        upgrade(database)
        sender = HttpSender(timeout_s=RelayPolicy().timeout_s, allow_loopback=allow)
        yield WebhookService(
            database, SystemClock(), open_keyring(settings), sender, allow_loopback=allow
        )
    finally:
        database.close()


def _told(endpoint: "Endpoint") -> Mapping[str, object]:
    return {
        "endpoint_id": endpoint.id,
        "tenant": endpoint.tenant_id,
        "url": endpoint.url,
        "description": endpoint.description,
        "topics": list(endpoint.topics),
        "status": endpoint.status,
        "disabled_because": endpoint.disabled_because,
        "created_at": endpoint.created_at.isoformat(),
    }


def _outcome_told(outcome: "Outcome") -> Mapping[str, object]:
    return {
        "delivered": outcome.delivered,
        "status": outcome.status,
        "error": outcome.error,
    }


def _outcome_words(outcome: "Outcome") -> str:
    if outcome.delivered:
        return f"delivered, {outcome.status}"
    answered = "no answer" if outcome.status is None else f"answered {outcome.status}"
    return f"{answered}: {outcome.error}" if outcome.error else answered
