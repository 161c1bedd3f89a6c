"""Holidays: the published years, the years after them, and the file that fills the gap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from geodata.calendar import DayKind, day_kind, describe_day, read_holidays
from geodata.errors import BadGeoData


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2026, 10, 10), DayKind.MAKEUP_WORKDAY, "国庆节"),
        (date(2026, 11, 22), DayKind.WEEKEND, ""),
        (date(2026, 11, 23), DayKind.WORKDAY, ""),
        (date(2025, 1, 28), DayKind.HOLIDAY, "春节"),
    ],
)
def test_published_days_carry_their_kind_and_name(day: date, kind: DayKind, name: str) -> None:
    """A make-up Saturday is a day on which registration desks are open: it must not look free."""
    described = describe_day(day)
    assert (described.kind, described.name, described.published) == (kind, name, True)


def test_a_year_without_a_notice_follows_the_weekday_and_says_so() -> None:
    """2031 has no schedule anywhere: nobody may believe its Mondays blindly."""
    assert describe_day(date(2031, 10, 6)).kind is DayKind.WORKDAY
    assert describe_day(date(2031, 10, 4)).kind is DayKind.WEEKEND
    assert not describe_day(date(2031, 10, 6)).published


def test_statutory_days_of_the_next_year_are_known_but_not_called_published() -> None:
    """Spring Festival 2027 is fixed by law; its make-up Saturdays are not."""
    described = describe_day(date(2027, 2, 6))
    assert (described.kind, described.name, described.published) == (
        DayKind.HOLIDAY,
        "春节",
        False,
    )


def test_every_day_of_the_published_years_has_a_kind() -> None:
    """2004 to 2026, 8,401 days: each has an answer, and free days are a plausible third."""
    days = [date(2004, 1, 1) + timedelta(days=n) for n in range(8401)]
    assert days[-1] == date(2026, 12, 31)
    kinds = [day_kind(day) for day in days]
    free = sum(kind in (DayKind.HOLIDAY, DayKind.WEEKEND) for kind in kinds)
    # 365 days with about 115 free ones
    assert 110 * 23 < free < 120 * 23
    assert DayKind.MAKEUP_WORKDAY in kinds


def test_a_users_file_wins_and_can_publish_a_year(tmp_path: Path) -> None:
    """The notice for 2027 comes in one November: a dispatcher adds it without a new version."""
    path = tmp_path / "holidays.toml"
    path.write_text(
        "format = 1\npublished = [2027]\n"
        '[[day]]\ndate = 2027-02-14\nkind = "makeup_workday"\nname = "春节"\nsource = "notice"\n',
        encoding="utf-8",
    )
    listed = read_holidays(path)
    sunday = describe_day(date(2027, 2, 14), overrides=listed)
    assert (sunday.kind, sunday.published) == (DayKind.MAKEUP_WORKDAY, True)
    assert describe_day(date(2027, 2, 15), overrides=listed).published


def test_a_bad_file_reports_every_fault_at_once(tmp_path: Path) -> None:
    """Four faults in one file cost one round, not four."""
    path = tmp_path / "holidays.toml"
    path.write_text(
        'format = 2\n[[day]]\ndate = "soon"\n'
        '[[day]]\ndate = 2027-05-01\nkind = "party"\nname = "x"\nsource = "y"\n'
        '[[day]]\ndate = 2027-05-02\nkind = "holiday"\nname = "劳动节"\n',
        encoding="utf-8",
    )
    with pytest.raises(BadGeoData) as caught:
        read_holidays(path)
    message = str(caught.value)
    for part in ("format is 2", "day 1: date 'soon'", "day 2: 2027-05-01: kind 'party'", "source"):
        assert part in message


@pytest.mark.parametrize("content", [b"\xff\xfe", b"format = ", b"format = 1\nday = 3\n"])
def test_a_file_that_is_not_the_schema_is_refused(tmp_path: Path, content: bytes) -> None:
    """Bytes, half a line, a number where tables belong: an error of ours, not a traceback."""
    path = tmp_path / "holidays.toml"
    path.write_bytes(content)
    with pytest.raises(BadGeoData):
        read_holidays(path)


def test_a_moment_is_not_a_date() -> None:
    """Midnight in UTC is the morning in Shanghai: the caller must choose the local date."""
    with pytest.raises(TypeError, match="local date"):
        describe_day(datetime(2026, 10, 1, tzinfo=UTC))
