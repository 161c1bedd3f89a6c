"""The short form of `make prove PROVE=relay`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import KINDS
from tests.prove.relay_kills import killed_relays


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_relay_loses_nothing_and_mixes_nothing(kind: str, tmp_path: Path) -> None:
    """What it had claimed is sent by the next one, after the lease, before what came after."""
    row = killed_relays(kind, tmp_path, events=120, kills=2)
    assert row["kills"] == 2
