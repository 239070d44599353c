"""Whose a case is, as a keyed hash, so that what was given in it can be found again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("holder", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_cases_holder"), "cases", ["holder"])


def downgrade() -> None:
    op.drop_index(op.f("ix_cases_holder"), "cases")
    op.drop_column("cases", "holder")
