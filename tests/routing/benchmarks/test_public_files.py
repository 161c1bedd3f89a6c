"""Whole families of public instances, where their files are here."""

from pathlib import Path

import pytest

from routing.benchmarks.checker import check_routes
from routing.benchmarks.reading import read_instance
from routing.benchmarks.solutions import best_known, read_solution

FOLDER = Path(__file__).parents[3].parent / "shared/data/benchmarks"
SOLVED = sorted(path.with_suffix(".vrp") for path in FOLDER.rglob("*.sol"))
TEXTS = sorted(FOLDER.rglob("*.txt"))
COST_LINES = (1, 10, 100_000)
"""Units of published cost lines in ours: the same, tenths, hundredths of thousandths."""
HERE = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/benchmarks is not here")


@HERE
def test_every_published_solution_is_feasible_at_its_published_cost() -> None:
    """The proof of units and rules: 39 files, and cost lines in the units they were written in."""
    assert len(SOLVED) >= 39
    wrong = []
    for path in SOLVED:
        instance = read_instance(path)
        report = check_routes(instance.model, read_solution(path.with_suffix(".sol"), instance))
        lines = path.with_suffix(".sol").read_text().splitlines()
        said = next(float(line.split()[-1]) for line in lines if line.startswith("Cost"))
        same = any(abs(report.cost / said / unit - 1) < 1e-6 for unit in COST_LINES)
        if not (report.feasible and same):
            wrong.append((path.name, report.cost, said, report.faults[:1]))
    assert wrong == []


@HERE
def test_every_text_file_is_read_and_has_a_best_known_cost() -> None:
    """Solomon's 56 and the Gehring-Homberger ones beside them."""
    instances = [read_instance(path) for path in TEXTS]
    assert len(instances) >= 92
    assert [each.path.name for each in instances if not best_known(each)] == []
