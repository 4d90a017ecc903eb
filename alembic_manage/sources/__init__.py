"""Where the schema at a revision comes from: the replayed history, a scratch database, or the configured database."""
