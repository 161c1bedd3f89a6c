"""VRPLIB in the dialect of PyVRP's instances: any mix of the sections below makes one model.

One row per node: NODE_COORD, DEMAND, SERVICE_TIME, TIME_WINDOW, RELEASE_TIME, PRIZE.
One row per vehicle: CAPACITY, VEHICLES_DEPOT, VEHICLES_FIXED_COST, VEHICLES_UNIT_DISTANCE_COST,
VEHICLES_MAX_DURATION, VEHICLES_ALLOWED_CLIENTS, VEHICLES_RELOAD_DEPOT, VEHICLES_MAX_RELOADS.
A single value (`CAPACITY: 200`) stands for every row. A client with a prize may be left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.benchmarks.edges import edge_weights
from routing.benchmarks.faults import Faults
from routing.benchmarks.instance import (
    MOST_NODES,
    MOST_VEHICLES,
    Instance,
    Vehicles,
    grouped,
    model_of,
    refuse_too_large,
)
from routing.benchmarks.sections import Document, parse_sections
from routing.benchmarks.tables import Tables
from routing.benchmarks.units import Units, units_of
from routing.model import NEVER, Clients, Floats, Ints

_SCALARS: Final = frozenset(
    {"CAPACITY", "SERVICE_TIME", "RELEASE_TIME", "PRIZE", "VEHICLES_FIXED_COST"}
    | {"VEHICLES_UNIT_DISTANCE_COST", "VEHICLES_MAX_DURATION", "VEHICLES_MAX_RELOADS"}
)
_WORDS: Final = frozenset(
    {"NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE"}
    | {"EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT"}
)
_PER_VEHICLE: Final = frozenset(
    {"CAPACITY", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST", "VEHICLES_MAX_DURATION"}
    | {"VEHICLES_DEPOT", "VEHICLES_ALLOWED_CLIENTS", "VEHICLES_RELOAD_DEPOT"}
    | {"VEHICLES_MAX_RELOADS"}
)
_SECTIONS: Final = (
    _SCALARS
    | _PER_VEHICLE
    | frozenset({"NODE_COORD", "DEMAND", "TIME_WINDOW", "EDGE_WEIGHT", "DEPOT"})
)
_UNLIMITED: Final = float(NEVER)


def read_vrplib(path: Path, text: str, *, units: Units | None = None) -> Instance:
    """Read one file; `units` overrides what its TYPE says.

    Raises:
        BadInstance: every fault found, each with section and line.
    """
    faults = Faults(path.name)
    document = parse_sections(text, faults)
    _refuse_unknown(document)
    nodes = document.count("DIMENSION", most=MOST_NODES)
    if nodes is None:
        if "DIMENSION" not in document.values:
            faults.add("no DIMENSION", "tell the number of nodes, depots included")
        raise faults.refusal()
    return _Reading(path, document, nodes, units or units_of(document.text("TYPE"))).instance()


def _refuse_unknown(document: Document) -> None:
    """A rule that is skipped silently would make a wrong benchmark."""
    for key, (line, _) in document.values.items():
        if key not in _WORDS | _SCALARS:
            document.faults.add(
                f"{key} is not understood", "remove it if it changes no route", line=line
            )
    for name, section in document.sections.items():
        if name not in _SECTIONS:
            document.faults.add(
                f"{name}_SECTION is not understood",
                "remove it if it changes no route",
                section=name,
                line=section.line,
            )


class _Reading:
    """One file on its way to a model: tables first, then whole units, then the fleet."""

    def __init__(self, path: Path, document: Document, nodes: int, units: Units) -> None:
        self.path, self.document, self.nodes, self.units = path, document, nodes, units
        self.faults = document.faults
        self.tables = Tables(document)
        self.depots = self._depot_count()

    def instance(self) -> Instance:
        """Build it, or tell every fault at once."""
        weights = self.units.whole(edge_weights(self.document, self.tables, self.nodes))
        windows = self._windows()
        clients = self._clients(windows)
        vehicles = self._vehicles(windows, clients.demand.shape[1])
        refuse_too_large(weights, clients, vehicles.fixed, self.units, self.faults)
        self.faults.settle()
        fleet, kind_of = grouped(vehicles)
        return Instance(
            path=self.path,
            units=self.units,
            model=model_of(
                self.document.text("NAME", self.path.stem),
                depots=self.depots,
                weights=weights,
                clients=clients,
                fleet=fleet,
            ),
            kind_of_vehicle=kind_of,
        )

    def _depot_count(self) -> int:
        section = self.document.sections.get("DEPOT")
        if section is None:
            return 1
        listed = [value for row in section.rows for value in row.values if value != -1]
        if listed != list(range(1, len(listed) + 1)) or not 1 <= len(listed) < self.nodes:
            told = " ".join(f"{each:g}" for each in listed) or "none"
            self.faults.add(
                f"the depots are {told}",
                "number them 1, 2, ... and put the clients after them",
                section="DEPOT",
                line=section.line,
            )
            return 1
        return len(listed)

    def _windows(self) -> Ints:
        """(nodes, 2); without a section always open."""
        if "TIME_WINDOW" not in self.document.sections:
            return np.repeat([[0, NEVER]], self.nodes, axis=0).astype(np.int64)
        found = self.tables.quantity("TIME_WINDOW", self.nodes, default=0.0, columns=2)
        for row in self.document.sections["TIME_WINDOW"].rows:
            if len(row.values) == 3 and row.values[2] < row.values[1]:
                self.faults.add(
                    f"window {row.values[1]:g} to {row.values[2]:g} ends before it starts",
                    "exchange the two",
                    section="TIME_WINDOW",
                    line=row.line,
                )
        return np.minimum(self.units.whole(found), NEVER)

    def _clients(self, windows: Ints) -> Clients:
        rows = slice(self.depots, None)
        demand = self._loads("DEMAND", self.nodes, default=0.0)
        service = self.units.whole(self._of_nodes("SERVICE_TIME"))
        prize = self.units.whole(self._of_nodes("PRIZE"))
        self._refuse_depot_values("DEMAND", demand.sum(axis=1))
        if "SERVICE_TIME" in self.document.sections:
            self._refuse_depot_values("SERVICE_TIME", service)
        return Clients(
            demand=demand[rows],
            service=service[rows],
            earliest=windows[rows, 0],
            latest=windows[rows, 1],
            release=self.units.whole(self._of_nodes("RELEASE_TIME"))[rows],
            prize=prize[rows].astype(np.float64),
            required=prize[rows] == 0,
        )

    def _vehicles(self, windows: Ints, dimensions: int) -> Vehicles:
        count = self._count()
        depot = self._home(count)
        capacity = self._loads("CAPACITY", count, default=_UNLIMITED)
        if capacity.shape[1] == 1 and dimensions > 1:
            capacity = np.repeat(capacity, dimensions, axis=1)
        if capacity.shape[1] != dimensions:
            self.faults.add(
                f"capacity has {capacity.shape[1]} dimensions, demand {dimensions}",
                "give each demand its capacity",
                section="CAPACITY",
            )
        duration = self._of_vehicles("VEHICLES_MAX_DURATION", count, default=_UNLIMITED)
        return Vehicles(
            depot=depot,
            capacity=capacity,
            opens=windows[depot, 0],
            closes=windows[depot, 1],
            max_duration=np.where(
                duration < _UNLIMITED, np.minimum(self.units.whole(duration), NEVER), NEVER
            ),
            fixed=self.units.whole(
                self._of_vehicles("VEHICLES_FIXED_COST", count, default=0.0)
            ).astype(np.float64),
            per_distance=self._of_vehicles("VEHICLES_UNIT_DISTANCE_COST", count, default=1.0),
            max_trips=self._trips(count, depot),
            allowed=self._allowed(count),
        )

    def _count(self) -> int:
        """Vehicles: told, or as many as the longest table of them, or one for every client."""
        told = self.document.count("VEHICLES", most=MOST_VEHICLES)
        sections = self.document.sections
        listed = [len(sections[key].rows) for key in _PER_VEHICLE if key in sections]
        return told or max(listed, default=self.nodes - self.depots) or 1

    def _home(self, count: int) -> Ints:
        if "VEHICLES_DEPOT" not in self.document.sections:
            return np.zeros(count, np.int64)
        lists = self.tables.lists("VEHICLES_DEPOT", count, limit=self.depots) or []
        if any(len(each) > 1 for each in lists):
            self.faults.add(
                "a vehicle with several depots", "give each one depot", section="VEHICLES_DEPOT"
            )
        return np.array([each[0] - 1 if each else 0 for each in lists], np.int64)

    def _trips(self, count: int, depot: Ints) -> Ints:
        """Trips a vehicle may make: 1 without a reload depot, which must be its own."""
        reloads = self.tables.lists("VEHICLES_RELOAD_DEPOT", count, limit=self.depots)
        if reloads is None:
            return np.ones(count, np.int64)
        most = self._of_vehicles("VEHICLES_MAX_RELOADS", count, default=_UNLIMITED)
        for at, where in enumerate(reloads):
            if any(each != depot[at] + 1 for each in where):
                self.faults.add(
                    f"vehicle {at + 1} reloads away from its depot {depot[at] + 1}",
                    "a truck reloads at home only: take the other depots out",
                    section="VEHICLES_RELOAD_DEPOT",
                    line=self.document.sections["VEHICLES_RELOAD_DEPOT"].line,
                )
        enough = float(self.nodes - self.depots)
        trips = [1 + min(enough - 1, most[at]) if where else 1 for at, where in enumerate(reloads)]
        return np.array(trips, np.int64)

    def _allowed(self, count: int) -> NDArray[np.bool_]:
        clients = self.nodes - self.depots
        lists = self.tables.lists("VEHICLES_ALLOWED_CLIENTS", count, limit=self.nodes)
        if lists is None:
            return np.ones((count, clients), np.bool_)
        found = np.zeros((count, self.nodes), np.bool_)
        for at, numbers in enumerate(lists):
            found[at, [each - 1 for each in numbers]] = True
        return found[:, self.depots :]

    def _of_nodes(self, key: str) -> Floats:
        return self.tables.quantity(key, self.nodes, default=0.0)[:, 0]

    def _of_vehicles(self, key: str, count: int, *, default: float) -> Floats:
        return self.tables.quantity(key, count, default=default)[:, 0]

    def _loads(self, key: str, rows: int, *, default: float) -> Ints:
        """Loads are whole already: units do not scale them."""
        found = self.tables.quantity(key, rows, default=default, columns=None)
        if (found % 1).any():
            self.faults.add(
                f"{key} has decimals", "multiply DEMAND and CAPACITY alike", section=key
            )
        return np.minimum(found, NEVER).astype(np.int64)

    def _refuse_depot_values(self, key: str, found: Ints) -> None:
        if found[: self.depots].any():
            self.faults.add(
                f"a depot has a {key.lower().replace('_', ' ')}",
                "write 0 in its row",
                section=key,
                line=self.document.sections[key].line if key in self.document.sections else 0,
            )
