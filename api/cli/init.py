"""`flatbed init`: empty sheets to fill in."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, Lang, language
from api.cli.registry import new_app

app = new_app()


@app.command()
def init(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="Folder; made if need be.")
    ],
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write empty order, truck and warehouse sheets to fill in. 生成空白表格

    Existing files are never overwritten.
    """
    from api.days.templates import write_templates

    written = write_templates(directory, language=language(lang))
    if as_json:
        typer.echo(json.dumps({"written": [str(path) for path in written]}, ensure_ascii=False))
    else:
        for path in written:
            typer.echo(str(path))
