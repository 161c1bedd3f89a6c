"""`flatbed serve`: the HTTP interface and everything that runs beside it, in one process."""

from dataclasses import replace
from typing import Annotated

import typer

from api.cli.options import DatabaseUrl
from api.cli.registry import new_app
from api.settings import read_serving_settings

app = new_app()


@app.command()
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; 0.0.0.0 for every network.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="0 takes any that is free.")
    ] = 8080,
    database: DatabaseUrl = "",
) -> None:
    """Serve the HTTP interface until it is told to end (Ctrl+C). 启动服务

    The database is brought up to this version first.
    """
    from api.serving.logs import install_logs
    from api.serving.server import Server, bound, standing_chores
    from api.wiring import open_services

    install_logs()
    settings = read_serving_settings()
    if database:
        settings = replace(settings, database_url=database)
    listening = bound(host, port)
    services = open_services(settings)
    name, its_port = listening.getsockname()[:2]
    typer.echo(f"http://{f'[{name}]' if ':' in name else name}:{its_port}")
    Server(services, standing_chores(services)).serve(listening)
