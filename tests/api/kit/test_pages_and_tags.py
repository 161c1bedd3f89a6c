"""Cursors and entity tags are ours or they are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.etags import IfMatchMissing, IfMatchUnknown, etag, version_of
from api.kit.pages import BadCursor, read_cursor, write_cursor


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.integers(0, 9)
)
def test_a_cursor_says_where_the_page_ended(name: str, number: int) -> None:
    """Whatever the key is made of."""
    assert read_cursor(write_cursor("orders", name, number), "orders", str, int) == (name, number)


@given(st.text(max_size=60))
def test_any_other_text_is_no_cursor(text: str) -> None:
    """Never another error."""
    with pytest.raises(BadCursor):
        read_cursor(text, "orders", str)


def test_a_cursor_of_another_list_is_refused() -> None:
    """It would begin somewhere, and nobody would notice."""
    cursor = write_cursor("orders", "a")
    for kind, types in (("bookings", (str,)), ("orders", (int,)), ("orders", (str, str))):
        with pytest.raises(BadCursor):
            read_cursor(cursor, kind, *types)


def test_a_tag_comes_back_as_its_version() -> None:
    """Blanks around it are allowed by the standard."""
    assert version_of(f" {etag(17)} ") == 17


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_a_change_without_a_version_is_asked_for_one(header: str | None) -> None:
    """`*` would overwrite whatever is there."""
    with pytest.raises(IfMatchMissing):
        version_of(header)


@pytest.mark.parametrize("header", ["", "17", 'W/"17"', '"x"', '"1", "2"', '"' + "9" * 30 + '"'])
def test_a_strange_tag_cannot_be_the_present_one(header: str) -> None:
    """Weak tags do not match strongly; a list would say that the caller does not know."""
    with pytest.raises(IfMatchUnknown):
        version_of(header)
