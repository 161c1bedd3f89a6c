"""Options that several commands share, worded once."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.errors import BadUsage
from api.settings import Language, read_settings

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en; default: FLATBED_LANG, else zh.")]
DayDate = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The planned day, if the sheets name none."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed and inputs: same plan.")]
SkipFaulty = Annotated[
    bool, typer.Option("--skip-faulty", help="Plan without the faulty rows, and list them.")
]
Mask = Annotated[bool, typer.Option("--mask", help="Hide phone numbers on the driver's papers.")]
BansFile = Annotated[
    Path | None,
    typer.Option(
        "--bans", exists=True, dir_okay=False, help="Truck bans; default: DAY/bans.geojson."
    ),
]
DayPath = Annotated[Path, typer.Argument(metavar="DAY", exists=True, help="Folder or workbook.")]
DatabaseUrl = Annotated[
    str,
    typer.Option("--database", metavar="URL", help="Default: FLATBED_DATABASE_URL, else SQLite."),
]
PlanPath = Annotated[
    Path, typer.Argument(metavar="PLAN", exists=True, dir_okay=False, help="A plan.json.")
]


def language(chosen: str) -> Language:
    """Decide the language of what people read.

    Raises:
        BadUsage: a language Flatbed does not speak.
    """
    if not chosen:
        return read_settings().language
    if chosen not in set(Language):
        raise BadUsage(f"--lang {chosen}: choose zh or en")
    return Language(chosen)


def day_of(chosen: datetime | None) -> date | None:
    """Take the date of a --date option."""
    return None if chosen is None else chosen.date()
