"""A query parameter that an operation does not know is refused, not ignored.

A misspelt filter that is ignored lists everything; a misspelt cursor begins anew for ever.
"""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.errors import Refused


class UnknownQuery(Refused):
    """The query has a parameter that this operation does not know; `known` lists those it does."""

    code = "query-unknown"
    status = 422


async def refuse_unknown_query(request: Request) -> None:
    """Check the query of every operation (a dependency of the whole application).

    Raises:
        UnknownQuery: it has a parameter too many.
    """
    if not request.query_params:
        return
    route = request.scope.get("route")
    if isinstance(route, APIRoute):
        known = frozenset(_names(route.dependant))
        if not request.query_params.keys() <= known:
            raise UnknownQuery(
                "the query has a parameter that is not known here", known=sorted(known)
            )


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        shape = field.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from (each.alias or name for name, each in shape.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _names(inner)
