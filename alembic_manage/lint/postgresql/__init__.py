"""What several rules for PostgreSQL need: which statement takes which lock, which type change copies a table."""
