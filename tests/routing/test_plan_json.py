"""plan.json is a published file: canonical when written, strict when read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from routing.errors import BadPlan
from routing.plan import Plan
from routing.plan_json import plan_from_json, plan_to_json, read_plan
from tests.plans import henan_plan, large_plan

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8")
)
Document = dict[str, Any]


def _document() -> Document:
    document: Document = json.loads(plan_to_json(henan_plan()))
    return document


def _faults(document: Document) -> tuple[str, ...]:
    with pytest.raises(BadPlan) as caught:
        plan_from_json(json.dumps(document))
    return caught.value.faults


@pytest.mark.parametrize("plan", [henan_plan(), large_plan()], ids=["day", "large"])
def test_a_plan_survives_writing_and_reading(plan: Plan) -> None:
    """What is read is what was written; writing it again gives the same text."""
    text = plan_to_json(plan)
    assert plan_from_json(text) == plan
    assert plan_to_json(plan_from_json(text)) == text
    assert text.endswith("}\n")


def test_a_file_round_trips_with_a_byte_order_mark_too(tmp_path: Path) -> None:
    """Editors on Windows add a mark; it is no reason to refuse a plan."""
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xef\xbb\xbf" + plan_to_json(henan_plan()).encode())
    assert read_plan(path) == henan_plan()


def test_the_schema_accepts_real_plans() -> None:
    """Programs in other languages read the file by the schema alone."""
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    for plan in (henan_plan(), large_plan()):
        assert list(validator.iter_errors(json.loads(plan_to_json(plan)))) == []


def test_the_schema_knows_every_field() -> None:
    """A field that is written but not described would be a promise nobody can read."""
    for kind in _plan_classes():
        described = SCHEMA if kind is Plan else SCHEMA["$defs"][kind.__name__]
        assert set(described["properties"]) == {part.name for part in fields(kind)}, kind
        assert described["additionalProperties"] is False


def _plan_classes() -> set[type]:
    found: set[type] = set()

    def walk(kind: object) -> None:
        for part in get_args(kind):
            walk(part)
        if isinstance(kind, type) and is_dataclass(kind) and kind not in found:
            found.add(kind)
            for hint in get_type_hints(kind).values():
                walk(hint)

    walk(Plan)
    return found


def test_every_fault_is_reported_at_once_with_its_place() -> None:
    """A program that writes plans mends all of them in one round."""
    document = _document()
    document["routes"][0]["bay"] = "1"
    document["routes"][1]["stops"][2]["begins"] = "2026-11-23T10:00:00"  # no offset
    document["left_behind"][0]["reason"] = "bad_luck"
    document["provenance"]["seed"] = True
    del document["day"]
    document["colour"] = "red"
    faults = _faults(document)
    places = {fault.split(":")[0] for fault in faults}
    assert places == {
        "routes[0].bay",
        "routes[1].stops[2].begins",
        "left_behind[0].reason",
        "provenance.seed",
        "day",
        "colour",
    }
    assert 'routes[0].bay: expected a whole number, found "1"' in faults


CONTRADICTIONS: list[tuple[str, Callable[[Document], object]]] = [
    ("order D-2001 stands 2 times", lambda d: d["left_behind"][0].update(order_id="D-2001")),
    ("truck T01 stands 2 times", lambda d: d["idle"][0].update(truck_id="T01")),
    ("unknown warehouse", lambda d: d["routes"][0].update(warehouse_id="RDC-XX")),
    ("other cars than those of the stops", lambda d: d["routes"][0]["deck"].pop()),
    ("no IANA zone", lambda d: d.update(time_zone="UTC+08:00")),
    ("no IANA zone", lambda d: d.update(time_zone="../etc")),
    ("has no stop", lambda d: d["routes"][0].update(stops=[], deck=[])),
    ("bays count from 1", lambda d: d["routes"][0].update(bay=0)),
    ("outside the globe", lambda d: d["routes"][0]["stops"][0].update(lat=134.5)),
    ("is negative", lambda d: d["routes"][0]["stops"][0]["leg"].update(metres=-1)),
    ("before departs", lambda d: d["routes"][0]["home"].update(arrives="2026-11-23T01:00:00Z")),
    ("before loading ends", lambda d: d["routes"][0].update(departs="2026-11-23T00:00:00+08:00")),
    (
        "window ends",
        lambda d: d["routes"][0]["load"].update(end=d["routes"][0]["load"]["start"]),
    ),
    ("stand on position", lambda d: d["routes"][0]["deck"][1].update(position_id="bed")),
]


@pytest.mark.parametrize(
    ("words", "change"),
    CONTRADICTIONS,
    ids=[f"{number} {words}" for number, (words, _) in enumerate(CONTRADICTIONS)],
)
def test_a_plan_that_contradicts_itself_is_refused(
    words: str, change: Callable[[Document], object]
) -> None:
    """Nothing is printed, drawn or audited from a document that cannot be true."""
    document = _document()
    change(document)
    assert any(words in fault for fault in _faults(document)), words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "one JSON object"),
        ('{"format": 2}', "plan format is 2"),
        ('{"format": true}', "plan format is True"),
        ('{"format": 1, "format": 1}', "stands twice"),
        ('{"format": NaN}', "no JSON number"),
        ("[" * 100_000, "nests too deep"),
        ('{"format": 1' + "0" * 5000 + "}", "not a plan"),
        ("<html></html>", "not JSON"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_sentence(text: str, words: str) -> None:
    """The wrong file, handed in by mistake, gets an answer and no traceback."""
    with pytest.raises(BadPlan, match=words):
        plan_from_json(text)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Someone names the workbook instead of plan.json."""
    path = tmp_path / "plan.json"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(BadPlan, match="not UTF-8"):
        read_plan(path)


def test_an_endless_list_of_faults_is_cut() -> None:
    """A file of another make should not answer with thousands of lines."""
    document = _document()
    document["routes"] = [{}] * 500
    faults = _faults(document)
    assert len(faults) == 51
    assert faults[-1].startswith("and ")


def test_a_number_too_large_for_a_position_is_a_fault() -> None:
    """JSON has no limit on numbers; a position has."""
    document = _document()
    document["sites"]["RDC-ZZ"]["lat"] = 10**400
    assert _faults(document)[0].startswith("sites.RDC-ZZ.lat: expected a number")


def test_a_left_behind_order_with_half_a_position_is_a_fault() -> None:
    """Latitude without longitude is drawn nowhere; better to say so than to draw it at zero."""
    document = _document()
    document["left_behind"][0] |= {"lat": 34.6, "lon": None}
    document["left_behind"][1] |= {"lat": 95.0, "lon": 112.4}
    faults = _faults(document)
    assert faults[0] == "left_behind[0]: lat and lon stand together or not at all"
    assert faults[1].startswith("left_behind[1]: position (95.0, 112.4)")
    assert len(faults) == 2


def test_a_plan_from_before_positions_of_left_behind_orders_still_reads() -> None:
    """Fields are only ever added: yesterday's plan opens tomorrow."""
    document = _document()
    for left in document["left_behind"]:
        del left["lat"], left["lon"]
    plan = plan_from_json(json.dumps(document))
    assert {(left.lat, left.lon) for left in plan.left_behind} == {(None, None)}


def test_a_policy_that_json_cannot_say_is_refused() -> None:
    """Better no file than one that reads back as something else."""
    with pytest.raises(TypeError, match="cannot hold a set"):
        plan_to_json(replace(henan_plan(), policy={"skills": {"a"}}))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**12), max_value=10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2026-11-23", "2026-11-23T10:00:00", "2026-11-23T10:00:00+08:00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(picks=st.lists(st.integers(min_value=0, max_value=10**6), max_size=8), value=JSON_VALUES)
@settings(max_examples=150, deadline=None)
def test_a_damaged_plan_is_refused_or_read_but_never_crashes(
    picks: list[int], value: object
) -> None:
    """Whatever is put in whatever place: a whole plan, or `BadPlan`. What is read, writes back."""
    document = _document()
    node: Any = document
    parent: Any = None
    key: Any = None
    for pick in picks:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        parent, key = node, keys[pick % len(keys)]
        node = parent[key]
        if not isinstance(node, (dict, list)):
            break
    if parent is not None:
        parent[key] = value
    try:
        plan = plan_from_json(json.dumps(document))
    except BadPlan as error:
        assert error.faults
    else:
        assert plan_from_json(plan_to_json(plan)) == plan
