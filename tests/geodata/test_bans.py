"""Truck bans: where, when and for whom; their file, all faults at once."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ban_files import load_bans
from geodata.bans import (
    Ban,
    BannedHours,
    PlateKind,
    PlateRule,
    banned_intervals,
    bans_in_force,
    merged,
)
from geodata.calendar import DayKind
from geodata.errors import BadGeoData, MissingSource
from geodata.places import Point
from tests.geodata.roads_builders import WORKDAY, square_ban

CENTRE = Point(lat=34.5, lon=113.5)
HOUR_S = 3_600


def core(**changes: Any) -> Ban:  # noqa: ANN401 - passes keywords through
    return square_ban(south=34.4, west=113.4, north=34.6, east=113.6, **changes)


def ask(
    ban: Ban,
    *,
    point: Point = CENTRE,
    plate: str | None = "豫A12345",
    permits: frozenset[str] = frozenset(),
    day: date = WORKDAY,
    kind: DayKind = DayKind.WORKDAY,
    truck_class: str = "carrier",
) -> BannedHours:
    return banned_intervals(
        point,
        truck_class=truck_class,
        plate=plate,
        permits=permits,
        date=day,
        day_kind=kind,
        bans=[ban],
    )


def test_hours_bind_inside_the_zone_and_nowhere_else() -> None:
    """Outside there is no ban and no drive inside."""
    ban = core(hours=((7, 9), (17, 19)))
    assert ask(ban).intervals == ((25_200, 32_400), (61_200, 68_400))
    assert ask(ban, point=Point(lat=34.7, lon=113.5)) == BannedHours(intervals=(), inside_s=0)


def test_the_way_in_from_the_border_is_timed() -> None:
    """The centre is 9.2 km from the nearer border: x 1.3 at 25 km/h is 29 minutes."""
    assert ask(core()).inside_s == pytest.approx(9_163 * 1.3 * 3.6 / 25, rel=0.01)
    assert ask(core(), point=Point(lat=34.5, lon=113.401)).inside_s < 30


@pytest.mark.parametrize(
    ("rule", "plate", "day", "bound"),
    [
        (PlateRule(kind=PlateKind.ANY), "豫A12345", WORKDAY, True),
        (PlateRule(kind=PlateKind.OUTSIDE, value="豫A"), "豫A12345", WORKDAY, False),
        (PlateRule(kind=PlateKind.OUTSIDE, value="豫A"), "豫B12345", WORKDAY, True),
        (PlateRule(kind=PlateKind.OUTSIDE, value="豫A"), None, WORKDAY, True),
        (PlateRule(kind=PlateKind.PATTERN, value=".*[05]"), "豫A12345", WORKDAY, True),
        (PlateRule(kind=PlateKind.PATTERN, value=".*[05]"), "豫A12346", WORKDAY, False),
        # 24 November is even: odd plates stay out
        (PlateRule(kind=PlateKind.ODD_EVEN), "豫A12345", WORKDAY, True),
        (PlateRule(kind=PlateKind.ODD_EVEN), "豫A1234F", WORKDAY, False),
        (PlateRule(kind=PlateKind.ODD_EVEN), "豫A12345", date(2026, 11, 25), False),
    ],
)
def test_plates_are_bound_by_rule(
    rule: PlateRule, plate: str | None, day: date, bound: bool
) -> None:
    """A plate nobody knows yet is bound: the safe side."""
    assert bool(ask(core(plate=rule), plate=plate, day=day).intervals) is bound


def test_class_permit_day_and_start_lift_a_ban() -> None:
    """Each of them alone is enough."""
    ban = core(classes=frozenset({"carrier"}), permit="core-pass")
    assert ask(ban).intervals
    assert not ask(ban, truck_class="flatbed-1").intervals
    assert not ask(ban, permits=frozenset({"core-pass"})).intervals
    assert not ask(ban, kind=DayKind.WEEKEND).intervals
    assert not ask(ban, day=date(2025, 12, 31)).intervals
    assert ask(ban, kind=DayKind.MAKEUP_WORKDAY).intervals


def test_only_bans_that_bind_at_the_hour_are_driven_round() -> None:
    """The same question for the matrix's bands and for the map."""
    ban = core(hours=((7, 9),), classes=frozenset({"carrier"}))

    def ask_at(hour: int, truck_class: str = "carrier") -> int:
        return len(
            bans_in_force(
                [ban],
                truck_class=truck_class,
                day=WORKDAY,
                day_kind=DayKind.WORKDAY,
                start_s=hour * HOUR_S,
                end_s=(hour + 1) * HOUR_S,
            )
        )

    assert [ask_at(hour) for hour in (6, 7, 8, 9)] == [0, 1, 1, 0]
    assert ask_at(7, "flatbed-1") == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20))))
def test_merged_hours_cover_the_same_seconds(pairs: list[tuple[int, int]]) -> None:
    """Merging loses no second, adds none, and leaves gaps between what remains."""
    intervals = [(start, start + length) for start, length in pairs]
    result = merged(intervals)
    assert {s for a, b in intervals for s in range(a, b)} == {
        s for a, b in result for s in range(a, b)
    }
    assert all(first[1] < second[0] for first, second in pairwise(result))


def test_shipped_bans_are_marked_as_examples() -> None:
    """Nobody may mistake hand-drawn circles for a city's rules."""
    bans = load_bans()
    assert len(bans) == 5
    assert {ban.source for ban in bans} == {"example"}
    zhengzhou = Point(lat=34.755, lon=113.655)
    hours = banned_intervals(
        zhengzhou,
        truck_class="carrier",
        plate="豫A12345",
        permits=(),
        date=WORKDAY,
        day_kind=DayKind.WORKDAY,
        bans=bans,
    )
    assert hours.intervals == ((7 * HOUR_S, 22 * HOUR_S),)


def feature(**changes: object) -> dict[str, object]:
    properties: dict[str, object] = {
        "name": "core",
        "hours": "07:00-09:00;17:00-19:00",
        "days": "workday",
        "truck_classes": "carrier;flatbed-2",
        "plate": "any",
        "permit": "",
        "date": "2026-01-01",
        "source": "test",
    }
    ring = [[113.4, 34.4], [113.6, 34.4], [113.6, 34.6], [113.4, 34.6], [113.4, 34.4]]
    geometry = changes.pop("geometry", {"type": "Polygon", "coordinates": [ring]})
    return {"type": "Feature", "properties": properties | changes, "geometry": geometry}


def written(path: Path, *features: dict[str, object]) -> Path:
    file = path / "bans.geojson"
    content = {"type": "FeatureCollection", "features": list(features)}
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def test_a_drawn_file_is_read(tmp_path: Path) -> None:
    """What a GIS exports has no schema member; it is read all the same."""
    (ban,) = load_bans(written(tmp_path, feature()))
    assert ban.hours_s == ((25_200, 32_400), (61_200, 68_400))
    assert ban.truck_classes == {"carrier", "flatbed-2"}
    assert ban.contains(CENTRE)


def test_all_faults_come_at_once_with_their_feature(tmp_path: Path) -> None:
    """The user corrects the file once, not fault by fault."""
    file = written(
        tmp_path,
        feature(),
        feature(hours="7-9", days="sometimes", plate="red"),
        feature(hours="22:00-06:00", date="soon", source=""),
        feature(geometry={"type": "Point", "coordinates": [113, 34]}, datum="gcj02"),
        feature(geometry={"type": "Polygon", "coordinates": [[[34, 113], [35, 113], [35, 114]]]}),
        feature(plate="pattern:[", permit=7),
    )
    with pytest.raises(BadGeoData) as caught:
        load_bans(file)
    text = str(caught.value)
    for claim in (
        "feature 2: hours '7-9': write",
        "feature 2: days ['sometimes']",
        "feature 2: plate 'red'",
        "feature 3: hours '22:00-06:00' do not ascend: cut a ban across midnight",
        "feature 3: date",
        "feature 3: source is ''",
        "feature 4: geometry is Point: draw a polygon",
        "feature 4: datum is 'gcj02'",
        "feature 5: polygon",
        "feature 6: plate pattern '[' is no regular expression",
        "feature 6: permit is 7",
    ):
        assert claim in text
    assert "feature 1" not in text


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b'{"features": {}}', b"null"])
def test_a_file_that_is_no_geojson_is_refused(content: bytes, tmp_path: Path) -> None:
    """An error with the file's name, never a traceback from a parser."""
    file = tmp_path / "bans.geojson"
    file.write_bytes(content)
    with pytest.raises(BadGeoData, match=r"bans\.geojson"):
        load_bans(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path is the user's to correct."""
    with pytest.raises(MissingSource, match=r"none\.geojson cannot be read"):
        load_bans(tmp_path / "none.geojson")
