"""Faults and warnings of a day's files: coded, placed, all at once, in two languages."""

from dataclasses import dataclass, field
from typing import Final

from api import errors
from api.days.intake.fault_texts import fault_texts, warning_texts
from api.settings import Language

RAW_LONGEST: Final = 60
"""Characters of a cell that a fault repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place in the files as the person sees it: rows count from 1, `column` is the header's own
    words with the column's letter."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong (or, among warnings, odd) with what was handed in, and what to do.

    `raw` is the cell as read, cut to `RAW_LONGEST` characters; a phone number's middle is hidden.
    Messages never repeat personal cells: they may be kept with a plan.
    """

    code: str
    where: Where
    raw: str
    message: str
    message_en: str
    what_to_do: str
    what_to_do_en: str

    def told(self, language: Language) -> errors.Fault:
        """Say it in one language, in the shape every error of Flatbed has."""
        chinese = language is Language.CHINESE
        return errors.Fault(
            code=self.code,
            message=self.message if chinese else self.message_en,
            fix=self.what_to_do if chinese else self.what_to_do_en,
            file=self.where.file,
            sheet=self.where.sheet,
            row=self.where.row,
            column=self.where.column,
            raw=self.raw,
        )


@dataclass(slots=True, kw_only=True)
class FaultLog:
    """Collects while a day is read; nothing is raised until everything has been looked at."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    cascades: list[Fault] = field(default_factory=list)
    """Rows that are fine themselves but refer to a faulty one: told only where rows are skipped,
    else one bad warehouse would bury the sheet."""
    assumed: dict[tuple[str, str], int] = field(default_factory=dict)

    def fault(self, code: str, where: Where, raw: object = "", **words: object) -> None:
        """Note a fault by its code; `words` fill its text."""
        listed = self.cascades if code == "reference.faulty" else self.faults
        listed.append(_fault(code, where, raw, words))

    def warn(self, code: str, where: Where, raw: object = "", **words: object) -> None:
        """Note something odd that does not stop the plan."""
        self.warnings.append(_fault(code, where, raw, words))

    def assume(self, chinese: str, english: str) -> None:
        """Note a default that was taken; equal ones are counted together."""
        self.assumed[chinese, english] = self.assumed.get((chinese, english), 0) + 1

    def assumptions(self) -> tuple[str, ...]:
        """List every default taken, sorted, both languages in one line, with how often."""
        lines = []
        for (chinese, english), count in self.assumed.items():
            times = f" ×{count}" if count > 1 else ""
            lines.append(f"{chinese}{times} / {english}{times}")
        return tuple(sorted(lines))


def shorten(raw: object) -> str:
    """Make one printable line of a cell, cut to what a message can carry."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(raw)[:400]).split())
    return line if len(line) <= RAW_LONGEST else line[: RAW_LONGEST - 1] + "…"


def _fault(code: str, where: Where, raw: object, words: dict[str, object]) -> Fault:
    text = fault_texts().get(code) or warning_texts()[code]
    shown = {name: shorten(word) for name, word in words.items()}
    return Fault(
        code=code,
        where=where,
        raw="" if raw is None else shorten(raw),
        message=text.zh.format(**shown),
        message_en=text.en.format(**shown),
        what_to_do=text.do_zh.format(**shown),
        what_to_do_en=text.do_en.format(**shown),
    )
