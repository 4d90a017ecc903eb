"""Programs that take the terminal: Python with the project's names, the database's own client, pytest."""
