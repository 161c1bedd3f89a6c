"""`/v1/events` and `/v1/webhook-endpoints`: what happened, and who is told."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.events.feed import EventFeed
from api.events.schemas import (
    DeliveriesOut,
    DeliveryOut,
    DeliveryStatus,
    EndpointChange,
    EndpointIn,
    EndpointOut,
    EndpointsOut,
    EndpointStateOut,
    EventsOut,
    NewEndpointOut,
    ReplayOut,
    SecretOut,
    TestedOut,
)
from api.events.service import WebhookService
from api.events.signing_secrets import OVERLAP
from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.clock import Clock
from api.kit.pages import Cursor, Limit, read_cursor, write_cursor
from api.kit.problem_docs import says_no

Reader = Annotated[Caller, caller(Scope.READ)]
Admin = Annotated[Caller, caller(Scope.ADMIN)]
EndpointId = Annotated[str, Path(max_length=64, description="Id of a webhook endpoint.")]
EventId = Annotated[str, Path(max_length=64, description="Id of an event: `webhook-id`.")]
FeedLimit = Annotated[int, Query(ge=1, le=500, description="Events on a page.")]
Status = Annotated[DeliveryStatus | None, Query(description="Only deliveries of this status.")]

_ONE: Final = "/webhook-endpoints/{endpoint_id}"
_FINDS: Final = says_no(404)
_FEED: Final = "events"
_DELIVERIES: Final = "deliveries"


def router(webhooks: WebhookService, feed: EventFeed, clock: Clock) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["events"])

    @routes.get("/events", responses=says_no(410))
    def list_events(who: Reader, cursor: Cursor = None, limit: FeedLimit = 100) -> EventsOut:
        """List what happened since a cursor, in one order; without a cursor from the oldest event
        that is kept. Everything that was answered before this request is in it.

        410 `cursor-forgotten`: events after the cursor are older than what is kept.
        """
        after = int(read_cursor(cursor, _FEED, int)[0]) if cursor else 0
        page = feed.page(who.tenant_id, after=max(0, after), most=limit)
        return EventsOut(
            items=list(page.events),
            next_cursor=write_cursor(_FEED, page.position),
            more=page.more,
        )

    @routes.post("/webhook-endpoints", status_code=201, responses=says_no(409))
    def register_endpoint(who: Admin, body: EndpointIn, response: Response) -> NewEndpointOut:
        """Register an endpoint for what happens from now on. Its secret is shown this once.

        422 `webhook-url-refused`: not https, or not public. 409 `webhook-endpoint-exists`: the
        tenant has registered this URL before.
        """
        endpoint, secret = webhooks.register(
            who.tenant_id, url=body.url, description=body.description, topics=body.topics
        )
        response.headers["Location"] = f"/v1/webhook-endpoints/{endpoint.id}"
        return NewEndpointOut.with_secret(endpoint, secret)

    @routes.get("/webhook-endpoints", responses=says_no())
    def list_endpoints(who: Admin) -> EndpointsOut:
        """List every endpoint of the tenant."""
        return EndpointsOut(
            items=[EndpointOut.of(each) for each in webhooks.endpoints(who.tenant_id)]
        )

    @routes.get(_ONE, responses=_FINDS)
    def show_endpoint(who: Admin, endpoint_id: EndpointId) -> EndpointStateOut:
        """Show an endpoint, and how many events wait for it, arrived, or died."""
        endpoint = webhooks.endpoint(who.tenant_id, endpoint_id)
        counts = webhooks.counts(who.tenant_id, endpoint_id)
        return EndpointStateOut.with_counts(endpoint, counts)

    @routes.patch(_ONE, responses=says_no(404, 409))
    def change_endpoint(who: Admin, endpoint_id: EndpointId, body: EndpointChange) -> EndpointOut:
        """Change an endpoint. One that is made active again gets, in order, what collected."""
        changed = webhooks.change(
            who.tenant_id,
            endpoint_id,
            url=body.url,
            description=body.description,
            topics=body.topics,
            active=None if body.status is None else body.status == "active",
        )
        return EndpointOut.of(changed)

    @routes.delete(_ONE, status_code=204, responses=_FINDS)
    def delete_endpoint(who: Admin, endpoint_id: EndpointId) -> None:
        """Forget an endpoint, and what was on its way to it."""
        webhooks.delete(who.tenant_id, endpoint_id)

    @routes.post(f"{_ONE}/rotate-secret", responses=_FINDS)
    def rotate_secret(who: Admin, endpoint_id: EndpointId) -> SecretOut:
        """Give an endpoint a new secret; for a day the one before signs, too."""
        secret = webhooks.rotate(who.tenant_id, endpoint_id)
        return SecretOut(secret=secret, old_secret_until=clock.now() + OVERLAP)

    @routes.post(f"{_ONE}/test", responses=_FINDS)
    def test_endpoint(who: Admin, endpoint_id: EndpointId) -> TestedOut:
        """Send a signed `webhook.test.v1` now, and say what the receiver answered."""
        return TestedOut.of(webhooks.test(who.tenant_id, endpoint_id))

    @routes.get(f"{_ONE}/deliveries", responses=_FINDS)
    def list_deliveries(
        who: Admin,
        endpoint_id: EndpointId,
        status: Status = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> DeliveriesOut:
        """List deliveries to an endpoint, the newest event first."""
        before = int(read_cursor(cursor, _DELIVERIES, int)[0]) if cursor else 0
        found = webhooks.deliveries(
            who.tenant_id, endpoint_id, status=status or "", before=max(0, before), most=limit + 1
        )
        shown = found[:limit]
        more = len(found) > limit
        return DeliveriesOut(
            items=[DeliveryOut.of(each) for each in shown],
            next_cursor=write_cursor(_DELIVERIES, shown[-1].number) if more else "",
        )

    @routes.post(
        f"{_ONE}/deliveries/{{event_id}}/replay", status_code=202, responses=says_no(404, 409)
    )
    def replay_delivery(who: Admin, endpoint_id: EndpointId, event_id: EventId) -> ReplayOut:
        """Send an event once more, delivered or dead. It travels beside its stream."""
        webhooks.replay(who.tenant_id, endpoint_id, event_id)
        return ReplayOut(replayed=1)

    @routes.post(f"{_ONE}/replay-dead-letters", status_code=202, responses=_FINDS)
    def replay_dead_letters(who: Admin, endpoint_id: EndpointId) -> ReplayOut:
        """Send dead letters once more, the oldest first, at most 1,000 a request."""
        return ReplayOut(replayed=webhooks.replay_dead(who.tenant_id, endpoint_id))

    return routes
