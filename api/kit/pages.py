"""Lists in pages. A cursor is opaque: it says where the page ended, by key and not by number."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query

from api.errors import Refused
from api.kit.canonical import canonical
from api.kit.strict_json import read_json

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200
CURSOR_MAX: Final = 1_024

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Items on a page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=CURSOR_MAX, description="`next_cursor` of the page before; none: the first."),
]


class BadCursor(Refused):
    """The cursor was not made by us, or for another list; begin again without one."""

    code = "cursor-invalid"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some items, and where to go on; an empty `next_cursor` says that this was all."""

    items: Sequence[Item]
    next_cursor: str = ""


def write_cursor(kind: str, *key: str | int) -> str:
    """Write where a page of a `kind` of list ended: the sort key of its last item."""
    text = canonical([kind, *key])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(cursor: str, kind: str, *types: type[str] | type[int]) -> tuple[str | int, ...]:
    """Read the key out of a cursor; as many parts as `types`, each of its type.

    Raises:
        BadCursor: anything else than what `write_cursor` wrote for this kind.
    """
    wrong = BadCursor("this is not a cursor of this list: begin again without one")
    if len(cursor) > CURSOR_MAX or not cursor.isascii():
        raise wrong
    try:
        told = read_json(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, Refused) as error:
        raise wrong from error
    if not isinstance(told, list) or len(told) != len(types) + 1 or told[0] != kind:
        raise wrong
    key = tuple(told[1:])
    if any(type(part) is not wanted for part, wanted in zip(key, types, strict=True)):
        raise wrong
    return key
