"""plan.json: writes a plan in one canonical form, and reads it back strictly.

The fields are those of `routing.plan`, in the order in which they are declared there; moments
carry their offset. `docs/plan.schema.json` describes the same file for programs in other
languages. Reading collects every fault, each with its place such as `routes[2].stops[0].begins`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from routing.errors import BadPlan
from routing.plan import FORMAT, Plan
from routing.plan_consistency import contradictions

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MAX_FAULTS: Final = 50
"""A file that is no plan at all should not answer with a thousand lines."""

Told = TypeVar("Told")

_BROKEN: Final = object()
"""Stands for a value whose fault is already noted."""


def plan_to_json(plan: Plan) -> str:
    """Write a plan as text: the same plan gives the same bytes, ending with a newline.

    Raises:
        TypeError: the policy or a fix holds something JSON cannot say.
    """
    encoded = _encode(plan)
    return json.dumps(encoded, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def plan_from_json(text: str) -> Plan:
    """Read a plan from text.

    Raises:
        BadPlan: not JSON, another format, or fields that are missing, unknown, of another type
            or contradict each other; `faults` lists all of them.
    """
    document = _parse(text)
    if not isinstance(document, dict):
        raise BadPlan("this is not a plan: expected one JSON object")
    found = document.get("format")
    if found != FORMAT or isinstance(found, bool):
        raise BadPlan(
            f"plan format is {found!r}, this version reads {FORMAT}: plan the day again, or use "
            "the version that wrote the file"
        )
    faults: list[str] = []
    plan = _decode(document, Plan, "", faults)
    if not faults and isinstance(plan, Plan):
        faults.extend(contradictions(plan))
    if faults or not isinstance(plan, Plan):
        raise _bad_plan(faults)
    return plan


def read_plan(path: Path) -> Plan:
    """Read plan.json from a file.

    Raises:
        BadPlan: as `plan_from_json`, or the file is not UTF-8.
        OSError: the file cannot be opened.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPlan(f"{path.name} is not UTF-8 text (byte {error.start})") from error
    return plan_from_json(text)


def tell(value: DataclassInstance) -> dict[str, object]:
    """Give a part of a plan, or a thing of the domain, as the JSON object it is.

    Raises:
        TypeError: it holds something JSON cannot say.
    """
    told = _encode(value)
    assert isinstance(told, dict), "a dataclass is an object"
    return told


def heard(value: object, kind: type[Told], name: str) -> Told:
    """Read back what `tell` gave; `name` stands at the head of each fault's place.

    Raises:
        BadPlan: lists every fault.
    """
    faults: list[str] = []
    found = _decode(value, kind, name, faults)
    if faults or not isinstance(found, kind):
        raise BadPlan(f"{name} cannot be read", faults=tuple(faults[:MAX_FAULTS]))
    return found


def _bad_plan(faults: list[str]) -> BadPlan:
    shown = faults[:MAX_FAULTS]
    if len(faults) > MAX_FAULTS:
        shown.append(f"and {len(faults) - MAX_FAULTS} more")
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return BadPlan(f"the plan has {count}", faults=tuple(shown))


def _parse(text: str) -> object:
    """Parse strictly: no NaN, no key twice, no bottomless nesting."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as error:
        raise BadPlan(
            f"this is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from error
    except RecursionError as error:
        raise BadPlan("this is not a plan: it nests too deep") from error
    except ValueError as error:  # an integer of more digits than Python converts
        raise BadPlan(f"this is not a plan: {error}") from error


def _no_constant(name: str) -> object:
    raise BadPlan(f"this is not a plan: {name} is no JSON number")


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twins = sorted({name for name in names if names.count(name) > 1})
        raise BadPlan(f"this is not a plan: {', '.join(twins)} stands twice in one object")
    return result


# ---- writing ------------------------------------------------------------------------------


def _encode(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _encode(getattr(value, part.name)) for part in _ordered(type(value))}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"a plan holds no naive moment, but {value.isoformat()}")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _encode(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_encode(item) for item in value)  # type: ignore[type-var]  # sets of words
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"plan.json cannot hold a {type(value).__name__}")


def _ordered(kind: type) -> list[Any]:
    """Fields as declared, but `format` first: a reader must see it before the rest."""
    parts = list(fields(kind))
    return sorted(parts, key=lambda part: part.name != "format") if kind is Plan else parts


# ---- reading ------------------------------------------------------------------------------


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _decode(value: object, kind: Any, place: str, faults: list[str]) -> object:  # noqa: ANN401 - a type expression has no narrower type
    while isinstance(kind, NewType):
        kind = kind.__supertype__
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(value, get_args(kind), place, faults)
    if origin is tuple:
        return _decode_tuple(value, get_args(kind)[0], place, faults)
    if origin is frozenset:
        listed = _decode_tuple(value, get_args(kind)[0], place, faults)
        return frozenset(listed) if isinstance(listed, tuple) else listed
    if origin is not None:  # the one generic left is a Mapping from words
        names, inner = get_args(kind)
        return _decode_mapping(value, names, inner, place, faults)
    if kind is object:
        return value
    if is_dataclass(kind):
        return _decode_object(value, kind, place, faults)
    return _decode_scalar(value, kind, place, faults)


def _decode_union(value: object, kinds: tuple[Any, ...], place: str, faults: list[str]) -> object:
    if value is None and NoneType in kinds:
        return None
    options = [kind for kind in kinds if kind is not NoneType]
    for kind in options[:-1]:
        trial: list[str] = []
        decoded = _decode(value, kind, place, trial)
        if not trial:
            return decoded
    return _decode(value, options[-1], place, faults)


def _decode_tuple(value: object, kind: object, place: str, faults: list[str]) -> object:
    if not isinstance(value, list):
        return _refuse(value, "a list", place, faults)
    return tuple(
        _decode(item, kind, f"{place}[{index}]", faults) for index, item in enumerate(value)
    )


def _decode_mapping(
    value: object, names: object, kind: object, place: str, faults: list[str]
) -> object:
    if not isinstance(value, dict):
        return _refuse(value, "an object", place, faults)
    return {
        _decode(key, names, _join(place, key), faults): _decode(
            item, kind, _join(place, key), faults
        )
        for key, item in value.items()
    }


def _decode_object(value: object, kind: Any, place: str, faults: list[str]) -> object:  # noqa: ANN401 - any dataclass of the plan
    if not isinstance(value, dict):
        return _refuse(value, "an object", place, faults)
    hints = _hints(kind)
    before = len(faults)
    faults.extend(f"{_join(place, key)}: unknown field" for key in value if key not in hints)
    read: dict[str, object] = {}
    for part in fields(kind):
        where = _join(place, part.name)
        if part.name in value:
            read[part.name] = _decode(value[part.name], hints[part.name], where, faults)
        elif part.default is MISSING and part.default_factory is MISSING:
            faults.append(f"{where}: missing")
    if len(faults) > before:
        return _BROKEN
    try:
        return kind(**read)
    except ValueError as error:
        faults.append(f"{place or 'plan'}: {error}")
        return _BROKEN


def _decode_scalar(value: object, kind: Any, place: str, faults: list[str]) -> object:  # noqa: ANN401 - a type expression
    if kind is float:
        return _decode_number(value, place, faults)
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is bool and isinstance(value, bool):
        return value
    if isinstance(value, str) and kind not in (int, bool):
        return _decode_text(value, kind, place, faults)
    return _refuse(value, _NAMES.get(kind, "text"), place, faults)


def _decode_number(value: object, place: str, faults: list[str]) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            return _refuse(value, "a number", place, faults)
        if isfinite(number):
            return number
    return _refuse(value, "a number", place, faults)


def _decode_text(value: str, kind: Any, place: str, faults: list[str]) -> object:  # noqa: ANN401 - a type expression
    if kind is str:
        return value
    parse: Callable[[str], object] = kind
    if kind in (date, datetime):
        parse = kind.fromisoformat
    try:
        parsed = parse(value)
    except ValueError:
        if issubclass(kind, StrEnum):
            return _refuse(value, f"one of {', '.join(kind)}", place, faults)
        return _refuse(value, _NAMES[kind], place, faults)
    if isinstance(parsed, datetime) and parsed.tzinfo is None:
        return _refuse(value, _NAMES[datetime], place, faults)
    return parsed


_NAMES: Final[Mapping[type, str]] = {
    int: "a whole number",
    bool: "true or false",
    date: "a date such as 2026-11-23",
    datetime: "a moment with its offset such as 2026-11-23T14:00:00+08:00",
}


def _refuse(value: object, expected: str, place: str, faults: list[str]) -> object:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    if len(shown) > 60:
        shown = f"{shown[:57]}..."
    faults.append(f"{place or 'plan'}: expected {expected}, found {shown}")
    return _BROKEN


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
