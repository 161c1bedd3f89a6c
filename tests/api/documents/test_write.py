"""The set of files as a whole: complete, repeatable, all or nothing, and without personal data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from api.days.documents.backdrop import Backdrop, Bounds, CountyOutline
from api.days.documents.export import BINARY, FILE_NAMES, Format, export
from api.days.documents.personal import mask_phone, without_contacts
from api.days.documents.write import (
    DRIVER_FILES,
    FILES_OF_AN_UNCLEAN_PLAN,
    OFFICE_FILES,
    Papers,
    _swap,
    write_documents,
)
from api.errors import BadUsage
from api.settings import Language
from routing.domain.orders import Contact
from routing.plan import Plan
from routing.plan_json import read_plan
from tests.plans import contacts, henan_plan


def two_counties(bounds: Bounds, _detail_deg: float) -> Backdrop:
    """Stand in for the county map: the box cut in two halves."""
    middle = (bounds.west + bounds.east) / 2
    halves = (
        ("410183", "新密市", bounds.west, middle),
        ("410223", "尉氏县", middle, bounds.east),
    )
    return Backdrop(
        counties=tuple(
            CountyOutline(
                code=code,
                name=name,
                rings=(
                    (
                        (west, bounds.south),
                        (east, bounds.south),
                        (east, bounds.north),
                        (west, bounds.north),
                    ),
                ),
                label=((west + east) / 2, (bounds.south + bounds.north) / 2),
            )
            for code, name, west, east in halves
        ),
        attribution="行政区划 © 天地图",
    )


def papers(plan: Plan, *, mask: bool = False, lang: Language = Language.CHINESE) -> Papers:
    """Everything a document needs, with invented buyers and a drawn map."""
    return Papers(
        contacts=contacts(plan), mask=mask, lang=lang, backdrop=two_counties, audit_findings=0
    )


def write(plan: Plan, folder: Path, *, mask: bool = False) -> dict[str, bytes]:
    """Write the set and read it back by name."""
    files = write_documents(
        plan, folder, papers=papers(plan, mask=mask), progress=lambda _name: None
    )
    return {path.name: path.read_bytes() for path in files}


def text_of(name: str, content: bytes) -> str:
    """Everything a reader of the file could find, unpacked."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(part).decode() for part in book.namelist())
    if name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    text = content.decode("utf-8-sig")
    return text.replace("\r\n ", "") if name.endswith(".ics") else text


def test_the_set_is_complete_and_lies_side_by_side(tmp_path: Path) -> None:
    """A dispatcher finds everything in one folder and nothing of the making of it."""
    made = write(henan_plan(), tmp_path / "out")
    assert set(made) == {
        *OFFICE_FILES,
        *DRIVER_FILES,
        "truck-豫AD0031.txt",
        "truck-豫AD0058.txt",
        "truck-豫CD0102.txt",
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(made)
    assert read_plan(tmp_path / "out" / "plan.json") == henan_plan()


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """Files carry the plan's day and no clock, no random id, no path."""
    first = write(henan_plan(), tmp_path / "one")
    again = write(henan_plan(), tmp_path / "two" / "deeper")
    assert {name for name in first if first[name] != again[name]} == set()


def _with_chatty_notes() -> tuple[Plan, dict[str, Contact]]:
    """A plan whose free text repeats what only the driver may read."""
    plan = henan_plan()
    known = contacts(plan)
    route = plan.routes[0]
    who = known[route.stops[0].order_id]
    stop = replace(
        route.stops[0],
        note=f"到前打 {who.phone} 找{who.name}，或 138 0000 9999",
        address=f"{route.stops[0].address}（{who.name}家）",
    )
    left = plan.left_behind[0]
    behind = known[left.order_id]
    return (
        replace(
            plan,
            routes=(replace(route, stops=(stop, *route.stops[1:])), *plan.routes[1:]),
            left_behind=(
                replace(left, address=f"{left.address} {behind.name} {behind.phone}"),
                *plan.left_behind[1:],
            ),
        ),
        known,
    )


def test_no_phone_and_no_name_leaves_the_drivers_papers(tmp_path: Path) -> None:
    """Not even when somebody typed them into a note or an address."""
    plan, known = _with_chatty_notes()
    made = write(plan, tmp_path)
    for name in OFFICE_FILES:
        text = text_of(name, made[name])
        found = [
            word
            for contact in known.values()
            for word in (contact.phone, contact.name)
            if word in text
        ]
        assert found == [], name
        assert "0000 9999" not in text, name


def test_the_drivers_papers_carry_every_phone_in_full(tmp_path: Path) -> None:
    """The driver calls ahead; a masked number would be no help."""
    plan = henan_plan()
    made = write(plan, tmp_path)
    manifest = text_of("manifests.pdf", made["manifests.pdf"])
    texts = "".join(text.decode() for name, text in made.items() if name.startswith("truck-"))
    known = contacts(plan)
    for route in plan.routes:
        for stop in route.stops:
            assert known[stop.order_id].phone in manifest
            assert known[stop.order_id].phone in texts
            assert known[stop.order_id].name in texts


def test_mask_hides_the_middle_of_every_phone(tmp_path: Path) -> None:
    """For papers that go through many hands."""
    plan = henan_plan()
    made = write(plan, tmp_path, mask=True)
    everything = "\n".join(text_of(name, content) for name, content in made.items())
    served = [stop.order_id for route in plan.routes for stop in route.stops]
    for order in served:
        phone = contacts(plan)[order].phone
        assert phone not in everything
        assert mask_phone(phone) in everything


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001001", "138****1001"),
        ("+86 13800001001", "+86 1****001001"),
        ("0371-60001234", "037*-***01234"),
        ("6000123", "6****23"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_masking_knows_how_phones_are_written(phone: str, masked: str) -> None:
    """Blanks and hyphens stay where they are; enough digits stay to tell two buyers apart."""
    assert mask_phone(phone) == masked


def test_a_plan_without_personal_text_is_left_as_it_is() -> None:
    """Cleaning is no rewriting: VINs, digests and amounts are not phones."""
    plan = henan_plan()
    assert without_contacts(plan, contacts(plan)) == plan


def test_a_second_plan_takes_the_old_trucks_away_and_nothing_else(tmp_path: Path) -> None:
    """Yesterday's truck text beside today's plan would send a driver out."""
    (tmp_path / "orders.xlsx").write_bytes(b"the day itself")
    write(henan_plan(), tmp_path)
    plan = henan_plan()
    write(replace(plan, routes=plan.routes[:1]), tmp_path)
    assert [path.name for path in tmp_path.glob("truck-*")] == ["truck-豫AD0031.txt"]
    assert (tmp_path / "orders.xlsx").read_bytes() == b"the day itself"


def test_when_one_file_cannot_be_replaced_the_old_set_stays(tmp_path: Path) -> None:
    """A half-new folder would mix two plans. The obstacle is met in the middle of the renames."""
    before = write(henan_plan(), tmp_path)
    (tmp_path / "slots.csv").unlink()
    (tmp_path / "slots.csv").mkdir()
    plan = henan_plan()
    with pytest.raises(IsADirectoryError, match="move it away"):
        write(replace(plan, routes=plan.routes[:1]), tmp_path)
    (tmp_path / "slots.csv").rmdir()
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    del before["slots.csv"]
    assert after == before


def test_a_plan_that_cannot_be_rendered_leaves_no_folder(tmp_path: Path) -> None:
    """Rendering comes first; nothing is touched before all of it has worked."""

    def broken(_bounds: Bounds, _detail: float) -> Backdrop:
        raise OSError("the county map is unreadable")

    with pytest.raises(OSError, match="county map"):
        write_documents(
            henan_plan(),
            tmp_path / "out",
            papers=replace(papers(henan_plan()), backdrop=broken),
            progress=lambda _name: None,
        )
    assert list(tmp_path.iterdir()) == []


def test_progress_names_every_file_before_it_is_made(tmp_path: Path) -> None:
    """The console shows where the seconds go."""
    heard: list[str] = []
    write_documents(henan_plan(), tmp_path, papers=papers(henan_plan()), progress=heard.append)
    assert heard == [*OFFICE_FILES, *DRIVER_FILES]


def test_an_empty_plan_still_gives_every_file(tmp_path: Path) -> None:
    """A day without a single served order is a day with a plan, too."""
    plan = henan_plan()
    made = write(replace(plan, routes=(), sites={}), tmp_path)
    assert set(made) == {*OFFICE_FILES, *DRIVER_FILES}
    assert "今天没有车辆出车" in text_of("manifests.pdf", made["manifests.pdf"])


@pytest.mark.parametrize("form", list(Format))
def test_each_format_exported_alone_equals_its_file(tmp_path: Path, form: Format) -> None:
    """`flatbed export` later gives the very file that `flatbed plan` wrote."""
    plan = henan_plan()
    made = write(plan, tmp_path)
    single = export(plan, form, papers=papers(plan))
    if form is Format.TEXT:
        for name in made:
            if name.startswith("truck-"):
                assert made[name] in single
    else:
        assert single == made[FILE_NAMES[form]]
    if form not in BINARY:
        assert single.decode("utf-8-sig")


def test_one_trucks_paper_can_be_exported() -> None:
    """The dispatcher pastes one truck's day into one chat."""
    plan = henan_plan()
    text = export(plan, Format.TEXT, papers=papers(plan), truck="豫C·D0102").decode()
    assert text.startswith("【豫C·D0102】")
    assert "豫A" not in text
    assert text == export(plan, Format.TEXT, papers=papers(plan), truck="T03").decode()


@pytest.mark.parametrize(
    ("form", "truck", "words"),
    [(Format.TEXT, "T99", "does not leave"), (Format.XLSX, "T01", "goes with")],
)
def test_a_truck_that_makes_no_sense_is_refused(form: Format, truck: str, words: str) -> None:
    """With the trucks there are, so that the next try is right."""
    plan = henan_plan()
    with pytest.raises(BadUsage, match=words):
        export(plan, form, papers=papers(plan), truck=truck)


def test_papers_without_the_day_say_where_to_ask() -> None:
    """plan.json alone holds no phone; the manifest then says so and is not silently empty."""
    plan = henan_plan()
    pdf = export(plan, Format.PDF, papers=Papers(backdrop=two_counties))
    assert "联系人见订单系统" in text_of("manifests.pdf", pdf)


def test_an_interrupt_between_the_renames_puts_the_old_set_back(tmp_path: Path) -> None:
    """Ctrl-C is no OSError, and a half-new folder mixes two plans all the same."""
    before = write(henan_plan(), tmp_path)
    plan = henan_plan()

    def names() -> Iterator[str]:
        yield "slots.csv"
        yield "plan.xlsx"
        raise KeyboardInterrupt

    stage = tmp_path / ".flatbed-now"
    stage.mkdir()
    for name in ("slots.csv", "plan.xlsx", "plan.json"):
        (stage / name).write_text("new", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        _swap(stage, tmp_path, new=names(), stale=["truck-豫AD0031.txt"])
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert after == before
    assert read_plan(tmp_path / "plan.json") == plan


def test_what_a_killed_run_left_is_swept_at_the_next_write(tmp_path: Path) -> None:
    """A power cut leaves a folder nobody would ever look into, with phones in it."""
    before = tmp_path / ".flatbed-killed" / "before"
    before.mkdir(parents=True)
    (before.parent / "manifests.pdf").write_bytes(b"half")
    (before / "plan.json").write_bytes(b"old")
    made = write(henan_plan(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(made)


def test_a_plan_the_auditor_objects_to_gives_nothing_to_drive_by(tmp_path: Path) -> None:
    """It can be looked at; yesterday's papers beside it would pass for its own."""
    write(henan_plan(), tmp_path)
    plan = henan_plan()
    unclean = replace(papers(plan), audit_findings=2)
    heard: list[str] = []
    files = write_documents(plan, tmp_path, papers=unclean, progress=heard.append)
    assert {path.name for path in files} == set(FILES_OF_AN_UNCLEAN_PLAN)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES_OF_AN_UNCLEAN_PLAN)
    assert heard == list(FILES_OF_AN_UNCLEAN_PLAN)
