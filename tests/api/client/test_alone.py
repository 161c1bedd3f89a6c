"""The client can be copied into an order system: it imports httpx, the standard library and
itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.contracts.tree import ROOT

PROBE = """
import sys
import api.client
ours = {name for name in sys.modules if name.split('.')[0] in ('routing', 'geodata', 'scenarios')}
ours |= {name for name in sys.modules if name.startswith('api.') and not
         name.startswith('api.client')}
heavy = {'sqlalchemy', 'fastapi', 'pydantic', 'numpy', 'standardwebhooks'} & sys.modules.keys()
print(sorted(ours | heavy))
"""


def test_it_imports_nothing_else_of_ours(tmp_path: Path) -> None:
    """Copied to a place where the rest of Flatbed is not."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").touch()
    shutil.copytree(ROOT / "api" / "client", tmp_path / "api" / "client")
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
