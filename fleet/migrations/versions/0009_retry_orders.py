"""Operators' orders to try parked deliveries again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retry_orders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("terminal_id", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.String(length=36), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.id"], name=op.f("fk_retry_orders_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retry_orders")),
    )
    op.create_index(op.f("ix_retry_orders_terminal_id"), "retry_orders", ["terminal_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_retry_orders_terminal_id"), "retry_orders")
    op.drop_table("retry_orders")
