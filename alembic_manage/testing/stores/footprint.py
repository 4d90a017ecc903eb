"""What tests have changed on PostgreSQL: told by its catalog and by checksums of rows, in one query each.

Source: PostgreSQL 16 manual, chapter 53 "System Catalogs", 5.5 "System Columns" (xmin), 9.17 "Sequence Manipulation".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FIRST_OWN_OID = 16384
# DDL writes new rows here, and a new row has another xmin. VACUUM and ANALYZE change rows in place.
_CATALOG = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "adrelid",
    "pg_constraint": "oid",
    "pg_description": "objoid",
    "pg_enum": "enumtypid",
    "pg_index": "indexrelid",
    "pg_namespace": "oid",
    "pg_policy": "polrelid",
    "pg_proc": "oid",
    "pg_rewrite": "ev_class",
    "pg_sequence": "seqrelid",
    "pg_trigger": "tgrelid",
    "pg_type": "oid",
}
_DDL = "SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ({}) AS parts (part)".format(
    " UNION ALL ".join(
        f"SELECT concat_ws('/', '{table}', ctid, xmin) FROM {table} WHERE {column} >= {_FIRST_OWN_OID}"
        for table, column in _CATALOG.items()
    )
)
_RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname) AS path, c.relkind::text AS kind,
  EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
  OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid) AS reacts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'S') AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
"""
_ROWS = (
    "SELECT {literal}, concat_ws('/', count(*), md5(string_agg(md5(each), '' ORDER BY md5(each)))) "
    "FROM (SELECT CAST(t AS text) AS each FROM ONLY {path} AS t) AS rows"
)
_NUMBER = "SELECT {literal}, concat_ws('/', last_value, is_called) FROM {path}"
_EMPTY = "0"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND xact_start IS NOT NULL
"""


@dataclass(frozen=True)
class Relation:
    """A table, a materialized view or a sequence."""

    path: str
    """Schema and name, in quotes where they need them."""
    kind: str
    """As pg_class has it: "r", "m" or "S"."""
    reacts: bool
    """Whether deleting rows would run triggers or rules of the user's."""


@dataclass(frozen=True)
class Footprint:
    """What a database looks like."""

    ddl: str | None
    relations: tuple[Relation, ...]
    content: Mapping[str, str]
    """By path: a checksum of the rows, or a sequence's number."""

    @classmethod
    def of(cls, connection: Connection) -> Footprint:
        """The footprint of the database of a connection."""
        ddl = connection.scalar(text(_DDL))
        relations = tuple(Relation(*row) for row in connection.execute(text(_RELATIONS)))
        return cls(ddl, relations, _content(connection, relations))

    def brought_back(self, connection: Connection) -> bool:
        """Whether the database looks so again, by deleting rows of tables that had none; else nothing is done.

        Raises:
            DBAPIError: a table stayed locked, or rows cannot be deleted.
        """
        if connection.scalar(text(_OTHERS)) or connection.scalar(text(_DDL)) != self.ddl:
            return False
        content = _content(connection, self.relations)
        changed = [each for each in self.relations if content[each.path] != self.content[each.path]]
        tables = [each for each in changed if each.kind != "S"]
        if any(each.reacts or each.kind != "r" or self.content[each.path] != _EMPTY for each in tables):
            return False
        _delete(connection, [each.path for each in tables])
        for each in changed:
            if each.kind == "S":
                last, _, is_called = self.content[each.path].partition("/")
                connection.execute(
                    text("SELECT setval(CAST(:path AS regclass), :last, :called)"),
                    {"path": each.path, "last": int(last), "called": is_called == "t"},
                )
        connection.commit()
        return True


def _content(connection: Connection, relations: Sequence[Relation]) -> dict[str, str]:
    if not relations:
        return {}
    parts = [
        (_NUMBER if each.kind == "S" else _ROWS).format(
            path=_escaped(each.path), literal="'" + _escaped(each.path.replace("'", "''")) + "'"
        )
        for each in relations
    ]
    rows: Any = connection.execute(text(" UNION ALL ".join(parts)))
    return {row[0]: row[1] for row in rows}


def _delete(connection: Connection, paths: Sequence[str]) -> None:
    """Delete all rows, in one statement: keys are checked at its end, in whatever circle they refer to one another."""
    if paths:
        deletes = [f"d{number} AS (DELETE FROM ONLY {_escaped(path)})" for number, path in enumerate(paths)]
        connection.execute(text(f"WITH {', '.join(deletes)} SELECT 1"))


def _escaped(path: str) -> str:
    """A name in SQLAlchemy's text(), where a colon begins a parameter."""
    return path.replace(":", "\\:")
