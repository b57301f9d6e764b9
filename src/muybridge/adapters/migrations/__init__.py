"""How old tables are brought up to today's, step by step (Alembic)."""
