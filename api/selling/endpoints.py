"""`/v1/slot-searches`: which windows an order can be promised."""

from typing import Annotated, Any

from fastapi import APIRouter

from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.problem_docs import says_no
from api.selling.schemas import SearchIn, SlotSearchOut, wanted_of
from api.selling.search import SlotSearch


def router(search: SlotSearch) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["windows"])

    def search_slots(
        who: Annotated[Caller, caller(Scope.ORDER_WRITE)],
        body: Any,  # noqa: ANN401  # made from the columns
    ) -> SlotSearchOut:
        """Search the windows of an order, of the days on sale.

        Every window comes back once: as an offer with its price, or as missing with a reason.
        Nothing is reserved; at the same moment an offer can be held as it is.
        """
        return SlotSearchOut.of(body.order_id, search.search(who.tenant_id, wanted_of(body)))

    search_slots.__annotations__["body"] = SearchIn
    routes.post("/slot-searches", response_model=SlotSearchOut, responses=says_no(404))(
        search_slots
    )
    return routes
