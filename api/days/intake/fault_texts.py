"""What every code says and what to do about it: read once from `faults.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class FaultText(NamedTuple):
    """Message and remedy, Chinese and English; {braces} are filled in where it happens."""

    zh: str
    en: str
    do_zh: str
    do_en: str


@cache
def fault_texts() -> Mapping[str, FaultText]:
    """Give the texts of every fault by code."""
    return _texts("fault")


@cache
def warning_texts() -> Mapping[str, FaultText]:
    """Give the texts of every warning by code."""
    return _texts("warning")


def _texts(kind: str) -> Mapping[str, FaultText]:
    file = resources.files("api.days.intake") / "faults.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))[kind]
    return {code: FaultText(**texts) for code, texts in table.items()}
