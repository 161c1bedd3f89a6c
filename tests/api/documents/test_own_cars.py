"""Papers of specialists in own cars, and the list of calls: who must be where, who must know."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from api.days.documents.backdrop import EMPTY_BACKDROP
from api.days.documents.calls import calls_bytes
from api.days.documents.personal import without_contacts
from api.days.documents.specialist_text import specialist_text
from api.days.documents.write import OFFICE_FILES, Papers, render_file, write_documents
from api.settings import Language
from routing.domain.horizon import over_days
from routing.domain.orders import Contact, Priority
from routing.plan import Plan
from tests.days import carrier, km, matrix_of, order, request, specialist, truck, warehouse
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")

CONTACTS = {f"O{n}": Contact(name=f"测试客户{n}", phone=f"1380000100{n}") for n in range(1, 6)}


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Two luxury handovers on two trucks, one person for both; a carrier's car; one left behind."""
    day = request(
        order("O1", place=km(30), windows=[("09:00", "10:00")], skills=["luxury"]),
        order("O2", place=km(60), windows=[("13:00", "15:00")], skills=["luxury"]),
        order("O3", place=km(300)),
        order("O4", place=km(40), windows=[("03:00", "03:10")], promised=True),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        specialists=[specialist("S1", skills=["luxury"])],
        warehouses=[warehouse(bays=4)],
        carriers=[carrier(base=30_000, per_km=200)],
    )
    return solve(day, matrix_of(day)).plan


def shown(plan: Plan) -> Papers:
    """Papers without a map."""
    return Papers(contacts=CONTACTS, backdrop=lambda *_: EMPTY_BACKDROP)


def test_a_specialist_reads_where_when_whom_and_which_truck(plan: Plan) -> None:
    """30 km are 30 minutes; 20 of unloading come before the handover."""
    (person,) = plan.specialists
    text = specialist_text(plan, person, contacts=CONTACTS, mask=False, lang=Language.CHINESE)
    begins = [visit.begins for visit in person.visits]
    assert [visit.order_id for visit in person.visits] == ["O1", "O2"]
    for at, name in zip(begins, ("1", "2"), strict=True):
        assert f"{at:%H:%M} 前到" in text
        assert f"测试客户{name} 1380000100{name}" in text
        assert f"中牟县测试路{name}号" in text
    assert f"最晚 {person.leaves:%H:%M} 从 RDC 仓 出发，2 户" in text
    assert all(f"{route.plate} {route.driver_name} 送车" in text for route in plan.routes)
    masked = specialist_text(plan, person, contacts=CONTACTS, mask=True, lang=Language.ENGLISH)
    assert "138****1001" in masked and "13800001001" not in masked
    assert "Own car, leave RDC 仓 by" in masked


def test_the_pdf_has_a_page_for_the_specialist(plan: Plan) -> None:
    """Behind the trucks, with the phones of those met."""
    pages = PdfReader(BytesIO(render_file(plan, "manifests.pdf", shown(plan)))).pages
    assert len(pages) == len(plan.routes) + 1
    last = pages[-1].extract_text()
    assert "交付专员派工单" in last and "S1 专员" in last
    assert "13800001001" in last and "13800001002" in last
    assert all(route.plate in last for route in plan.routes)


def test_the_workbook_tells_the_same_without_phones(plan: Plan) -> None:
    """A row a visit; the office sees who goes where."""
    book = load_workbook(BytesIO(render_file(plan, "plan.xlsx", shown(plan))))
    rows = list(book["专员"].iter_rows(values_only=True))
    assert [row[6] for row in rows[1:]] == ["O1", "O2"]
    assert "1380000" not in str(rows)


def test_phones_stand_only_on_the_papers_of_who_calls_or_goes(tmp_path: Path, plan: Plan) -> None:
    """Also where somebody wrote one into the address a specialist goes to."""
    chatty = [
        replace(visit, address=f"{visit.address} 13800001001")
        for visit in plan.specialists[0].visits
    ]
    person = replace(plan.specialists[0], visits=tuple(chatty))
    spoiled = replace(plan, specialists=(person,))
    assert "13800001001" not in str(without_contacts(spoiled, CONTACTS))
    files = write_documents(spoiled, tmp_path, papers=shown(plan), progress=lambda name: None)
    assert "specialist-S1专员.txt" in {path.name for path in files}
    for path in files:
        if path.name in OFFICE_FILES and path.suffix != ".xlsx":
            assert "13800001001" not in path.read_text(encoding="utf-8-sig"), path.name


def test_a_paper_of_an_earlier_plan_goes_with_it(tmp_path: Path, plan: Plan) -> None:
    """Nobody drives to a meeting that is no more."""
    write_documents(plan, tmp_path, papers=shown(plan), progress=lambda name: None)
    alone = replace(plan, specialists=())
    write_documents(alone, tmp_path, papers=shown(plan), progress=lambda name: None)
    assert not list(tmp_path.glob("specialist-*"))


def test_everybody_is_called_about_the_right_thing(plan: Plan) -> None:
    """By window, whoever brings the car; a broken promise heads the second sheet."""
    book = load_workbook(
        BytesIO(calls_bytes(plan, contacts=CONTACTS, mask=False, lang=Language.CHINESE))
    )
    assert book.sheetnames == ["11-23 周一", "改约"]
    rows = list(book["11-23 周一"].iter_rows(values_only=True))[1:]
    assert {row[5] for row in rows} == {"O1", "O2", "O3"}
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    first = next(row for row in rows if row[5] == "O1")
    assert first[2:5] == ("测试客户1", "13800001001", "告知新窗口")
    assert next(row for row in rows if row[5] == "O3")[7] == "C1 零担运输"
    (left,) = list(book["改约"].iter_rows(values_only=True))[1:]
    assert left[:4] == ("测试客户4", "13800001004", "已约但送不了，致歉并另约", "O4")


def test_calls_of_several_days_are_by_day() -> None:
    """One car a day on one truck: three buyers on three sheets, one a day."""
    windows = [(f"{n} 08:00", f"{n} 18:00") for n in range(3)]
    day = over_days(
        request(
            *(order(f"O{n}", windows=windows, priority=Priority.URGENT) for n in (1, 2, 3)),
            trucks=[truck(cars=1)],
        ),
        3,
    )
    plan = solve(day, matrix_of(day)).plan
    book = load_workbook(
        BytesIO(calls_bytes(plan, contacts=CONTACTS, mask=True, lang=Language.ENGLISH))
    )
    assert book.sheetnames == ["11-23 Mon", "11-24 Tue", "11-25 Wed"]
    called = [
        [row[5] for row in book[name].iter_rows(min_row=2, values_only=True)]
        for name in book.sheetnames
    ]
    assert sorted(name for names in called for name in names) == ["O1", "O2", "O3"]
    assert [len(names) for names in called] == [1, 1, 1]
    assert "138****100" in str(list(book["11-23 Mon"].iter_rows(values_only=True)))
