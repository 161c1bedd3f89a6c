"""The commands whose modules are in the tree; test_docs.py proves that none is missing."""

from importlib.util import find_spec
from typing import Final

from api.cli.registry import ENTRIES

PRESENT: Final = tuple(entry for entry in ENTRIES if find_spec(entry.module) is not None)
