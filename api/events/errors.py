"""Answers about events and webhooks that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class UnknownEndpoint(Refused):
    """No webhook endpoint of this tenant has that id."""

    code = "webhook-endpoint-not-found"
    status = 404


class TooManyEndpoints(Refused):
    """The tenant has as many endpoints as it may have; `most` says how many."""

    code = "webhook-endpoints-full"


class EndpointExists(Refused):
    """The tenant has an endpoint with this URL: change that one, or rotate its secret;
    `endpoint_id` says which."""

    code = "webhook-endpoint-exists"


class TopicNotPublished(Refused):
    """An endpoint asks for topics that the catalogue does not list; `topics` are those."""

    code = "topic-not-published"
    status = 422


class UnknownDelivery(Refused):
    """The event was not for this endpoint, or is older than what is kept."""

    code = "delivery-not-found"
    status = 404


class DeliveryUnderWay(Refused):
    """The event is on its way to the endpoint; it can be sent again once it arrived or died."""

    code = "delivery-under-way"


class CursorForgotten(Refused):
    """Events after the cursor were deleted for their age: read the resources, then begin anew
    without a cursor."""

    code = "cursor-forgotten"
    status = 410
