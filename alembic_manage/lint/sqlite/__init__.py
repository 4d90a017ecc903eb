"""What rules for SQLite know in common."""
