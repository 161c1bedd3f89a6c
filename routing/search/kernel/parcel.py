"""A day's tables by their address.

The tables are some hundred arrays. Handing them through every function of the kernel by value
costs more than a step itself, and doubles the time to compile. So they are written into a buffer
once, and read back where a route is judged. Reading trusts the buffer: only `parcel` fills it,
and whoever holds the buffer keeps the tables alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from routing.compiled import entry
from routing.problem import Tables
from routing.schedule import Scratch, new_scratch
from routing.search.kernel.no_day import no_day
from routing.search.kernel.state import Ints

WORDS: Final = 8_192


class Day(NamedTuple):
    """What the exact evaluator needs."""

    tables: Tables
    scratch: Scratch


def _type_of(value: object) -> Any:  # noqa: ANN401
    return numba.typeof(value)  # type: ignore[no-untyped-call]  # numba has no types


_DAY_TYPE: Final = _type_of(Day(no_day(), new_scratch(1)))


def _without_owners(context: Any, builder: Any, kind: Any, value: Any) -> Any:  # noqa: ANN401
    """The same arrays, owned by nobody: their owners of today are gone after the call."""
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        for field in ("meminfo", "parent"):
            owner = getattr(array, field)
            setattr(array, field, owner.type(None))
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        parts: list[Any] = list(kind)  # type: ignore[call-overload]  # numba has no types
        for at, part in enumerate(parts):
            member = builder.extract_value(value, at)
            member = _without_owners(context, builder, part, member)
            value = builder.insert_value(value, member, at)
    return value


@intrinsic
def _write(typing_context: Any, buffer: Any, day: Any) -> Any:  # noqa: ANN401
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        kind = context.get_value_type(signature.args[1])
        if context.get_abi_sizeof(kind) > WORDS * 8:
            raise AssertionError("the tables have outgrown their buffer")
        value = _without_owners(context, builder, signature.args[1], arguments[1])
        builder.store(value, builder.bitcast(array.data, kind.as_pointer()))
        return context.get_dummy_value()

    return types.void(buffer, day), generate


@intrinsic
def _read(typing_context: Any, buffer: Any) -> Any:  # noqa: ANN401
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        kind = context.get_value_type(signature.return_type)
        return builder.load(builder.bitcast(array.data, kind.as_pointer()))

    return _DAY_TYPE(buffer), generate


if TYPE_CHECKING:

    def _fill(buffer: Ints, day: Day) -> None:
        """Write a day into a buffer."""

    def unpack(buffer: Ints) -> Day:
        """Read a day back, in compiled code that counts no references (`lean`)."""

else:
    unpack = _read

    @entry
    def _fill(buffer: Ints, day: Day) -> None:
        _write(buffer, day)


def parcel(day: Day) -> Ints:
    """Write a day into a buffer. Keep the day as long as the buffer is used."""
    if _type_of(day) != _DAY_TYPE:
        raise AssertionError("the tables of this day are of another type than those compiled for")
    buffer = np.zeros(WORDS, dtype=np.int64)
    _fill(buffer, day)
    return buffer
