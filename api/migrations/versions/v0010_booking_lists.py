"""What bookings are listed and capped by (client, county, last change), and their conditions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_HELD = sa.text("status = 'held'")


def upgrade() -> None:
    """Add the columns. When an older promise changed last is read from its last event."""
    for name, length in (("client_id", 64), ("county", 12)):
        op.add_column(
            "promise", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    op.add_column("promise", sa.Column("updated_at", sa.Text, nullable=False, server_default=""))
    op.add_column("promise", sa.Column("conditions", sa.Text, nullable=False, server_default="[]"))
    op.execute(
        "update promise set updated_at = (select event.at from event where "
        "event.pool_day_id = promise.pool_day_id and event.seq = promise.seq)"
    )
    op.create_index("ix_promise_updated", "promise", ["tenant_id", "updated_at", "id"])
    op.create_index(
        "ix_promise_held_of_client",
        "promise",
        ["tenant_id", "client_id"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )
