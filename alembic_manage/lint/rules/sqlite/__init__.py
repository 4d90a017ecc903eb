"""Rules for SQLite."""
