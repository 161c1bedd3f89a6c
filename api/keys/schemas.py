"""How a key is shown."""

from api.keys.scopes import Scope
from api.keys.store import KeyRow
from api.kit.schema import Moment, Wire, shown_as


class KeyShown(Wire):
    """A key without its text."""

    model_config = shown_as(
        {
            "key_id": "key_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c",
            "tenant": "acme",
            "client": "shop",
            "scopes": ["order:write", "read"],
            "created_at": "2026-11-22T09:00:00+08:00",
            "expires_at": "2027-11-22T09:00:00+08:00",
        }
    )

    key_id: str
    tenant: str
    client: str
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment

    @classmethod
    def of(cls, row: KeyRow) -> "KeyShown":
        """Show a row."""
        return cls(
            key_id=row.id,
            tenant=row.tenant_id,
            client=row.client_id,
            scopes=sorted(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
