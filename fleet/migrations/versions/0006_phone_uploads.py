"""Pages from a citizen's phone, sealed under the key in the terminal's QR code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_uploads",
        sa.Column("lookup_sha256", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=40), nullable=False),
        sa.Column("ticket", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lookup_sha256", name=op.f("pk_phone_uploads")),
    )
    op.create_index(op.f("ix_phone_uploads_terminal_id"), "phone_uploads", ["terminal_id"])
    op.create_table(
        "phone_files",
        sa.Column("lookup_sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lookup_sha256"],
            ["phone_uploads.lookup_sha256"],
            name=op.f("fk_phone_files_lookup_sha256_phone_uploads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("lookup_sha256", "number", name=op.f("pk_phone_files")),
    )


def downgrade() -> None:
    op.drop_table("phone_files")
    op.drop_table("phone_uploads")
