"""How a key is shown."""

from api.keys.scopes import Scope
from api.keys.store import KeyRow
from api.kit.schema import Moment, Wire


class KeyShown(Wire):
    """A key without its text."""

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
