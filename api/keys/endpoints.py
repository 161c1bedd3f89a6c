"""`/v1/key`: what the caller's own key may do. Keys are made on the command line alone."""

from typing import Annotated

from fastapi import APIRouter

from api.keys.gate import Caller, caller
from api.keys.schemas import KeyShown


def router() -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["keys"])

    @routes.get("/key")
    def show_key(who: Annotated[Caller, caller()]) -> KeyShown:
        """Show the key that asks: its tenant, client, scopes and end."""
        return KeyShown.of(who.key)

    return routes
