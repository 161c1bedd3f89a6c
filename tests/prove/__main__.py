"""`python -m tests.prove [WHAT ...] [--database KIND] [--scale X]`: the proofs, as one table.

The same code runs in the suite in its short form. A proof that fails ends the run with its error.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.databases import KINDS
from tests.prove import (
    job_kills,
    kills,
    load,
    machine,
    relay_kills,
    reoptimised,
    server_kills,
    small_histories,
)

Row = Mapping[str, object]
Proof = Callable[[str, Path, float], Row]


def histories(kind: str, folder: Path, scale: float) -> Row:
    """Random histories against the reference model."""
    played = machine.random_histories(kind, folder, histories=round(500 * scale), steps=40)
    return {**played, "promises broken": 0}


def linear(kind: str, folder: Path, scale: float) -> Row:
    """Small concurrent histories through the linearizability checker."""
    counts = small_histories.checked_histories(kind, folder, histories=round(1_000 * scale))
    return {**counts, "not linearizable": 0}


def killed(kind: str, folder: Path, scale: float) -> Row:
    """kill -9 of the process that sells."""
    return {**kills.killed_processes(kind, folder, kills=round(200 * scale)), "lost": 0}


def server(kind: str, folder: Path, scale: float) -> Row:
    """PostgreSQL stopped at once."""
    if kind != "postgresql":
        return {"not for": kind}
    return {**server_kills.stopped_servers(folder, stops=round(20 * scale)), "lost": 0}


def jobs(kind: str, folder: Path, scale: float) -> Row:
    """kill -9 of workers and of their children."""
    return {**job_kills.killed_workers(kind, folder, kills=round(200 * scale)), "lost": 0}


def relay(kind: str, folder: Path, scale: float) -> Row:
    """kill -9 of the relay of webhooks."""
    row = relay_kills.killed_relays(
        kind, folder, events=round(100_000 * scale), kills=round(100 * scale)
    )
    return {**row, "lost": 0, "first deliveries out of order": 0}


def better(kind: str, folder: Path, scale: float) -> Row:
    """Sellers, re-optimiser, late plans, lost trucks and repairs at once."""
    return reoptimised.histories(kind, folder, count=round(10_000 * scale))


def mixed(kind: str, folder: Path, scale: float) -> Row:
    """Mixed load over 20 days; every answer looked up in the ledger."""
    figures, found = load.mixed_load(kind, folder, operations=round(20_000 * scale))
    return {**_speed(figures), **found}


def launch(kind: str, folder: Path, scale: float) -> Row:
    """A midnight launch on one day."""
    figures, found = load.midnight_launch(
        kind, folder, buyers=round(5_000 * scale), places=round(500 * scale)
    )
    return {**_speed(figures), **found}


PROOFS: Mapping[str, Proof] = {
    "histories": histories,
    "linear": linear,
    "kills": killed,
    "server": server,
    "jobs": jobs,
    "better": better,
    "relay": relay,
    "mixed": mixed,
    "launch": launch,
}


def _speed(figures: load.Figures) -> Row:
    return {
        "answers": len(figures.seen),
        "answers/s": round(len(figures.seen) / figures.wall_s),
        "granted/s": round(figures.granted() / figures.wall_s),
        "hold p95 ms": figures.p95_ms("hold"),
        "confirm p95 ms": figures.p95_ms("confirm"),
        "cpu ms an answer": round(1000 * figures.cpu_s / len(figures.seen), 2),
    }


def main() -> None:
    """Run what is asked for and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(PROOFS)}; all without it")
    parser.add_argument("--database", choices=KINDS, action="append", help="both without it")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size")
    chosen = parser.parse_args()
    if unknown := set(chosen.what) - PROOFS.keys():
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    for name in chosen.what or PROOFS:
        for kind in chosen.database or KINDS:
            with tempfile.TemporaryDirectory(prefix="flatbed-prove-") as folder:
                started = time.perf_counter()
                row = PROOFS[name](kind, Path(folder), chosen.scale)
                took = time.perf_counter() - started
            told = ", ".join(f"{key} {value}" for key, value in row.items())
            print(f"{name:<10} {kind:<11} {took:6.0f} s  {told}", flush=True)


if __name__ == "__main__":
    main()
