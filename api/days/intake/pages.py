"""The parts of the documentation that repeat the code: made from it, checked by a test.

`python -m api.days.intake.pages docs` writes them.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from api.days.intake.choices import CHOICES
from api.days.intake.columns import UNITS, Column, sheet_plans
from api.days.intake.fault_texts import FaultText, fault_texts, warning_texts

BEGIN: Final = "<!-- made from columns.toml: begin -->"
END: Final = "<!-- made from columns.toml: end -->"

FAULTS_HEAD: Final = """# Faults: what they mean and what to do

Every fault of a day's files has a stable code, its file, sheet, row (as the spreadsheet shows it),
column (header and letter) and the raw cell. All faults are told at once. With faults nothing is
planned; `--skip-faulty` leaves the faulty rows out, and every row that refers to them, and lists
them in the plan. Faults of whole files, sheets, headers and settings cannot be skipped.
{Braces} are filled in where it happens. This page is made from `api/days/intake/faults.toml`.
"""


def faults_page() -> str:
    """Write docs/faults.md: every code with its meaning and remedy, in both languages."""
    parts = [FAULTS_HEAD, "## Faults\n", _fault_table(fault_texts()), "## Warnings\n"]
    parts.append("The plan goes on; look at them before you sign it.\n")
    parts.append(_fault_table(warning_texts()))
    return "\n".join(parts)


def columns_section() -> str:
    """Write the tables of docs/day-folder.md: every sheet, column, unit, default and spelling."""
    parts = []
    for plan in sheet_plans().values():
        names = "、".join(dict.fromkeys((plan.zh, plan.key, *plan.also)))
        parts.append(f"### {plan.key} {plan.zh}\n\n{plan.about_en}. {plan.about_zh}。\n")
        parts.append(f"Names of the sheet or file: {names}\n")
        lines = ["| column | 列 | also | cell | empty means |", "|---|---|---|---|---|"]
        lines += [_column_line(column) for column in plan.columns]
        parts.append("\n".join(lines) + "\n")
    parts.append("### Words that may be chosen\n")
    lines = ["| table | value | accepted |", "|---|---|---|"]
    for table, values in CHOICES.items():
        lines += [
            f"| {table} | `{value}` | {'、'.join(words)} |" for value, words in values.items()
        ]
    parts.append("\n".join(lines) + "\n")
    parts.append("### Units\n")
    lines = ["| kind | accepted units |", "|---|---|"]
    lines += [f"| {kind} | {'、'.join(units)} |" for kind, units in UNITS.items()]
    return "\n".join([*parts, *lines]) + "\n"


def day_folder_page(page: str) -> str:
    """Put the tables of today into the page, between its marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("docs/day-folder.md has lost its marks")
    return f"{before}{BEGIN}\n\n{columns_section()}\n{END}{after}"


def _column_line(column: Column) -> str:
    unit = f", {column.unit}" if column.unit else ""
    about = "; ".join(part for part in (column.about_en, column.about_zh) if part)
    cell = f"{column.kind}{unit}{'. ' + about if about else ''}"
    empty = "**required**" if column.required else column.default or "nothing"
    also = "、".join(column.also)
    return f"| `{column.en}` | {column.zh} | {also} | {_cell(cell)} | {_cell(empty)} |"


def _fault_table(texts: Mapping[str, FaultText]) -> str:
    lines = ["| code | meaning | what to do |", "|---|---|---|"]
    for code, text in texts.items():
        meaning, remedy = f"{text.en}. {text.zh}", f"{text.do_en}. {text.do_zh}"
        lines.append(f"| `{code}` | {_cell(meaning)} | {_cell(remedy)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(directory: Path) -> None:
    """Bring both pages up to date."""
    pages: dict[str, Callable[[str], str]] = {
        "faults.md": lambda _: faults_page(),
        "day-folder.md": day_folder_page,
    }
    for name, make in pages.items():
        path = directory / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(make(old), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
