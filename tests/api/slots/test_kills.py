"""kill -9 of a process that sells: nothing that was answered is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import KINDS
from tests.prove.kills import killed_processes


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_answered_survives_a_kill(kind: str, tmp_path: Path) -> None:
    """`python -m tests.prove kills` kills hundreds."""
    counts = killed_processes(kind, tmp_path, kills=5)
    assert counts["kills"] == 5
    assert counts["answered"] > 20, "the processes must have sold something before they died"
