"""Every planted slip in the kernel shows in its books or to the checker.

The kernel's sources are changed one at a time and run as plain Python, in a process of their own
where nothing is compiled: planting costs a moment, and no compiled code is touched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.planted.kernel_bugs import SLIPS, Slip

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def noticed() -> dict[str, list[str]]:
    """Faults by the name of the slip; "" is the kernel as it is."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.planted.kernel_trial"],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_the_kernel_as_it_is_passes(noticed: dict[str, list[str]]) -> None:
    """It is the slips that are found, not the trial."""
    assert noticed[""] == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_noticed(slip: Slip, noticed: dict[str, list[str]]) -> None:
    """A kernel that is wrong in one line does not get past its books."""
    assert noticed[slip.name]
