"""The history state: the schema that revisions lead to, found by running them against a schema in memory.

Knows no database server, no console and no settings. From the inside out: `objects` and `schema` hold what there is and
what can be done to it; `definitions` reads SQLAlchemy's objects into it, `metadata` writes them back; `constructs`
applies DDL that comes as objects, `sql` what comes as text; `driver`, `interpreter`, `rows`, `reflection` and `engine`
make it answer like a database; `replay` runs revisions, and `cache` keeps what they led to.
"""
