"""`/v1/orders`: put, read, listed, taken away; how ready they are."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.pages import Cursor, Limit, read_cursor, write_cursor
from api.kit.problem_docs import says_no
from api.kit.schema import Day, Ref
from api.orders.answering import MaybeSeen, kept, shown
from api.orders.row_models import row_model
from api.orders.schemas import ReadinessOut, page_out, row_out, told
from api.orders.service import OrderService
from api.settings import Language

Writer = Annotated[Caller, caller(Scope.ORDER_WRITE)]
Reader = Annotated[Caller, caller(Scope.READ)]
OrderId = Annotated[Ref, Path(description="Your number of the order.")]
_LIST: Final = "orders"


def router(orders: OrderService, *, language: Language = Language.ENGLISH) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["orders"])
    row, out, page = row_model("orders"), row_out("orders"), page_out("orders")

    def put_order(who: Writer, order_id: OrderId, body: Any, seen: MaybeSeen) -> Response:  # noqa: ANN401  # made from the columns
        """Keep an order, new or in the place of the one before.

        The row is that of the order sheet. It is read at once by the same rules as a file; whatever
        is wrong with it is told together in `faults`. `contact` and `phone` are sealed and shown
        masked; left out or sent back masked they stay as they were, null takes them away. While a
        hold or booking lives, what it stands on cannot change (409 `order-promised`, `booking_id`);
        contact, note and accepted windows can.
        """
        cells = body.model_dump(exclude_unset=True, mode="json")
        cells.pop("order_id", None)
        done = orders.put(who.tenant_id, order_id, cells, expected=seen)
        return kept(
            out,
            told(done.written.record, done.shown, warnings=done.warnings, language=language),
            created=done.written.created,
            location=f"/v1/orders/{order_id}",
        )

    put_order.__annotations__["body"] = row
    routes.put(
        "/orders/{order_id}",
        response_model=out,
        responses={201: {"model": out, "description": "Created"}, **says_no(409, 412)},
    )(put_order)

    @routes.get("/orders", response_model=page, responses=says_no())
    def list_orders(who: Reader, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """List orders in the order in which they came, contacts masked."""
        after = None
        if cursor is not None:
            place, key = read_cursor(cursor, _LIST, int, str)
            after = int(place), str(key)
        found = orders.listed(who.tenant_id, after=after, limit=limit + 1)
        more = len(found) > limit
        items = [told(each, cells, language=language) for each, cells in found[:limit]]
        last = found[limit - 1][0] if more else None
        behind = "" if last is None else write_cursor(_LIST, last.place, last.key)
        return shown(page, {"items": items, "next_cursor": behind})

    @routes.get("/orders/{order_id}", response_model=out, responses=says_no(404))
    def read_order(who: Reader, order_id: OrderId) -> Response:
        """Read an order, its contact masked."""
        record, cells = orders.show(who.tenant_id, order_id)
        return shown(out, told(record, cells, language=language), version=record.version)

    @routes.get("/orders/{order_id}/personal", response_model=out, responses=says_no(404))
    def read_order_with_contact(
        who: Annotated[Caller, caller(Scope.PII_READ)], order_id: OrderId
    ) -> Response:
        """Read an order with its contact; who has looked is remembered."""
        record, cells = orders.show(
            who.tenant_id, order_id, seen_by=who.client_id, request_id=who.request_id
        )
        return shown(out, told(record, cells, language=language), version=record.version)

    @routes.delete("/orders/{order_id}", status_code=204, responses=says_no(404, 409, 412))
    def delete_order(who: Writer, order_id: OrderId, seen: MaybeSeen) -> Response:
        """Forget an order and its contact; one with a live hold or booking stays (409)."""
        orders.remove(who.tenant_id, order_id, expected=seen)
        return Response(status_code=204)

    @routes.get("/orders/{order_id}/readiness", response_model=ReadinessOut, responses=says_no(404))
    def read_readiness(
        who: Reader,
        order_id: OrderId,
        day: Annotated[Day | None, Query(description="For which day; tomorrow.")] = None,
    ) -> ReadinessOut:
        """Say what is still to be done to an order's car, and which papers are open."""
        wanted = day or orders.usual_day
        return ReadinessOut.of(orders.readiness(who.tenant_id, order_id, wanted), wanted)

    return routes
