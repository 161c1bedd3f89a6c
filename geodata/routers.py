"""Shortest paths on a road graph: one protocol, two engines.

`pyroutingkit` (customizable contraction hierarchy) orders the graph once and takes new costs in
0.05 s; scipy's Dijkstra needs nothing prepared and is the test oracle.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.cache import package_digest
from geodata.errors import MissingSource
from geodata.graph import CLOSED, RoadGraph

if TYPE_CHECKING:
    from pyroutingkit import CCHMetric, CCHTopology
    from scipy.sparse import csr_array

MAX_SHARPNESS: Final = 256
METRICS_KEPT: Final = 4
TOPOLOGY_RECIPE: Final = "topology 1"
SEAL: Final = "flatbed.sha256"


class Router(Protocol):
    """Shortest paths under any costs; costs and sums are uint32 below `CLOSED`."""

    name: str

    def many_to_many(
        self,
        cost: NDArray[np.uint32],
        *,
        sources: NDArray[np.integer],
        targets: NDArray[np.integer],
    ) -> NDArray[np.int64]:
        """Sum the cheapest paths, shape (S, T); `CLOSED` where no path leads."""
        ...

    def path(self, cost: NDArray[np.uint32], *, source: int, target: int) -> tuple[int, ...]:
        """List the arcs of a cheapest path, none where none leads or source is target."""
        ...


class KitRouter:
    """`pyroutingkit` behind a lock: it crashes when two threads use one metric."""

    name = "pyroutingkit"

    def __init__(self, graph: RoadGraph, *, cache_dir: Path | None = None) -> None:
        """Load the order of the graph from the cache, or find it (seconds) and keep it."""
        self._lock = threading.Lock()
        self._topology = _topology(graph, cache_dir=cache_dir)
        self._metrics: list[tuple[NDArray[np.uint32], CCHMetric]] = []

    def many_to_many(
        self,
        cost: NDArray[np.uint32],
        *,
        sources: NDArray[np.integer],
        targets: NDArray[np.integer],
    ) -> NDArray[np.int64]:
        with self._lock:
            found = self._customized(cost).distances_many_to_many(
                np.asarray(sources, dtype=np.uint32), np.asarray(targets, dtype=np.uint32)
            )
        shape = (len(sources), len(targets))
        return np.minimum(np.asarray(found, dtype=np.int64).reshape(shape), CLOSED)

    def path(self, cost: NDArray[np.uint32], *, source: int, target: int) -> tuple[int, ...]:
        with self._lock:
            total, _, arcs = self._customized(cost).query(source, target)
        return tuple(int(arc) for arc in arcs) if total < CLOSED else ()

    def _customized(self, cost: NDArray[np.uint32]) -> CCHMetric:
        """Take new costs into the order (0.05 s); the last few stay ready."""
        for known, metric in self._metrics:
            if known is cost:
                return metric
        from pyroutingkit import CCHMetric

        metric = CCHMetric(self._topology)
        metric.customize(np.ascontiguousarray(cost, dtype=np.uint32))
        self._metrics = [(cost, metric), *self._metrics[: METRICS_KEPT - 1]]
        return metric


class ScipyRouter:
    """scipy's Dijkstra: no preparation, one search per source."""

    name = "scipy"

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph

    def many_to_many(
        self,
        cost: NDArray[np.uint32],
        *,
        sources: NDArray[np.integer],
        targets: NDArray[np.integer],
    ) -> NDArray[np.int64]:
        from scipy.sparse.csgraph import dijkstra

        arcs = self._cheapest_arcs(cost)
        matrix = self._matrix(cost, arcs)
        rows, back = np.unique(np.asarray(sources), return_inverse=True)
        result = np.empty((len(rows), len(targets)), dtype=np.int64)
        for row, source in enumerate(rows):
            found = dijkstra(matrix, indices=int(source))[np.asarray(targets)]
            result[row] = np.where(np.isfinite(found), found, CLOSED)
        return np.minimum(result, CLOSED)[back]

    def path(self, cost: NDArray[np.uint32], *, source: int, target: int) -> tuple[int, ...]:
        from scipy.sparse.csgraph import dijkstra

        arcs = self._cheapest_arcs(cost)
        _, before = dijkstra(self._matrix(cost, arcs), indices=source, return_predecessors=True)
        chosen: list[int] = []
        node = target
        while node != source:
            previous = int(before[node])
            if previous < 0:
                return ()
            joins = (self._graph.tail[arcs] == previous) & (self._graph.head[arcs] == node)
            chosen.append(int(arcs[joins][0]))
            node = previous
        return tuple(reversed(chosen))

    def _cheapest_arcs(self, cost: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Leave out closed arcs, and all but the cheapest of parallel ones."""
        order = np.lexsort((cost, self._graph.head, self._graph.tail))
        order = order[cost[order] < CLOSED]
        tail, head = self._graph.tail[order], self._graph.head[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return np.asarray(order[first], dtype=np.int64)

    def _matrix(self, cost: NDArray[np.uint32], arcs: NDArray[np.int64]) -> csr_array:
        from scipy.sparse import csr_array

        nodes = self._graph.nodes
        ends = (self._graph.tail[arcs], self._graph.head[arcs])
        return csr_array((cost[arcs].astype(np.float64), ends), shape=(nodes, nodes))


def make_router(graph: RoadGraph, *, engine: str = "auto", cache_dir: Path | None = None) -> Router:
    """Choose the engine: `auto` takes pyroutingkit where it is installed, else scipy.

    Raises:
        MissingSource: the asked engine is not installed, or there is none of that name.
    """
    installed = find_spec("pyroutingkit") is not None
    if engine == "scipy" or (engine == "auto" and not installed):
        return ScipyRouter(graph)
    if engine not in ("auto", "pyroutingkit"):
        raise MissingSource(f"there is no router {engine!r}: choose auto, pyroutingkit or scipy")
    if not installed:
        raise MissingSource("pyroutingkit is not installed: install it, or choose scipy")
    return KitRouter(graph, cache_dir=cache_dir)


def sum_along(
    router: Router,
    cost: NDArray[np.uint32],
    extra: NDArray[np.uint32],
    *,
    sources: NDArray[np.integer],
    targets: NDArray[np.integer],
    total: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Sum another quantity along the cheapest paths, 0 where there is none.

    `total` is what `many_to_many` answered for `cost`. An engine answers sums of costs only, so
    the cost is sharpened k times, the extra added, and k times the total taken off: the slope of
    the optimum is the extra along the optimal path. Where paths tie within extra / k of each
    other the answer lies between the extras of the tying paths. Nothing is searched where every
    arc that has some of the quantity costs more than the longest path.
    """
    open_pairs = total < CLOSED
    longest = int(total[open_pairs].max(initial=1))
    if cost[extra > 0].min(initial=CLOSED) > longest:
        return np.zeros(total.shape, dtype=np.int64)
    sharpness = max(1, min(MAX_SHARPNESS, (CLOSED - 1) // (2 * longest)))
    found = router.many_to_many(
        _SHARPENED.of(cost, extra, sharpness), sources=sources, targets=targets
    )
    return np.where(open_pairs, found - total * sharpness, 0)


class _Sharpened:
    """The last few sharpened costs: the same array again is what a router stays ready for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: list[
            tuple[NDArray[np.uint32], NDArray[np.uint32], int, NDArray[np.uint32]]
        ] = []

    def of(
        self, cost: NDArray[np.uint32], extra: NDArray[np.uint32], sharpness: int
    ) -> NDArray[np.uint32]:
        with self._lock:
            for known in self._known:
                if known[0] is cost and known[1] is extra and known[2] == sharpness:
                    return known[3]
            sharp = np.where(cost < CLOSED, cost.astype(np.int64) * sharpness + extra, CLOSED)
            made = np.minimum(sharp, CLOSED).astype(np.uint32)
            self._known = [(cost, extra, sharpness, made), *self._known[: METRICS_KEPT - 2]]
            return made


_SHARPENED: Final = _Sharpened()


def _topology(graph: RoadGraph, *, cache_dir: Path | None) -> CCHTopology:
    from pyroutingkit import CCHTopology

    topology = CCHTopology()
    kept = None
    if cache_dir is not None:
        engine = package_digest(["pyroutingkit"], recipe=TOPOLOGY_RECIPE)
        kept = cache_dir / f"topology-{graph.digest[:16]}-{engine}"
        if _is_whole(kept):
            topology.load(str(kept))
            return topology
    topology.build(
        graph.tail.astype(np.uint32),
        graph.head.astype(np.uint32),
        graph.lat.astype(np.float32),
        graph.lon.astype(np.float32),
        graph.nodes,
    )
    if kept is not None:
        _save_whole(topology, kept)
    return topology


def _save_whole(topology: CCHTopology, kept: Path) -> None:
    """Write beside, seal and rename, so that no reader sees half an order."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{kept.name}.", suffix=".part", dir=kept.parent))
    try:
        topology.save(str(part))
        (part / SEAL).write_text(_content_digest(part), "ascii")
        if not _is_whole(kept):
            shutil.rmtree(kept, ignore_errors=True)
        part.rename(kept)
    except OSError:
        if not _is_whole(kept):
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _is_whole(kept: Path) -> bool:
    """Say whether a kept order is what was written: the engine crashes on a damaged one."""
    try:
        return (kept / SEAL).read_text("ascii") == _content_digest(kept)
    except (OSError, UnicodeDecodeError):
        return False


def _content_digest(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.name != SEAL:
            content = file.read_bytes()
            total.update(f"{file.name} {len(content)}\n".encode())
            total.update(content)
    return total.hexdigest()
