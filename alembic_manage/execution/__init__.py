"""Running plans against a database: the executor, what it fakes, and the SQL it would run."""
