"""Puts plan.html together: one file, styles and script inside, no request to anywhere."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from api.days.documents.backdrop import BackdropSource
from api.days.documents.by_day import days_of
from api.days.documents.figures import Locale, km, locale_of
from api.days.documents.kpis import kpi_lines, measure
from api.days.documents.made_tables import provenance_lines
from api.days.documents.page.cards import left_cards, truck_cards
from api.days.documents.page.map import HEIGHT, MARKER_PX, WIDTH, build_map
from api.days.documents.page.timeline import build_timelines
from api.days.documents.paths import RouteGeometry
from api.days.documents.wording import IDLE, name_of
from api.settings import Language
from routing.plan import Plan
from routing.plan_off_routes import IdleTruck


def html_bytes(
    plan: Plan,
    *,
    geometry: RouteGeometry | None,
    backdrop: BackdropSource,
    audit_findings: int | None,
    lang: Language,
) -> bytes:
    """Build the page.

    `audit_findings` is what the independent auditor found; None says it has not looked.
    """
    locale = locale_of(plan, lang)
    map_view = build_map(plan, geometry=geometry, backdrop=backdrop)
    names = map_view.county_names
    kpis = measure(plan)
    html = _environment().get_template("plan.html.j2").render(
        plan=plan,
        say=locale.say,
        half=locale.half,
        html_lang=locale.say("zh-CN", "en"),
        date_line=locale.date_line(),
        kpis={line.key: line for line in kpi_lines(kpis, locale)},
        audit_findings=audit_findings,
        map=map_view,
        map_width=WIDTH,
        map_height=HEIGHT,
        marker_px=MARKER_PX,
        timelines=build_timelines(plan, locale, county_names=names),
        days=[(day.isoformat(), locale.day_name(day)) for day in days_of(plan)],
        trucks=truck_cards(plan, locale, county_names=names),
        left_behind=left_cards(plan, locale),
        outsourced=[
            (each.carrier_name, locale.span(each.window), each.order_id, each.model_name,
             each.vin[-6:], each.address, km(each.metres), locale.money(each.price_minor))
            for each in plan.outsourced
        ],
        outsourced_total=locale.money(plan.outsourced_minor),
        idle=[
            (truck.plate, plan.warehouses.get(truck.warehouse_id, truck.warehouse_id),
             _why_at_home(truck, locale))
            for truck in plan.idle
        ],
        how_made=provenance_lines(plan, locale),
    )  # fmt: skip
    return html.encode()


def _why_at_home(truck: IdleTruck, locale: Locale) -> str:
    why = name_of(IDLE, truck.why, locale.lang)
    return why if truck.day is None else f"{locale.day_name(truck.day)} {why}"


def _environment() -> Environment:
    """Make an environment that escapes everything and fails on a name it does not know."""
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["inline"] = _inline
    return environment


def _read(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def _inline(name: str) -> Markup:
    """Take a style sheet or script of ours as it is; it holds nothing from the plan."""
    return Markup(_read(name))
