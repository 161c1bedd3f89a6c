"""VRPLIB text cut into `KEY: value` lines and `KEY_SECTION` tables, with line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

from routing.benchmarks.faults import Faults


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers of one line."""

    line: int
    values: tuple[float, ...]


@dataclass(slots=True)
class Section:
    """A table: where its name stands, and its rows."""

    line: int
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """A file: values by key (with their line) and tables by name without `_SECTION`."""

    faults: Faults
    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """Give the words after a key."""
        return self.values[key][1] if key in self.values else default

    def number(self, key: str) -> float | None:
        """Give the number after a key; none when the key is absent or no number."""
        if key not in self.values:
            return None
        line, word = self.values[key]
        number = _number(word)
        if number is None:
            self.faults.add(f"{key} is {word!r}, which is no number", "write one", line=line)
        return number

    def count(self, key: str, *, most: int) -> int | None:
        """Give a whole number from 1 to `most`."""
        number = self.number(key)
        if number is None:
            return None
        if number % 1 or not 1 <= number <= most:
            self.faults.add(
                f"{key} is {number:g}",
                f"write a whole number from 1 to {most}",
                line=self.values[key][0],
            )
            return None
        return int(number)


def parse_sections(text: str, faults: Faults) -> Document:
    """Cut the text up; what is no number, twice there or of no shape is noted as a fault."""
    document = Document(faults)
    name, current = "", None
    for line, words in _lines(text):
        upper = words.upper()
        if upper.startswith("EOF"):
            break
        if upper.rstrip(": ").endswith("_SECTION"):
            name = upper.rstrip(": ").removesuffix("_SECTION").strip()
            current = Section(line)
            if name in document.sections or name in document.values:
                faults.add(f"{name} is told twice", "keep one", section=name, line=line)
            document.sections[name] = current
        elif ":" in words:
            key, value = (part.strip() for part in words.split(":", 1))
            if key.upper() in document.values:
                faults.add(f"{key} is told twice", "keep one", line=line)
            document.values[key.upper()] = (line, value)
            current = None
        elif current is None:
            faults.add(
                f"{words[:40]!r} is neither `KEY: value` nor in a section",
                "put a section's name above it, or remove it",
                line=line,
            )
        else:
            _add_row(current, name, line, words, faults)
    return document


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line, words in enumerate(text.splitlines(), start=1):
        if stripped := words.strip():
            yield line, stripped


def _add_row(section: Section, name: str, line: int, words: str, faults: Faults) -> None:
    numbers = []
    for word in words.split():
        number = _number(word)
        if number is None:
            faults.add(f"{word!r} is no number", "correct the cell", section=name, line=line)
            return
        numbers.append(number)
    section.rows.append(Row(line, tuple(numbers)))


def _number(word: str) -> float | None:
    try:
        number = float(word)
    except ValueError:
        return None
    return number if isfinite(number) else None
