"""Sources and cache: what is shown with the data, and files that are whole or absent."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from geodata.cache import forget_older, package_digest, write_whole
from geodata.errors import MissingSource
from geodata.sources import SOURCES, Use, attribution_line, sources_for


def test_every_source_is_installed_and_says_its_terms() -> None:
    """A package that is renamed or dropped must not leave a dead line in README."""
    for source in SOURCES:
        assert source.installed_version() != "not installed", source.package
        assert source.licence
        assert source.uses
    assert {use for source in SOURCES for use in source.uses} == set(Use)


def test_attribution_names_those_who_ask_for_it() -> None:
    """OSM contributors, GeoNames and Tianditu: on every map and in every export."""
    line = attribution_line()
    for name in ("OpenStreetMap contributors", "GeoNames", "天地图"):
        assert name in line
    roads_only = attribution_line([Use.ROADS])
    assert "OpenStreetMap" in roads_only
    assert "GeoNames" not in roads_only
    (polygons,) = sources_for([Use.COUNTY_POLYGONS])
    assert "审图号" in polygons.caution


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    """Two writers and a reader: every read is one of the two contents, complete."""
    path = tmp_path / "deep" / "file"
    contents = [bytes([letter]) * 200_000 for letter in b"ab"]
    write_whole(path, contents[0])

    def write(content: bytes) -> None:
        for _ in range(20):
            write_whole(path, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    seen = {path.read_bytes() for _ in range(50)}
    for writer in writers:
        writer.join()
    assert seen <= set(contents)
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """A full disk or a wrong type must not cost what was there."""
    path = tmp_path / "file"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "text")  # type: ignore[arg-type]  # wrong on purpose
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_digest_follows_versions_and_recipe() -> None:
    """An upgrade of a data package builds anew; a missing package is named."""
    assert package_digest(["numpy"], recipe="1") == package_digest(["numpy"], recipe="1")
    assert package_digest(["numpy"], recipe="1") != package_digest(["numpy"], recipe="2")
    with pytest.raises(MissingSource, match="no-such-package-at-all"):
        package_digest(["no-such-package-at-all"], recipe="1")


def test_older_builds_are_forgotten(tmp_path: Path) -> None:
    """Only the same family: the cache is shared by several tables."""
    keep, old, other = (tmp_path / name for name in ("a-2.json", "a-1.json", "b-1.json"))
    for path in (keep, old, other):
        path.write_bytes(b"")
    forget_older(tmp_path, prefix="a", keep=keep)
    assert sorted(tmp_path.iterdir()) == [keep, other]
