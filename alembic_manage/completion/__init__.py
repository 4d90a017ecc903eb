"""What a shell may offer after the words that were typed; no SQLAlchemy, no Alembic, no models."""
