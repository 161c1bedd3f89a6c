"""Whatever is in a file, it is read or refused in words; nothing else comes out of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.benchmarks.solutions import read_solution
from routing.errors import BadInstance
from tests.routing.benchmarks.texts import SOLOMON, read_text, vrplib

EVERYTHING = vrplib(
    {"VEHICLES": 2, "CAPACITY": None, "VEHICLES_MAX_DURATION": 99},
    {
        "TIME_WINDOW": [(0, 90), (5, 80), (0, 70), (1, 60)],
        "RELEASE_TIME": [(0,), (0,), (0,), (9,)],
        "PRIZE": [(0,), (0,), (0,), (8,)],
        "CAPACITY": [(5,), (7,)],
        "VEHICLES_FIXED_COST": [(1,), (2,)],
        "VEHICLES_DEPOT": [(1,), (1,)],
        "VEHICLES_RELOAD_DEPOT": [(1,), (1,)],
        "VEHICLES_ALLOWED_CLIENTS": [(3,), (3, 4)],
        "DEPOT": [(1,)],
    },
)
WORDS = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e9",
        "1e300",
        "2.5",
        "x",
        ":",
        "EOF",
        "-1 -1",
        "DEMAND_SECTION",
        "9" * 30,
        "\u00e9",
    ]
)


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """Replace, drop or repeat a few words or lines."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].split()
        what = draw(st.sampled_from(["word", "drop", "repeat", "line"]))
        if what == "word" and words:
            words[draw(st.integers(0, len(words) - 1))] = draw(WORDS)
            lines[at] = " ".join(words)
        elif what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "repeat":
            lines.insert(at, lines[at])
        else:
            lines[at] = draw(WORDS)
    return "\n".join(lines)


@pytest.mark.parametrize(("name", "text"), [("any.vrp", EVERYTHING), ("any.txt", SOLOMON)])
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices=st.data())
def test_a_spoilt_file_is_read_or_refused(
    tmp_path: Path, name: str, text: str, choices: st.DataObject
) -> None:
    """A traceback helps nobody who holds a file."""
    try:
        instance = read_text(tmp_path, choices.draw(spoilt(text)), name=name)
    except BadInstance as refused:
        assert all(fault.startswith(name) for fault in refused.faults)
    else:
        assert len(instance.model.clients) + instance.model.depots == len(
            instance.model.distance[0]
        )


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices=st.data())
def test_a_spoilt_solution_is_read_or_refused(tmp_path: Path, choices: st.DataObject) -> None:
    """The same for the routes beside it."""
    instance = read_text(tmp_path, EVERYTHING)
    text = choices.draw(spoilt("Route #1: 1 2 0 3\nRoute #2:\nCost: 12.5\n"))
    path = tmp_path / "any.sol"
    path.write_text(text, encoding="utf-8")
    try:
        routes = read_solution(path, instance)
    except BadInstance as refused:
        assert refused.faults
    else:
        assert all(0 <= client < 3 for route in routes for client in route.clients)
