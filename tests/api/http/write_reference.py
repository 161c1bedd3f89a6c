"""Write docs/openapi.json anew: `python -m tests.api.http.write_reference`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.api.site import site_at
from tests.api.slots.books import trucks
from tests.contracts.tree import ROOT
from tests.databases import new_database

REFERENCE: Final = ROOT / "docs" / "openapi.json"


def text_of(told: Mapping[str, Any]) -> str:
    """Write a reference so that a changed line is a changed promise."""
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        site = site_at(new_database("sqlite", Path(folder)), trucks(1))
        REFERENCE.write_text(text_of(site.app.openapi()), encoding="utf-8")
