"""Compiled code is kept by a digest of its sources: none may be forgotten."""

from __future__ import annotations

import ast
import pickle
import re
from importlib import import_module
from pathlib import Path

import pytest
from numba.core import config

from routing.compiled import compiled_sources
from tests.contracts.tree import ROOT

COMPILES = re.compile(r"^from routing\.compiled import .*\b(entry|inner|lean|spliced)\b", re.M)
SPLICED = re.compile(r"^@spliced\ndef (\w+)", re.M)


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


@pytest.mark.usefixtures("compiled_search")
def test_every_function_that_is_called_is_compiled_in_one_form() -> None:
    """A second form, for a number of another width or written out in a call, is compiled into
    every caller again: that once doubled the minutes of a new machine."""
    spliced = {
        name
        for source in compiled_sources()
        for name in SPLICED.findall(source.read_text(encoding="utf-8"))
    }
    forms: dict[str, int] = {}
    # As numba writes its indexes: its version, then (stamp of the source, files by form).
    for index in Path(config.CACHE_DIR).rglob("*.nbi"):
        function = index.stem.split("-")[0].rpartition(".")[2]
        with index.open("rb") as file:
            pickle.load(file)
            _, files = pickle.load(file)
        if function not in spliced:
            forms[function] = len(files)
    assert len(forms) > 60
    assert {name: count for name, count in forms.items() if count > 1} == {}
