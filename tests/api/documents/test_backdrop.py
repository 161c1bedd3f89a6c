"""The county map behind the routes, from the real polygons."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from api.days.documents.backdrop import Backdrop, Bounds, county_backdrop

AROUND_ZHENGZHOU = Bounds(west=113.0, south=34.3, east=114.2, north=35.0)


@pytest.fixture(scope="module")
def backdrop(tmp_path_factory: pytest.TempPathFactory) -> Backdrop:
    """Draw the box once, from polygons built into the cache that the map tests of a run share."""
    folder: Path = tmp_path_factory.getbasetemp() / "geo-cache"
    return county_backdrop(AROUND_ZHENGZHOU, 0.002, directory=folder)


def test_the_counties_of_a_box_are_drawn_with_their_names(backdrop: Backdrop) -> None:
    """The reader finds the way by them."""
    assert {"中原区", "新密市", "中牟县", "荥阳市"} <= set(backdrop.names().values())
    assert backdrop.names()["410183"] == "新密市"
    assert "天地图" in backdrop.attribution


def test_nothing_reaches_out_of_the_box(backdrop: Backdrop) -> None:
    """What the reader cannot see costs bytes."""
    box = AROUND_ZHENGZHOU
    for county in backdrop.counties:
        for ring in county.rings:
            assert all(
                box.west - 1e-9 <= lon <= box.east + 1e-9
                and box.south - 1e-9 <= lat <= box.north + 1e-9
                for lon, lat in ring
            )


def test_simplified_neighbours_still_touch_without_gaps(backdrop: Backdrop) -> None:
    """Borders simplified one by one would leave slivers that look like no man's land."""
    box = AROUND_ZHENGZHOU
    frame = shapely.box(box.west, box.south, box.east, box.north)
    union = shapely.union_all(
        [shapely.make_valid(shapely.Polygon(ring)) for c in backdrop.counties for ring in c.rings]
    )
    assert shapely.difference(frame, union).area < 1e-4 * frame.area
