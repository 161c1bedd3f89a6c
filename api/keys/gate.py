"""The gate: which caller a request is from, and whether it may do what the endpoint does.

The tenant comes from the key and from nowhere else. What is another tenant's is not found.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.keys.errors import KeyInvalid, KeyMissing, ScopeMissing
from api.keys.rates import Rates
from api.keys.scopes import Scope
from api.keys.service import KeyService
from api.keys.store import KeyRow
from api.kit.request_ids import request_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. `client_id` stays when the key is replaced; `request_id` is in the answer, too."""

    tenant_id: str
    client_id: str
    key: KeyRow
    request_id: str

    def may(self, scope: Scope) -> bool:
        """Tell whether the key has a scope."""
        return scope in self.key.scopes


class Gate:
    """Lets callers in. One a process, at `app.state.gate`."""

    def __init__(self, keys: KeyService, rates: Rates) -> None:
        self._keys = keys
        self._rates = rates

    def enter(
        self, text: str | None, scopes: Collection[str], *, address: str, request_id: str
    ) -> Caller:
        """Say who comes with a key, if it may do all that `scopes` say.

        Raises:
            KeyMissing, KeyInvalid: nobody known.
            ScopeMissing: the key is for other things.
            TooManyRequests: the caller has asked too often.
        """
        try:
            if text is None:
                raise KeyMissing("send a key: Authorization: Bearer KEY")
            key = self._keys.authenticate(text)
        except (KeyMissing, KeyInvalid):
            self._rates.count_stranger(address)
            raise
        self._rates.count(key.tenant_id, key.client_id)
        missing = sorted(set(scopes) - key.scopes)
        if missing:
            raise ScopeMissing(
                f"the key has no {' and no '.join(missing)}: ask for one that has", scopes=missing
            )
        return Caller(
            tenant_id=key.tenant_id, client_id=key.client_id, key=key, request_id=request_id
        )


_BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="ApiKey",
    description="`Authorization: Bearer flatbed_...`, made by `flatbed keys create`.",
)


def _enter(
    request: Request,
    scopes: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Caller:
    gate: Gate = request.app.state.gate
    return gate.enter(
        None if given is None else given.credentials,
        scopes.scopes,
        address=request.client.host if request.client else "",
        request_id=request_id_of(request.scope),
    )


def caller(*scopes: Scope) -> Any:  # noqa: ANN401 - FastAPI's marker has no type of its own
    """Declare who may call an endpoint: `who: Annotated[Caller, caller(Scope.READ)]`."""
    return Security(_enter, scopes=[str(each) for each in scopes])
