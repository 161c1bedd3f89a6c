"""One document on its own: `flatbed export OUT/plan.json --format FORMAT`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from api.days.documents.write import Papers, render_file, specialist_texts, truck_texts
from api.errors import BadUsage
from routing.plan import Plan


class Format(StrEnum):
    """What can be exported. Published: never rename."""

    JSON = "json"
    XLSX = "xlsx"
    PDF = "pdf"
    HTML = "html"
    GEOJSON = "geojson"
    GPX = "gpx"
    TEXT = "text"
    ICS = "ics"
    SLOTS_CSV = "slots-csv"
    SLOTS_JSON = "slots-json"
    BOOKDATE = "bookdate"
    LEFT_BEHIND = "left-behind"
    CALLS = "calls"


FILE_NAMES: Final = {
    Format.JSON: "plan.json",
    Format.XLSX: "plan.xlsx",
    Format.PDF: "manifests.pdf",
    Format.HTML: "plan.html",
    Format.GEOJSON: "plan.geojson",
    Format.GPX: "routes.gpx",
    Format.TEXT: "trucks.txt",
    Format.ICS: "plan.ics",
    Format.SLOTS_CSV: "slots.csv",
    Format.SLOTS_JSON: "slots.json",
    Format.BOOKDATE: "bookdate.csv",
    Format.LEFT_BEHIND: "left_behind.csv",
    Format.CALLS: "calls.xlsx",
}
"""How an export is called when the caller gives no name."""

BINARY: Final = frozenset({Format.XLSX, Format.PDF, Format.CALLS})
"""Formats that do not belong on a terminal."""


def export(plan: Plan, form: Format, *, papers: Papers, truck: str = "") -> bytes:
    """Render one document; `truck` (id or plate) picks one for `text` and `pdf`.

    Raises:
        BadUsage: the truck is not on the road in this plan, or the format takes none.
    """
    chosen = plan if not truck else _only(plan, truck, form)
    if form is not Format.TEXT:
        return render_file(chosen, FILE_NAMES[form], papers)
    texts = truck_texts(chosen, papers) | specialist_texts(chosen, papers)
    return "\n----------\n\n".join(texts.values()).encode()


def _only(plan: Plan, truck: str, form: Format) -> Plan:
    if form not in (Format.TEXT, Format.PDF):
        raise BadUsage(f"--truck goes with --format text or pdf, not {form}")
    routes = tuple(route for route in plan.routes if truck in (route.truck_id, route.plate))
    if not routes:
        known = ", ".join(route.plate for route in plan.routes) or "none"
        raise BadUsage(f"truck {truck} does not leave in this plan; those that do: {known}")
    return replace(plan, routes=routes, specialists=())
