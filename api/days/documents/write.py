"""Writes every document of a plan side by side: all of them, or none.

Everything is rendered in memory and written into a folder inside OUT first. Then the files change
places by renames; should one fail (a workbook open elsewhere), the old set is put back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from api.days.documents.backdrop import BackdropSource, county_backdrop
from api.days.documents.paths import RouteGeometry
from api.days.documents.personal import without_contacts
from api.days.documents.specialist_text import specialist_file_name, specialist_text
from api.days.documents.truck_text import truck_file_name, truck_text
from api.settings import Language
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Contact
from routing.plan import Plan
from routing.plan_json import plan_to_json

PLAN_FILE: Final = "plan.json"
"""Put in place last: where it is, the rest of the set is."""

_TEXTS: Final = ("truck-*.txt", "specialist-*.txt")
_STAGE: Final = ".flatbed-"
_BEFORE: Final = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What documents are made from, besides the plan.

    `contacts` by order and `decks` by truck come from the day; without them the driver's papers
    say where to ask, and empty deck positions are not drawn. `audit_findings` is what the
    independent auditor found, None when it has not looked.
    """

    contacts: Mapping[str, Contact] = field(default_factory=dict)
    mask: bool = False
    lang: Language = Language.CHINESE
    geometry: RouteGeometry | None = None
    decks: Mapping[str, DeckTemplate] = field(default_factory=dict)
    backdrop: BackdropSource = county_backdrop
    audit_findings: int | None = None


Renderer = Callable[[Plan, Papers], bytes]


def _json(plan: Plan, _papers: Papers) -> bytes:
    return plan_to_json(plan).encode()


def _xlsx(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.workbook import workbook_bytes

    return workbook_bytes(plan, lang=papers.lang)


def _html(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.page.render import html_bytes

    return html_bytes(
        plan,
        geometry=papers.geometry,
        backdrop=papers.backdrop,
        audit_findings=papers.audit_findings,
        lang=papers.lang,
    )


def _geojson(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.geojson import geojson_bytes

    return geojson_bytes(plan, geometry=papers.geometry)


def _gpx(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.gpx import gpx_bytes

    return gpx_bytes(plan, geometry=papers.geometry, lang=papers.lang)


def _ics(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.ics import ics_bytes

    return ics_bytes(plan, lang=papers.lang)


def _slots_csv(plan: Plan, _papers: Papers) -> bytes:
    from api.days.documents.slots import slots_csv_bytes

    return slots_csv_bytes(plan)


def _slots_json(plan: Plan, _papers: Papers) -> bytes:
    from api.days.documents.slots import slots_json_bytes

    return slots_json_bytes(plan)


def _bookdate_csv(plan: Plan, _papers: Papers) -> bytes:
    from api.days.documents.slots import bookdate_csv_bytes

    return bookdate_csv_bytes(plan)


def _left_behind_csv(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.slots import left_behind_csv_bytes

    return left_behind_csv_bytes(plan, lang=papers.lang)


def _manifests(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.manifest import manifests_bytes

    return manifests_bytes(
        plan, contacts=papers.contacts, mask=papers.mask, lang=papers.lang, decks=papers.decks
    )


def _calls(plan: Plan, papers: Papers) -> bytes:
    from api.days.documents.calls import calls_bytes

    return calls_bytes(plan, contacts=papers.contacts, mask=papers.mask, lang=papers.lang)


OFFICE_FILES: Final[Mapping[str, Renderer]] = {
    PLAN_FILE: _json,
    "plan.xlsx": _xlsx,
    "plan.html": _html,
    "plan.geojson": _geojson,
    "routes.gpx": _gpx,
    "plan.ics": _ics,
    "slots.csv": _slots_csv,
    "slots.json": _slots_json,
    "bookdate.csv": _bookdate_csv,
    "left_behind.csv": _left_behind_csv,
}
"""Files without personal data, made from the plan after `without_contacts`."""

DRIVER_FILES: Final[Mapping[str, Renderer]] = {"manifests.pdf": _manifests, "calls.xlsx": _calls}
"""Papers with phones, for who drives and who calls; the texts of trucks and specialists are the
other ones."""

FILES_OF_AN_UNCLEAN_PLAN: Final = (PLAN_FILE, "plan.xlsx", "plan.html", "left_behind.csv")
"""What is written of a plan the auditor objects to: enough to look at, nothing to drive by."""


def render_file(plan: Plan, name: str, papers: Papers) -> bytes:
    """Render one file of `OFFICE_FILES` or `DRIVER_FILES`, personal data only where it belongs."""
    if name in DRIVER_FILES:
        return DRIVER_FILES[name](plan, papers)
    return OFFICE_FILES[name](without_contacts(plan, papers.contacts), papers)


def truck_texts(plan: Plan, papers: Papers) -> dict[str, str]:
    """Write every truck's text, by file name; plates that share a name get the truck's id too."""
    texts: dict[str, str] = {}
    for route in plan.routes:
        name = truck_file_name(plan, route)
        if name in texts:
            name = f"{name.removesuffix('.txt')}-{len(texts) + 1}.txt"
        texts[name] = truck_text(
            plan, route, contacts=papers.contacts, mask=papers.mask, lang=papers.lang
        )
    return texts


def specialist_texts(plan: Plan, papers: Papers) -> dict[str, str]:
    """Write the text of everybody who travels by own car, by file name; who shares a name gets a
    number, too."""
    texts: dict[str, str] = {}
    for person in plan.specialists:
        name = specialist_file_name(plan, person)
        if name in texts:
            name = f"{name.removesuffix('.txt')}-{len(texts) + 1}.txt"
        texts[name] = specialist_text(
            plan, person, contacts=papers.contacts, mask=papers.mask, lang=papers.lang
        )
    return texts


def write_documents(
    plan: Plan, out_dir: Path, *, papers: Papers, progress: Callable[[str], None]
) -> tuple[Path, ...]:
    """Write the whole set into a folder and return the files, plan.json first.

    Of a plan with audit findings only `FILES_OF_AN_UNCLEAN_PLAN` are written: nobody shall drive
    by it or book its slots. Papers of an earlier plan that this one does not have are taken away;
    other files in the folder are left alone. `progress` hears the name of each file
    before it is made.

    Raises:
        OSError: the folder cannot be written; then it is as it was before.
    """
    made: dict[str, bytes] = {}
    usable = not papers.audit_findings
    all_names = (*OFFICE_FILES, *DRIVER_FILES)
    for name in all_names if usable else FILES_OF_AN_UNCLEAN_PLAN:
        progress(name)
        made[name] = render_file(plan, name, papers)
    if usable:
        texts_made = truck_texts(plan, papers) | specialist_texts(plan, papers)
        made |= {name: text.encode() for name, text in texts_made.items()}
    existed = out_dir.exists()
    out_dir.mkdir(parents=True, exist_ok=True)
    _sweep(out_dir)
    stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=out_dir))
    try:
        for name, content in made.items():
            (stage / name).write_bytes(content)
        texts = [path.name for each in _TEXTS for path in sorted(out_dir.glob(each))]
        stale = [name for name in (*all_names, *texts) if name not in made]
        _swap(stage, out_dir, new=[name for name in made if name != PLAN_FILE], stale=stale)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not existed and not any(out_dir.iterdir()):
            out_dir.rmdir()
    return tuple(out_dir / name for name in made)


def _sweep(out_dir: Path) -> None:
    """Take away what killed runs left half-made; two runs never write one folder at a time.

    A run killed between its renames has the old files in there: they are put back where their
    place is still empty.
    """
    for stage in sorted(out_dir.glob(f"{_STAGE}*")):
        for kept in sorted((stage / _BEFORE).glob("*")):
            if not (out_dir / kept.name).exists():
                kept.rename(out_dir / kept.name)
        shutil.rmtree(stage)


def _swap(stage: Path, out_dir: Path, *, new: Iterable[str], stale: Iterable[str]) -> None:
    """Rename the new files into place, keeping the old ones until all have arrived."""
    kept = stage / _BEFORE
    kept.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for name in chain(stale, new, (PLAN_FILE,)):
            target = out_dir / name
            if target.is_dir():
                raise IsADirectoryError(f"{target} is a folder: move it away, a file goes here")
            # Noted before it is done: an interrupt may come between the two.
            if target.exists():
                moved.append((kept / name, target))
                target.rename(kept / name)
            if (stage / name).exists():
                moved.append((target, stage / name))
                (stage / name).rename(target)
    except BaseException:  # Ctrl-C, too, must not leave half of two plans
        for source, back in reversed(moved):
            if source.exists() and not back.exists():
                source.rename(back)
        raise
