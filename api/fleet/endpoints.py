"""`/v1/trucks`, `/v1/drivers`, ... `/v1/settings` and `/v1/imports`: what a day stands on."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import StringConstraints
from starlette.responses import Response

from api.days.intake.faults import Fault
from api.days.records.errors import UnknownRecord
from api.days.records.keys import KEY_PATTERN, SETTINGS
from api.days.records.store import Record
from api.fleet.errors import BadUpload
from api.fleet.importing import Importer
from api.fleet.schemas import ImportIn, ImportOut
from api.fleet.service import FLEET_SHEETS, FleetService
from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.pages import Cursor, Limit, read_cursor, write_cursor
from api.kit.problem_docs import says_no
from api.orders.answering import MaybeSeen, kept, shown
from api.orders.row_models import SINGULAR, key_field, row_model
from api.orders.schemas import WarningOut, page_out, row_out, told
from api.settings import Language

Writer = Annotated[Caller, caller(Scope.PLAN_RUN)]
Reader = Annotated[Caller, caller(Scope.READ)]
Admin = Annotated[Caller, caller(Scope.ADMIN)]
WARNINGS_MOST: Final = 200


def router(
    fleet: FleetService, imports: Importer, *, language: Language = Language.ENGLISH
) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["fleet"])
    for sheet in FLEET_SHEETS:
        _rows(routes, fleet, sheet, language)
    _settings(routes, fleet, language)

    @routes.post("/imports", response_model=ImportOut, responses=says_no(409))
    def import_day(who: Writer, body: ImportIn) -> ImportOut:
        """Keep a whole day's sheets, all or nothing.

        They are read as `flatbed plan` reads a folder, beside the sheets that are kept and do not
        come. A sheet that comes takes the place of the one before; orders are added and changed,
        never taken away. All faults are told at once, with file, row and column.
        """
        files = {name: _bytes(text) for name, text in body.files.items()}
        if body.day is not None:
            files["day.json"] = json.dumps(body.day, ensure_ascii=False).encode()
        done = imports.take(who.tenant_id, files)
        return ImportOut(
            counts=dict(done.counts),
            day=done.day,
            warnings=[WarningOut.of(each, language) for each in done.warnings[:WARNINGS_MOST]],
        )

    return routes


def _rows(routes: APIRouter, fleet: FleetService, sheet: str, language: Language) -> None:
    """Add the routes of one sheet."""
    one, many = SINGULAR[sheet], "stock_cars" if sheet == "stock" else sheet
    row, out, page = row_model(sheet), row_out(sheet), page_out(sheet)
    field = "deck_id" if sheet == "decks" else key_field(sheet)
    key_type = Annotated[
        str,
        StringConstraints(pattern=f"^{KEY_PATTERN}$"),
        Path(alias=field, description=f"Id of the {one.replace('_', ' ')}."),
    ]
    words = one.replace("_", " ")

    def put(who: Writer, key: Any, body: Any, seen: MaybeSeen) -> Response:  # noqa: ANN401  # made from the columns
        cells = body.model_dump(exclude_unset=True, mode="json")
        cells.pop(key_field(sheet), None)
        done = fleet.put(who.tenant_id, sheet, key, cells, expected=seen)
        warnings = [each for each in done.warnings if each.where.sheet == sheet]
        return kept(
            out,
            _said(done.written.record, language, warnings=warnings),
            created=done.written.created,
            location=f"/v1/{sheet}/{key}",
        )

    put.__doc__ = (
        f"Keep a {words}, new or in the place of the one before, if it can be read beside all "
        "other rows; what is wrong is told together in `faults`."
    )
    put.__annotations__ |= {"key": key_type, "body": row}
    routes.put(
        f"/{sheet}/{{{field}}}",
        name=f"put_{one}",
        response_model=out,
        responses={201: {"model": out, "description": "Created"}, **says_no(409, 412)},
    )(put)

    def read(who: Reader, key: Any) -> Response:  # noqa: ANN401  # made from the columns
        record = fleet.show(who.tenant_id, sheet, key)
        return shown(out, _said(record, language), version=record.version)

    read.__doc__ = f"Read a {words}."
    read.__annotations__ |= {"key": key_type}
    routes.get(
        f"/{sheet}/{{{field}}}", name=f"read_{one}", response_model=out, responses=says_no(404)
    )(read)

    def remove(who: Writer, key: Any, seen: MaybeSeen) -> Response:  # noqa: ANN401  # made from the columns
        fleet.remove(who.tenant_id, sheet, key, expected=seen)
        return Response(status_code=204)

    remove.__doc__ = f"Take a {words} away, if no other row needs it."
    remove.__annotations__ |= {"key": key_type}
    routes.delete(
        f"/{sheet}/{{{field}}}",
        name=f"delete_{one}",
        status_code=204,
        responses=says_no(404, 409, 412),
    )(remove)

    def listed(who: Reader, limit: Limit = 50, cursor: Cursor = None) -> Response:
        after = None
        if cursor is not None:
            place, key = read_cursor(cursor, sheet, int, str)
            after = int(place), str(key)
        found = fleet.listed(who.tenant_id, sheet, after=after, limit=limit + 1)
        more = len(found) > limit
        last = found[limit - 1] if more else None
        return shown(
            page,
            {
                "items": [_said(each, language) for each in found[:limit]],
                "next_cursor": "" if last is None else write_cursor(sheet, last.place, last.key),
            },
        )

    listed.__doc__ = f"List {many.replace('_', ' ')} in the order in which they came."
    routes.get(f"/{sheet}", name=f"list_{many}", response_model=page, responses=says_no())(listed)


def _settings(routes: APIRouter, fleet: FleetService, language: Language) -> None:
    row, out = row_model(SETTINGS), row_out(SETTINGS)

    def put_settings(who: Admin, body: Any, seen: MaybeSeen) -> Response:  # noqa: ANN401  # made from the columns
        """Keep the settings of the company's days in the place of those before.

        Those that only say which day is planned (`date`, `days`) come with the question.
        """
        cells = body.model_dump(exclude_unset=True, mode="json")
        done = fleet.put_settings(who.tenant_id, cells, expected=seen)
        return kept(
            out,
            _said(done.written.record, language),
            created=done.written.created,
            location="/v1/settings",
        )

    put_settings.__annotations__["body"] = row
    routes.put(
        "/settings",
        response_model=out,
        responses={201: {"model": out, "description": "Created"}, **says_no(412)},
    )(put_settings)

    @routes.get("/settings", response_model=out, responses=says_no(404))
    def read_settings(who: Reader) -> Response:
        """Read the settings; 404 where nobody has put any: then every default holds."""
        record = fleet.settings(who.tenant_id)
        if record is None:
            raise UnknownRecord("nobody has put any settings: every default holds", sheet=SETTINGS)
        return shown(out, _said(record, language), version=record.version)


def _said(record: Record, language: Language, *, warnings: Sequence[Fault] = ()) -> dict[str, Any]:
    return told(record, warnings=warnings, language=language)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadUpload("a file is not base64: send its bytes in base64") from error
