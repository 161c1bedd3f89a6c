"""Empty sheets to fill in, with an explanation, choices and example rows: `flatbed init`."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.days.intake.catalogue import shipped_catalogue
from api.days.intake.choices import CHOICES, choose
from api.days.intake.columns import Column, SheetPlan, sheet_plans
from api.errors import BadUsage
from api.settings import Language
from geodata.cache import write_whole

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROWS_CHECKED: Final = 2_000
"""Rows below the header that offer a choice list."""
TEXT_KINDS: Final = frozenset({"text", "phone", "words", "hours", "windows", "clock", "licence"})
"""Formatted as text, or spreadsheets turn 9-11 into September and phones into 1.38E+10."""
SETTING_HEADERS: Final = {
    Language.CHINESE: ("名称", "值", "说明"),
    Language.ENGLISH: ("name", "value", "note"),
}
FIXED_DATE: Final = (2026, 1, 1)
"""Creation date inside the files: the same template is the same bytes on every day."""


def write_templates(directory: Path, *, language: Language) -> tuple[Path, ...]:
    """Write one workbook per sheet into a folder; returns what was written.

    The example rows are a small day that can be planned as it is, once the date is given; reading
    them warns until they are deleted.

    Raises:
        BadUsage: any of the files is there already; names them, and nothing is written.
    """
    files = {directory / f"{key}.xlsx": plan for key, plan in sheet_plans().items()}
    taken = [path.name for path in files if path.exists()]
    if taken:
        raise BadUsage(
            f"{directory} already holds {', '.join(taken)}: choose an empty folder or move them"
        )
    for path, plan in files.items():
        write_whole(path, template_bytes(plan, language=language))
    return tuple(files)


def template_bytes(plan: SheetPlan, *, language: Language) -> bytes:
    """Make the workbook of one sheet."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties(
        {"created": datetime(*FIXED_DATE, tzinfo=ZoneInfo("Asia/Shanghai")), "author": "Flatbed"}
    )
    sheet = book.add_worksheet(plan.zh if language is Language.CHINESE else plan.key)
    formats = {
        "header": book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1}),
        "required": book.add_format({"bold": True, "bg_color": "#F8CBAD", "bottom": 1}),
        "note": book.add_format({"italic": True, "font_color": "#7F7F7F", "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "plain": book.add_format({}),
    }
    if plan.key == "settings":
        _fill_settings(sheet, plan, formats=formats, language=language)
    else:
        _fill_rows(sheet, plan, formats=formats, language=language)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def header_text(column: Column, *, language: Language) -> str:
    """Write a header as the templates do: Chinese with its unit, or the English name."""
    if language is Language.ENGLISH:
        return column.en
    return f"{column.zh}({column.unit})" if column.unit else column.zh


def about_text(column: Column, *, language: Language) -> str:
    """Explain a column in one line: needed or default, meaning, choices."""
    chinese = language is Language.CHINESE
    parts = [column.about_zh if chinese else column.about_en]
    if column.required:
        parts.insert(0, "必填" if chinese else "required")
    elif column.default:
        zh, _, en = column.default.partition(" / ")
        parts.append(f"默认 {zh}" if chinese else f"default {en or zh}")
    separator = "；" if chinese else "; "
    return separator.join(part for part in parts if part) or ("选填" if chinese else "optional")


def _fill_rows(
    sheet: "Worksheet", plan: SheetPlan, *, formats: Mapping[str, object], language: Language
) -> None:
    note_mark = "说明：" if language is Language.CHINESE else "note: "
    for at, column in enumerate(plan.columns):
        text = about_text(column, language=language)
        header = formats["required" if column.required else "header"]
        width = max(12, 2 * len(column.zh) + 6)
        sheet.set_column(at, at, width, formats["text" if column.kind in TEXT_KINDS else "plain"])
        sheet.write_string(0, at, header_text(column, language=language), header)
        sheet.write_comment(0, at, text)
        sheet.write_string(1, at, (note_mark if at == 0 else "") + text, formats["note"])
        for row, example in enumerate(column.examples, start=2):
            _write_example(sheet, row, at, column, example, language=language)
        choices = _choices(column, language=language)
        if choices:
            sheet.data_validation(
                2,
                at,
                ROWS_CHECKED,
                at,
                # A hint and no wall: other accepted spellings may be typed as well.
                {"validate": "list", "source": choices, "error_type": "information"},
            )


def _fill_settings(
    sheet: "Worksheet", plan: SheetPlan, *, formats: Mapping[str, object], language: Language
) -> None:
    for at, name in enumerate(SETTING_HEADERS[language]):
        sheet.write_string(0, at, name, formats["header"])
        sheet.set_column(at, at, (24, 18, 60)[at], formats["text" if at == 1 else "plain"])
    for row, column in enumerate(plan.columns, start=1):
        sheet.write_string(row, 0, header_text(column, language=language))
        sheet.write_string(row, 2, about_text(column, language=language), formats["note"])
        for example in column.examples:
            _write_example(sheet, row, 1, column, example, language=language)
        choices = _choices(column, language=language)
        if choices:
            sheet.data_validation(
                row, 1, row, 1, {"validate": "list", "source": choices, "ignore_blank": True}
            )


def _write_example(
    sheet: "Worksheet", row: int, at: int, column: Column, example: str, *, language: Language
) -> None:
    text = example if language is Language.CHINESE else _in_english(column, example)
    if not text:
        return
    if column.kind in TEXT_KINDS or not text.replace(".", "", 1).isdecimal():
        sheet.write_string(row, at, text)
    else:
        sheet.write_number(row, at, float(text))


def _in_english(column: Column, example: str) -> str:
    """Say an example in English where it has a code; addresses stay as they are posted."""
    if column.kind == "choice":
        return str(choose(column.choices, example) or example)
    if column.kind == "yes":
        return str(choose("yes_no", example) or example)
    shipped = shipped_catalogue()
    ids = {model.name: id for id, model in shipped.models.items()}
    ids |= {edition.name: id for id, edition in shipped.editions.items()}
    if example in ids:
        return ids[example]
    return ENGLISH_EXAMPLES.get(example, example.replace("示例", "Example"))


ENGLISH_EXAMPLES: Final = {
    "示例-1": "EXAMPLE-1",
    "示例-2": "EXAMPLE-2",
    "示例-3": "EXAMPLE-3",
    "上午": "morning",
    "14-16点": "14:00-16:00",
    "全天": "all day",
    "前": "front",
    "后": "rear",
}


def _choices(column: Column, *, language: Language) -> Sequence[str]:
    table = {"choice": column.choices, "yes": "yes_no"}.get(column.kind, "")
    if not table:
        return ()
    chinese = language is Language.CHINESE
    return [words[0] if chinese else value.value for value, words in CHOICES[table].items()]
