"""JSON as I-JSON (RFC 7493) allows it: what two readers could understand in two ways is refused.

Python's own reader takes NaN, 1e999, lone surrogates, a name twice and any depth. Each of them
comes back as an error later, where nobody expects it: in a database, in an answer, on the stack.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Final, NoReturn

from api.errors import Refused

DEPTH_MAX: Final = 32
"""Levels of arrays and objects. The deepest request of ours has eight."""
INTEGER_MAX: Final = 2**53 - 1
"""Beyond it, readers that keep numbers as doubles see another number."""


class BadJson(Refused):
    """The body is not JSON that every reader understands alike. Says what, never quotes it."""

    code = "json-invalid"
    status = 400


def read_json(body: bytes) -> object:
    """Read a request's body.

    Raises:
        BadJson: not UTF-8, not JSON, or JSON that RFC 7493 warns of.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8 at byte {error.start}") from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadJson(f"the body is not JSON at {where}") from error
    except RecursionError as error:
        raise BadJson(f"the body is deeper than {DEPTH_MAX} levels") from error
    _refuse_odd(value)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadJson("an object in the body has the same name twice")
    return found


def _constant(_: str) -> NoReturn:
    raise BadJson("NaN and Infinity are not numbers of JSON")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadJson("a number in the body is too large for a double")
    return number


def _int(text: str) -> int:
    # Length first: Python refuses to read thousands of digits, with an error of its own.
    if len(text) > 17 or abs(number := int(text)) > INTEGER_MAX:
        raise BadJson(f"a whole number in the body is beyond {INTEGER_MAX}")
    return number


def _refuse_odd(value: object) -> None:
    for depth, each in _walk(value):
        if depth > DEPTH_MAX:
            raise BadJson(f"the body is deeper than {DEPTH_MAX} levels")
        if isinstance(each, str) and not is_plain(each):
            raise BadJson("a text in the body has a NUL or half a character (a lone surrogate)")


def _walk(value: object) -> Iterator[tuple[int, object]]:
    """Visit every value and every name, without the stack of Python."""
    waiting = [(1, value)]
    while waiting:
        depth, each = waiting.pop()
        yield depth, each
        if isinstance(each, dict):
            for name, inner in each.items():
                yield depth, name
                waiting.append((depth + 1, inner))
        elif isinstance(each, list):
            waiting.extend((depth + 1, inner) for inner in each)


def is_plain(text: str) -> bool:
    """Tell text that every database and every reader can keep: no NUL, no lone surrogate."""
    return (text.isascii() and "\0" not in text) or not any(map(_odd, text))


def _odd(character: str) -> bool:
    return character == "\0" or "\ud800" <= character <= "\udfff"
