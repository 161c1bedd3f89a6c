"""What a caller sees when something goes wrong: one shape, one exit code, everything at once.

The lower floors raise their own families; this file alone says what each of them means to the
person or the program that called. A class that is not listed here is a bug of ours: exit code 1.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import ClassVar, Final

from geodata.errors import BadGeoData, GeoError, UnknownPlace, UnsnappedPlace
from routing.errors import BadInstance, BadPlan, BadRequest, RoutingError


class ExitCode(IntEnum):
    """What the shell sees. Published: never renumber."""

    FINE = 0
    OURS = 1
    USAGE = 2
    FAULTY_INPUT = 3
    LEFT_BEHIND = 4
    """Only under --strict: the plan is written, but at least one order is not on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with what was handed in, and what to do about it.

    `code` is published and stable. `row` and `column` are as the person sees them in the sheet:
    rows count from 1, columns carry the header's own words. `raw` is the cell as it was read.
    """

    code: str
    message: str
    fix: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    raw: str = ""

    @property
    def place(self) -> str:
        """Where to look, in one phrase: `orders.xlsx, sheet 订单, row 7, column 手机`."""
        parts = (
            self.file,
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        )
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        raw = f" (read: {self.raw!r})" if self.raw else ""
        return f"{where}{self.message}{raw}. {self.fix} [{self.code}]"

    def in_chinese(self) -> str:
        """Say the line of `str` with Chinese words around what was told in Chinese."""
        parts = (
            self.file,
            f"{self.sheet}表" if self.sheet else "",
            f"第 {self.row} 行" if self.row is not None else "",
            f"{self.column} 列" if self.column else "",
        )
        place = "，".join(part for part in parts if part)
        raw = f"（读到：{self.raw}）" if self.raw else ""
        return f"{place}{'：' if place else ''}{self.message}{raw}。{self.fix} [{self.code}]"


class ApiError(Exception):
    """An answer the caller can act on. `code` is published and stable."""

    code: ClassVar[str] = "api_error"
    exit_code: ClassVar[ExitCode] = ExitCode.OURS


class BadUsage(ApiError):
    """Options or arguments that contradict each other."""

    code = "bad_usage"
    exit_code = ExitCode.USAGE


class FaultyInput(ApiError):
    """Files with faults; lists every one of them, never only the first.

    `chinese` says that the faults are told in Chinese, so that the words around them are too.
    """

    code = "faulty_input"
    exit_code = ExitCode.FAULTY_INPUT

    def __init__(
        self,
        faults: tuple[Fault, ...],
        *,
        undone: str = "nothing was planned",
        undone_zh: str = "没有排线",
        chinese: bool = False,
    ) -> None:
        if not faults:
            raise ValueError("faulty input needs at least one fault")
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        told = f"{count} in the input; {undone}"
        super().__init__(f"输入有 {len(faults)} 处问题，{undone_zh}" if chinese else told)
        self.faults = faults
        self.chinese = chinese

    def lines(self) -> tuple[str, ...]:
        """Say every fault in a line of its own."""
        return tuple(fault.in_chinese() if self.chinese else str(fault) for fault in self.faults)


class Refused(ApiError):
    """An expected answer that says no: `status` is that of HTTP, `told` what helps the caller."""

    code = "refused"
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **told: object) -> None:
        super().__init__(detail)
        self.told = told

    def body(self) -> Mapping[str, object]:
        """Build the JSON that the caller gets."""
        return {"code": self.code, "detail": str(self), **self.told}


_INPUT_AT_FAULT: Final = (
    BadGeoData,
    BadInstance,
    BadPlan,
    BadRequest,
    UnknownPlace,
    UnsnappedPlace,
)
"""Errors of lower floors that the person who wrote the files can mend."""


def is_at_fault(error: BaseException) -> bool:
    """Tell an error of a lower floor that whoever wrote the input can mend."""
    return isinstance(error, _INPUT_AT_FAULT)


def is_expected(error: BaseException) -> bool:
    """Tell an answer (message and code) from a bug (traceback)."""
    return isinstance(error, (ApiError, GeoError, RoutingError, OSError))


def exit_code(error: BaseException) -> ExitCode:
    """Say which exit code an error deserves."""
    if isinstance(error, ApiError):
        return error.exit_code
    return ExitCode.FAULTY_INPUT if is_at_fault(error) else ExitCode.OURS


def error_code(error: BaseException) -> str:
    """Give the stable code: the one an `ApiError` declares, else the class name in snake case."""
    if isinstance(error, ApiError):
        return error.code
    if not is_expected(error):
        return "internal_error"
    if isinstance(error, OSError):
        return "file_error"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def error_body(error: BaseException) -> Mapping[str, object]:
    """Build the one shape every `--json` error has.

    `faults` is always there, empty when the error has none, so that a reader needs no branch.
    """
    faults: list[Mapping[str, object]] = []
    if isinstance(error, FaultyInput):
        faults = [asdict(fault) for fault in error.faults]
    elif isinstance(error, (BadRequest, BadPlan, BadInstance)):
        code = error_code(error)
        faults = [asdict(Fault(code=code, message=text, fix="")) for text in error.faults]
    return {
        "error": {
            "code": error_code(error),
            "message": str(error),
            "exit_code": int(exit_code(error)),
            "faults": faults,
        }
    }
