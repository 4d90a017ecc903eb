"""The history state held against a real database, object by object."""
