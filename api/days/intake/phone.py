"""Telephone numbers of mainland China, however a spreadsheet mangled them."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.days.intake.grid import CellValue


class PhoneFault(StrEnum):
    """What is wrong with a number: the codes of the fault catalogue."""

    FORMAT = "phone.format"
    LOST_DIGITS = "phone.lost_digits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """Numbers as they may be dialled; `masked` ones cannot."""

    text: str
    masked: bool = False


_SCIENTIFIC: Final = re.compile(r"^(\d)(?:\.(\d+))?e\+?(\d{1,2})$")
_APART: Final = re.compile(r"[/;,、|\n]+|或")
_MOBILE_START: Final = r"1[3-9]\d"
_AREA: Final = r"0(?:10|2\d|[3-9]\d{2})"
_PREFIX: Final = re.compile(r"^(?:\+86|0086|86(?=1[3-9]))")
_MOBILE: Final = re.compile(rf"^{_MOBILE_START}\d{{8}}$")
_LANDLINE: Final = re.compile(rf"^({_AREA})(\d{{7,8}})$")
_SERVICE: Final = re.compile(r"^[48]00\d{7}$")
_EXTENSION: Final = re.compile(r"^(.*\d)(?:转|ext\.?|x|#|,)(\d{1,6})$")
_VIRTUAL: Final = re.compile(r"^(1[3-9]\d{9})-(\d{1,6})$")
_MASKED: Final = re.compile(r"^1[3-9]\d[*x]{4,}\d{2,4}$|^\d{3,5}[*x]{3,}\d{2,4}$")
_IN_TEXT: Final = re.compile(
    # A VIN comes first, to be passed over: its digits are no phone.
    r"(?P<vin>(?<![0-9A-Z])(?=[0-9]*[A-HJ-NPR-Z])[0-9A-HJ-NPR-Z]{17}(?![0-9A-Z]))"
    rf"|(?<!\d)(?:(?:\(?(?:\+|00)?86\)?[ -]?)?{_MOBILE_START}(?:[ .·-]?\d){{8}}"
    rf"|\(?{_AREA}\)?[ .-]?\d{{3,4}}[ .-]?\d{{4}})(?:(?:-|转|ext\.?)\d{{1,6}})?(?!\d)",
    re.IGNORECASE,
)
"""Numbers as people type them into addresses and notes; no services (400...): no person's."""
MOST_NUMBERS: Final = 4


def read_phone(value: CellValue) -> Phone | PhoneFault:
    """Read one or several numbers; numbers stored as numbers are accepted when complete."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return PhoneFault.FORMAT
    text = unicodedata.normalize("NFKC", _as_text(value)).strip().casefold()
    if match := _SCIENTIFIC.match(text.replace(" ", "")):
        whole, decimals, exponent = match[1], match[2] or "", int(match[3])
        if len(decimals) < exponent:
            return PhoneFault.LOST_DIGITS
        text = (whole + decimals)[: exponent + 1]
    numbers = [part for part in _APART.split(text) if part.strip()]
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        return PhoneFault.FORMAT
    read = [_one(number) for number in numbers]
    good = [number for number in read if number is not None]
    if len(good) < len(read):
        return PhoneFault.FORMAT
    return Phone(text=" / ".join(good), masked=any("*" in number for number in good))


def phones_in(text: str) -> tuple[tuple[int, int], ...]:
    """Find phone numbers in free text: (start, end) of each, in order and apart.

    Full-width signs are read as their narrow twins; positions are those of `text`.
    """
    return tuple(
        found.span() for found in _IN_TEXT.finditer(fold_widths(text)) if found["vin"] is None
    )


def hidden_phones(text: str) -> str:
    """Hide the middle of every number in a text, digit by digit."""
    chars = list(text)
    for start, end in phones_in(text):
        digits = [at for at in range(start, end) if text[at].isdigit()]
        for at in digits[3:-4]:
            chars[at] = "*"
    return "".join(chars)


def fold_widths(text: str) -> str:
    """Fold full-width signs one by one, so that every position stays what it was."""
    folded = (unicodedata.normalize("NFKC", char) for char in text)
    return "".join(
        narrow if len(narrow) == 1 else char for narrow, char in zip(folded, text, strict=True)
    )


def _as_text(value: str | int | float) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text[:-2] if re.fullmatch(r"\d{7,}\.0", text.strip()) else text


def _one(text: str) -> str | None:
    """Bring one number into the form it is printed in; None when it is no number."""
    compact = re.sub(r"[\s()]", "", text)
    compact = re.sub(r"(?<=\d{7})\.0+$", "", compact)
    if match := _VIRTUAL.match(compact):
        return f"{match[1]}-{match[2]}"
    extension = ""
    if match := _EXTENSION.match(compact):
        compact, extension = match[1], f"-{match[2]}"
    compact = _PREFIX.sub("", re.sub(r"[.·-]", "", compact))
    if _MOBILE.match(compact) or _SERVICE.match(compact):
        return compact + extension
    if match := _LANDLINE.match(compact):
        return f"{match[1]}-{match[2]}{extension}"
    if _MASKED.match(compact):
        return compact.replace("x", "*")
    return None
