"""Longer road tables: `python -m tests.benchmarks.road_tables pairs | memory`.

`memory` takes about four minutes and needs ../shared/data/roads/rutland-latest.osm.pbf.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np

from geodata.matrix import TravelMatrix
from geodata.osm import load_osm
from geodata.routers import KitRouter
from geodata.travel import build_matrix, open_roads
from geodata.truck_classes import load_truck_classes
from tests.geodata.city_pairs import CITIES, KNOWN_KM, city

DAY = date(2026, 11, 24)
RUTLAND = Path(__file__).parents[2].parent / "shared/data/roads/rutland-latest.osm.pbf"
TILES = (1, 10, 40)
FOUR_GIB_MB = 4 * 1_024**3 / 1e6


def city_matrix() -> TravelMatrix:
    """Build the matrix of all cities of the table, with nothing cached."""
    with tempfile.TemporaryDirectory() as folder:
        return build_matrix(
            [city(name) for name in CITIES],
            truck_classes=["flatbed-1", "carrier"],
            date=DAY,
            roads=open_roads(cache_dir=Path(folder)),
            cache_dir=Path(folder),
        )


def city_pair_errors(matrix: TravelMatrix | None = None) -> Iterator[tuple[str, str, float]]:
    """Compare road distances with commonly known ones; errors are shares, ours over known."""
    built = matrix or city_matrix()
    for (a, b), known_km in KNOWN_KM.items():
        metres = built.metres[0, 0, built.index_of(a), built.index_of(b)]
        yield a, b, float(metres) / 1_000 / known_km - 1


def print_pairs() -> None:
    """Print the table of city pairs with times and tolls."""
    matrix = city_matrix()
    print(
        "| from | to | known km | ours km | error | flatbed-1 h | toll yuan, flatbed-1, carrier |"
    )
    print("|---|---|---|---|---|---|---|")
    errors = []
    for a, b, error in city_pair_errors(matrix):
        i, j = matrix.index_of(a), matrix.index_of(b)
        known = KNOWN_KM[a, b]
        hours = matrix.seconds[0, 0, i, j] / 3_600
        tolls = matrix.toll_minor[:, i, j] / 100
        errors.append(error)
        print(
            f"| {a} | {b} | {known} | {known * (1 + error):.0f} | {error:+.1%} | {hours:.1f} "
            f"| {tolls[0]:.0f}, {tolls[1]:.0f} |"
        )
    absolute = np.abs(errors)
    print(
        f"median absolute error {np.median(absolute):.1%}, mean {np.mean(errors):+.1%}, "
        f"largest {absolute.max():.1%}"
    )


def print_memory() -> None:
    """Print the peak memory of reading and ordering extracts: Rutland laid out side by side."""
    if not RUTLAND.is_file():
        print("skipped: ../shared/data/roads/rutland-latest.osm.pbf is not here")
        return
    sizes_mb, peaks_mb = [], []
    with tempfile.TemporaryDirectory() as folder:
        for tiles in TILES:
            file = Path(folder) / f"tiles-{tiles}.osm.pbf"
            write_tiles(file, tiles)
            child = [sys.executable, "-m", "tests.benchmarks.road_tables", "load", str(file)]
            answer = subprocess.run(child, check=True, capture_output=True, text=True).stdout
            nodes, peak_mb, took_s = (float(word) for word in answer.split())
            sizes_mb.append(file.stat().st_size / 1e6)
            peaks_mb.append(peak_mb)
            print(
                f"{tiles:3} tiles: {sizes_mb[-1]:6.1f} MB, {nodes:.0f} nodes, "
                f"peak {peak_mb:.0f} MB, {took_s:.1f} s"
            )
    slope, base = np.polyfit(sizes_mb, peaks_mb, 1)
    print(
        f"peak = {base:.0f} MB + {slope:.1f} x the file's MB; extrapolated, 4 GiB hold "
        f"{(FOUR_GIB_MB - base) / slope:.0f} MB of .osm.pbf"
    )


def write_tiles(file: Path, tiles: int) -> None:
    """Write copies of Rutland side by side, with ids of their own, nodes before ways."""
    import osmium

    step = 2 * 10**10
    with osmium.SimpleWriter(str(file), overwrite=True) as writer:
        for nodes in (True, False):
            for tile in range(tiles):
                for item in osmium.FileProcessor(str(RUTLAND)):
                    if nodes and isinstance(item, osmium.osm.Node):
                        at = item.location
                        moved = (at.lon + 0.7 * (tile % 10), at.lat - 0.6 * (tile // 10))
                        writer.add_node(item.replace(id=item.id + tile * step, location=moved))
                    elif not nodes and isinstance(item, osmium.osm.Way):
                        refs = [node.ref + tile * step for node in item.nodes]
                        writer.add_way(item.replace(id=item.id + tile * step, nodes=refs))


def load(file: Path) -> None:
    """Read and order one extract in this process; print nodes, peak MB, seconds."""
    start = perf_counter()
    network = load_osm(file, date=DAY)
    router = KitRouter(network.graph)
    truck = load_truck_classes()["carrier"]
    cost = network.metric(truck, closed_by=(), start_s=0, end_s=1).cost
    one = np.flatnonzero(network.usable_nodes(truck))[:1]
    router.many_to_many(cost, sources=one, targets=one)
    took_s = perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6
    print(network.graph.nodes, peak_mb, took_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=["pairs", "memory", "load"])
    parser.add_argument("file", nargs="?", type=Path, help="the extract of load")
    asked = parser.parse_args()
    if asked.table == "pairs":
        print_pairs()
    elif asked.table == "memory":
        print_memory()
    else:
        load(asked.file)


if __name__ == "__main__":
    main()
