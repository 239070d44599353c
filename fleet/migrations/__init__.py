"""Changes of the database's tables, in order (alembic)."""
