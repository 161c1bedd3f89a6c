"""`flatbed geo`: counties, addresses and roads."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.geo_text import (
    Answer,
    built_text,
    checked_text,
    located_text,
    matrix_text,
    route_text,
)
from api.cli.options import AsJson, Lang, day_of, language
from api.cli.progress import ProgressLine
from api.cli.registry import new_app
from api.errors import BadUsage, FaultyInput
from api.settings import Language, read_settings

app = new_app(help="Counties, addresses and roads. 地理数据", no_args_is_help=True)

AddressArguments = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ADDRESS]...", help="Addresses; without any, lines of stdin."),
]
CorrectionsFile = Annotated[
    Path | None,
    typer.Option("--corrections", exists=True, dir_okay=False, help="Remembered corrections."),
]
OsmFile = Annotated[
    Path | None,
    typer.Option("--osm", exists=True, dir_okay=False, help="OSM extract, the finer network."),
]
Bans = Annotated[
    Path | None,
    typer.Option("--bans", exists=True, dir_okay=False, help="Truck bans; default: none."),
]
TripDate = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the trip; default: tomorrow."),
]


@app.command()
def build(lang: Lang = "", as_json: AsJson = False) -> None:
    """Build county tables, polygons and the road network, once per machine."""
    from geodata import cli_places, cli_roads

    def work(say: Callable[[str], None], cache_dir: Path) -> Answer:
        return {
            "places": cli_places.build(cache_dir=cache_dir, progress=say),
            "roads": cli_roads.build(cache_dir=cache_dir, progress=say),
        }

    _answer(work, built_text, lang=lang, as_json=as_json)


@app.command()
def check(bans: Bans = None, lang: Lang = "", as_json: AsJson = False) -> None:
    """Say versions, counts, licences and the ages of all dated files; read every one of them."""
    from api.kit.clock import SystemClock
    from geodata import cli_places, cli_roads

    def work(say: Callable[[str], None], cache_dir: Path) -> Answer:
        today = SystemClock().now().date()
        return {
            "places": cli_places.check(today=today, cache_dir=cache_dir, progress=say),
            "roads": cli_roads.check(cache_dir=cache_dir, bans_path=bans, progress=say),
        }

    _answer(work, checked_text, lang=lang, as_json=as_json)


@app.command()
def locate(
    addresses: AddressArguments = None,
    corrections: CorrectionsFile = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Say where addresses are: county, point and radius, or that it is ambiguous or unknown.

    Reads stdin line by line and answers each line at once, with --json one object a line.
    """
    from api.cli.address_lines import decode, read_lines
    from geodata.addresses import Located, Status, load_locator
    from geodata.cli_locate import locate_line, located_to_json, to_json_line
    from geodata.corrections import Corrections

    spoken = language(lang)
    remembered = Corrections.load(corrections) if corrections else None
    with _progress(spoken) as say:
        say("loading counties and townships (the first use builds them, about 20 s)")
        locator = load_locator(read_settings().cache_dir)
    lines: Iterator[str | None] = (
        (decode(os.fsencode(each)) for each in addresses)
        if addresses
        else read_lines(sys.stdin.buffer)
    )
    if not addresses and sys.stdin.isatty():
        chinese = spoken is Language.CHINESE
        told = "每行一个地址，Ctrl-D 结束" if chinese else "one address a line, Ctrl-D ends"
        typer.echo(told, err=True)
    for text in lines:
        if text is None:
            row = located_to_json(Located(status=Status.UNKNOWN, why="the line is not UTF-8"))
        else:
            row = locate_line(text, locator=locator, corrections=remembered)
        shown = "\ufffd" if text is None else text
        told = to_json_line(row) if as_json else located_text(shown, row, lang=spoken)
        # Bytes: programs read UTF-8 whatever the console's own encoding is; echo flushes.
        typer.echo(f"{told}\n".encode() if as_json else told, nl=not as_json)


@app.command()
def matrix(
    places: Annotated[
        Path,
        typer.Argument(metavar="PLACES", exists=True, dir_okay=False, help="CSV: id,lat,lon,..."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write (.npz).")],
    truck_class: Annotated[
        list[str] | None, typer.Option("--truck-class", help="Repeatable; default: flatbed-1.")
    ] = None,
    date: TripDate = None,
    bans: Bans = None,
    osm: OsmFile = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Compute travel times and distances between all places of a CSV file."""
    from geodata import cli_roads

    classes = [_known_class(name) for name in truck_class or ["flatbed-1"]]
    if out.suffix != ".npz":
        raise BadUsage(f"-o {out}: name a file that ends in .npz")

    def work(say: Callable[[str], None], cache_dir: Path) -> Answer:
        return cli_roads.matrix(
            places,
            out,
            truck_classes=classes,
            date=_trip_day(date),
            bans_path=bans,
            extract=osm,
            cache_dir=cache_dir,
            progress=say,
        )

    _answer(work, matrix_text, lang=lang, as_json=as_json)


@app.command()
def route(
    start: Annotated[str, typer.Argument(metavar="FROM", help="'lat,lon' or an address.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="'lat,lon' or an address.")],
    truck_class: Annotated[str, typer.Option("--truck-class", help="Road class.")] = "flatbed-1",
    date: TripDate = None,
    departure: Annotated[str, typer.Option("--departure", help="HH:MM.")] = "09:00",
    datum: Annotated[
        str, typer.Option("--datum", help="Of 'lat,lon': wgs84, gcj02 or bd09.")
    ] = "wgs84",
    bans: Bans = None,
    osm: OsmFile = None,
    corrections: CorrectionsFile = None,
    geojson: Annotated[
        Path | None, typer.Option("--geojson", help="File for the line of the route.")
    ] = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Compute one route: kilometres, time, toll and its line."""
    from api.cli.endpoints import EndpointReader
    from geodata import cli_roads
    from geodata.corrections import Corrections
    from geodata.datum import Datum
    from geodata.rows import clock_s

    departure_s = clock_s(departure)
    if departure_s is None:
        raise BadUsage(f"--departure {departure}: give a time of day such as 09:00")
    if datum not in set(Datum):
        raise BadUsage(f"--datum {datum}: choose {', '.join(Datum)}")
    name = _known_class(truck_class)

    def work(say: Callable[[str], None], cache_dir: Path) -> Answer:
        say("reading the two ends")
        reader = EndpointReader(
            lang=language(lang),
            datum=Datum(datum),
            abroad=osm is not None,
            corrections=Corrections.load(corrections) if corrections else Corrections(),
            cache_dir=cache_dir,
        )
        ends = reader.read(start, name="FROM"), reader.read(end, name="TO")
        if ends[0] is None or ends[1] is None:
            raise FaultyInput(
                tuple(reader.faults),
                undone="there is no route",
                undone_zh="没有路线",
                chinese=language(lang) is Language.CHINESE,
            )
        return cli_roads.route(
            ends[0],
            ends[1],
            truck_class=name,
            date=_trip_day(date),
            departure_s=departure_s,
            bans_path=bans,
            extract=osm,
            cache_dir=cache_dir,
            progress=say,
        )

    answer = _answer(work, route_text, lang=lang, as_json=as_json)
    if geojson is not None:
        nowhere = {"type": "Feature", "properties": {"reachable": False}, "geometry": None}
        feature = json.dumps(answer["geometry"] or nowhere, ensure_ascii=False)
        geojson.parent.mkdir(parents=True, exist_ok=True)
        geojson.write_text(feature, encoding="utf-8")


def _answer(
    work: Callable[[Callable[[str], None], Path], Answer],
    text: Callable[..., str],
    *,
    lang: str,
    as_json: bool,
) -> Mapping[str, Any]:
    """Do the work with progress on stderr; print its answer, and return it."""
    spoken = language(lang)
    with _progress(spoken) as say:
        answer = work(say, read_settings().cache_dir)
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else text(answer, lang=spoken))
    return answer


@contextmanager
def _progress(lang: Language) -> Iterator[Callable[[str], None]]:
    """Show steps on stderr, and leave no half line behind."""
    line = ProgressLine(lang)
    try:
        yield line.say
    finally:
        line.end()


def _known_class(name: str) -> str:
    from geodata.truck_classes import load_truck_classes

    known = load_truck_classes()
    if name not in known:
        raise BadUsage(f"--truck-class {name}: choose {', '.join(known)}")
    return name


def _trip_day(chosen: datetime | None) -> date:
    from api.kit.clock import SystemClock, tomorrow

    return day_of(chosen) or tomorrow(SystemClock())
