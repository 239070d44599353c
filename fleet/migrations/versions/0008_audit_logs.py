"""The audit logs of terminals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_chains",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("terminal_id", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["terminal_id"], ["terminals.id"], name=op.f("fk_audit_chains_terminal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chains")),
    )
    op.create_index(op.f("ix_audit_chains_terminal_id"), "audit_chains", ["terminal_id"])
    op.create_table(
        "audit_lines",
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=25), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["audit_chains.id"], name=op.f("fk_audit_lines_chain")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_audit_lines")),
    )


def downgrade() -> None:
    op.drop_table("audit_lines")
    op.drop_index(op.f("ix_audit_chains_terminal_id"), "audit_chains")
    op.drop_table("audit_chains")
