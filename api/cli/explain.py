"""`flatbed explain`: where one order is in a plan, or why it was left behind."""

import json
from typing import Annotated

import typer

from api.cli.options import AsJson, Lang, PlanPath, language
from api.cli.registry import new_app

app = new_app()


@app.command()
def explain(
    plan: PlanPath,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Order number or VIN.")],
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Say where one order is in a plan, or why it was left behind. 解释"""
    from api.days.documents.order_story import order_story, story_text
    from routing.plan_json import read_plan

    story = order_story(read_plan(plan), order)
    if as_json:
        typer.echo(json.dumps(story.as_json(), ensure_ascii=False))
    else:
        typer.echo(story_text(story, lang=language(lang)), nl=False)
