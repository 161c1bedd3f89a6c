"""Phones and names inside addresses and notes: out before anything is made from them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.days.intake.contact_text import clean_address, clean_note, with_numbers_from
from api.days.intake.phone import Phone, phones_in, read_phone
from api.days.pins import remember_pins
from geodata.corrections import Corrections
from routing.domain.orders import Contact
from tests.api.intake.days import day_with, order, read, write_json

ROAD = "河南省郑州市中牟县官渡镇测试路1号"
NUMBERS = (
    "13800001234",
    "8613800001234",
    "+8613800001234",
    "+86 138-0000-1234",
    "138.0000.1234",
    "138 0000 1234",
    "１３８００００１２３４",
    "0371-60001234",
    "(0371)60001234",
    "0371 6000 1234",
    "13800001234转12",
    "13800001234 / 13900005678",
)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "typed",
    ["{road} 张三收 {number}", "{road}（张三 {number}）", "{road} 联系人:张三 电话:{number}"],
)
def test_an_address_keeps_its_place_and_nothing_of_the_buyer(number: str, typed: str) -> None:
    """However a number is typed: whatever is left would travel with every paper."""
    assert clean_address(typed.format(road=ROAD, number=number), name="张三") == ROAD


def test_the_title_goes_with_the_name() -> None:
    """A lone 女士 after a door number helps nobody."""
    assert clean_address(f"{ROAD}张三女士13800001234（放门卫）", name="张三") == f"{ROAD}（放门卫）"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("郑州市高新区科学大道100号", "高新"),
        ("郑州市高新区高新家园3号楼", "高新"),
        ("高新收费站北200米", "高新"),
        ("VIN LFBTEST0013800001 右后门", ""),
        ("订单20261123138000012345", ""),
        ("中牟县官渡镇李村12组3号", "李"),
    ],
)
def test_a_place_that_is_spelled_like_a_person_stays(text: str, name: str) -> None:
    """A hole in an address sends the truck to another county."""
    assert clean_address(text, name=name) == text
    assert clean_note(text, name=name) == text


@pytest.mark.parametrize(
    ("note", "clean"),
    [
        ("到前打 13800001234 找张三", "到前打 **** 找****"),
        ("张三先生要发票，0371-60001234", "****先生要发票，****"),
        ("找张三拿钥匙", "找****拿钥匙"),
        ("张三", "****"),
        ("门卫登记", "门卫登记"),
    ],
)
def test_a_note_shows_where_something_was(note: str, clean: str) -> None:
    """The sentence stays readable; the driver's papers have the numbers."""
    assert clean_note(note, name="张三") == clean


@given(st.text(st.sampled_from("张三收家 ,，（）()路1号3800-.*先生村区找"), max_size=40))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Papers are cleaned again when written: the plan they hold must stay the audited one."""
    for clean in (clean_address, clean_note):
        once = clean(text, name="张三")
        assert clean(once, name="张三") == once
        assert phones_in(once) == ()


@pytest.mark.parametrize("number", ["138.0000.1234", "+8613800001234", "１３８００００１２３４"])
def test_a_phone_cell_reads_what_a_text_would(number: str) -> None:
    """One pattern for both: a number hidden in a note is one that can be dialled."""
    assert read_phone(number) == Phone(text="13800001234")


def test_numbers_of_a_note_move_to_the_contact() -> None:
    """The neighbour's number is what the driver needs when nobody opens; each is kept once."""
    contact = Contact(name="张三", phone="13800001234")
    both = with_numbers_from(contact, "邻居 139 0000 5678", "或 13800001234")
    assert both == replace(contact, phone="13800001234 / 13900005678")
    assert with_numbers_from(None, "没有号码") is None


def test_an_order_holds_clean_text_from_the_start(tmp_path: Path) -> None:
    """Request, places and remembered corrections: none of them ever knew the buyer."""
    row = order(地址=f"{ROAD} 张试收 13800000001", 备注="打13900005678", 纬度=34.78, 经度=113.93)
    request = read(write_json(tmp_path / "day.json", day_with(orders=[row]))).request
    assert request is not None
    (read_order,) = request.orders
    assert (read_order.address, read_order.place.label) == (ROAD, ROAD)
    assert read_order.note == "打****"
    assert read_order.contact == Contact(name="张试", phone="13800000001 / 13900005678")
    memory = tmp_path / "corrections.json"
    remember_pins(Corrections(), request, day=request.day).save(memory)
    kept = memory.read_text(encoding="utf-8")
    assert "测试路1号" in kept
    assert [word for word in ("张试", "1380000", "1390000") if word in kept] == []


def test_a_faulty_address_is_repeated_without_its_phone(tmp_path: Path) -> None:
    """Faults go to logs and screens; the cell they repeat hides the middle of a number."""
    row = order(地址="说不清 13800001234")
    (fault,) = read(write_json(tmp_path / "day.json", day_with(orders=[row]))).faults
    assert fault.raw == "说不清 138****1234"
