"""Compiled code is kept by a digest of its sources: none may be forgotten."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

from routing.compiled import compiled_sources
from tests.contracts.tree import ROOT

COMPILES = re.compile(r"^from routing\.compiled import .*\b(entry|inner|lean|spliced)\b", re.M)


def test_every_constant_of_compiled_code_is_in_the_digest() -> None:
    """Else a changed constant would go on working with yesterday's value, in silence."""
    counted = {path.resolve() for path in compiled_sources()}
    forgotten = []
    for source in counted:
        if not COMPILES.search(source.read_text(encoding="utf-8")):
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("routing", "geodata")
            ):
                module = import_module(node.module or "")
                theirs = Path(str(module.__file__)).resolve()
                forgotten += [
                    f"{source.relative_to(ROOT)} takes {name.name} of {node.module}"
                    for name in node.names
                    if theirs not in counted
                    and isinstance(getattr(module, name.name, None), int | float)
                ]
    assert not forgotten
