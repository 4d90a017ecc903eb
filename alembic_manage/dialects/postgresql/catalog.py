"""What the inspector does not tell about a PostgreSQL database: its own tables are asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.catalog import INFORMATION_SCHEMA, EnumUse
from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import Connection


# What objects look like, by their names; casts to text, as drivers read the catalog's own types in different ways.
_PICTURE = (
    "SELECT c.relname::text, c.relkind::text, c.relpersistence::text, c.reloptions::text, n.nspname::text, "
    "c.relreplident::text, c.relrowsecurity, obj_description(c.oid, 'pg_class'), t.spcname::text "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE c.relname = ANY(:names)",
    "SELECT c.relname::text, a.attname::text, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), a.attstorage::text, "
    "col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "WHERE c.relname = ANY(:names) AND a.attnum > 0 AND NOT a.attisdropped",
    "SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid), k.convalidated "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relname = ANY(:names)",
    # Whether an index is valid does not show: what CONCURRENTLY left half done is to be done again.
    "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid IN "
    "(i.indexrelid, i.indrelid) WHERE c.relname = ANY(:names)",
    "SELECT t.typname::text, e.enumlabel::text, e.enumsortorder FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid "
    "WHERE t.typname = ANY(:names)",
    "SELECT typname::text, typtype::text, typdefault FROM pg_type WHERE typname = ANY(:names)",
    "SELECT proname::text, md5(prosrc), pg_get_function_identity_arguments(oid) FROM pg_proc "
    "WHERE proname = ANY(:names) AND prokind <> 'a'",
    "SELECT tgname::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE tgname = ANY(:names)",
    "SELECT viewname::text, definition FROM pg_views WHERE viewname = ANY(:names)",
    "SELECT extname::text, extversion FROM pg_extension WHERE extname = ANY(:names)",
    "SELECT nspname::text FROM pg_namespace WHERE nspname = ANY(:names)",
    "SELECT datname::text FROM pg_database WHERE datname = ANY(:names)",
    "SELECT rolname::text FROM pg_roles WHERE rolname = ANY(:names)",
)


class PostgreSQLCatalog(Dialect):
    """Reads the catalog of PostgreSQL."""

    def is_system_schema(self, name: str) -> bool:
        """information_schema, and what begins with pg_."""
        return name.startswith("pg_") or name == "information_schema"

    def described_default(self, default: str | None) -> str | None:
        """A sequence that belongs to a column keeps its first name, whatever the column is called later; and a literal
        keeps the type that the column had first: '0'::bigint, or 0 where it was an integer.
        """
        if not default:
            return default
        literal = _LITERAL.fullmatch(default)
        if literal is not None:
            return literal[1] if _NUMBER.fullmatch(literal[1]) else f"'{literal[1]}'"
        return re.sub(r"nextval\('.+'::regclass\)", "nextval(its sequence)", default)

    def picture(self, connection: Connection, names: Collection[str]) -> Sequence[tuple[object, ...]]:
        """The catalog's rows. Source: PostgreSQL documentation, "System Catalogs"."""
        from sqlalchemy import text

        stored = [self.cut_name(name) for name in names]
        given = {"names": [*stored, *(name.lower() for name in stored)]}
        return [tuple(row) for query in _PICTURE for row in connection.execute(text(query), given).all()]

    def described_objects(self, connection: Connection, leave_out: Container[str]) -> Iterator[tuple[str, str]]:
        """Constraints, indexes and sequences as the server writes them. Source: PostgreSQL 16 manual, 9.26.4."""
        for query, word in _DESCRIBED:
            for schema, name, table, text in connection.exec_driver_sql(query):
                place = "" if schema == self.default_schema else f"{schema}."
                if table not in leave_out:
                    owner = f" of {place}{table}" if table else ""
                    yield f"{word} {place}{name}{owner}, as PostgreSQL writes it", str(text)

    def spelled_expression(self, connection: Connection, schema: str | None, table: str, text: str) -> str:
        """As in the definition of a view, which is taken back at once. Source: PostgreSQL 16 manual, 9.26.4."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        make = f"CREATE TEMPORARY VIEW {_SPELLING} AS SELECT ({text}\n) AS expression FROM {source}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(make.replace(":", "\\:")))
            found = connection.exec_driver_sql(f"SELECT pg_get_viewdef('pg_temp.{_SPELLING}'::regclass)").scalar_one()
            savepoint.rollback()
        body = str(found).strip().removeprefix("SELECT").rstrip(";")
        return body[: body.rindex(" AS expression")].strip()

    def enum_uses(self, connection: Connection, schema: str | None, name: str) -> Sequence[EnumUse]:
        """From pg_attribute; partitions and children follow their parents. Source: PostgreSQL 16 manual, chapter 53."""
        rows = connection.exec_driver_sql(_ENUM_USES.format(*map(_literal, (schema or self.default_schema, name))))
        return [
            EnumUse(None if own == self.default_schema else own, table, column, is_array, default)
            for own, table, column, is_array, default in rows
        ]

    def sequences(self, connection: Connection, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """From pg_sequence. Source: PostgreSQL 16 manual, 53.47."""
        names = ("start", "increment", "minvalue", "maxvalue", "cache", "cycle", "data_type")
        rows = connection.exec_driver_sql(_SEQUENCES.format(_literal(schema or self.default_schema)))
        return {name: dict(zip(names, values, strict=True)) for name, *values in rows}

    def owned_sequences(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_depend, in which an identity has another kind. Source: PostgreSQL 16 manual, 53.18."""
        rows = connection.exec_driver_sql(_OWNED_SEQUENCES.format(_literal(schema or self.default_schema)))
        return {(table, column): sequence for table, column, sequence in rows}

    def is_same_value(self, connection: Connection, type_: str, one: str, other: str) -> bool:
        """Both are cast to the type, and compared as the text that it prints."""
        query = f"SELECT (CAST({one} AS {type_}))::text = (CAST({other} AS {type_}))::text"
        with connection.begin_nested():
            return bool(connection.exec_driver_sql(query.replace("%", "%%")).scalar())

    def sequence_defaults(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Source: PostgreSQL 16 manual, CREATE SEQUENCE."""
        data_type = str(options.get("data_type") or "bigint").lower()
        most = 2 ** {"smallint": 15, "integer": 31}.get(data_type, 63) - 1
        is_rising = options.get("increment", 1) > 0
        least, most = (1, most) if is_rising else (-most - 1, -1)
        start = options.get("minvalue", least) if is_rising else options.get("maxvalue", most)
        return {
            "increment": 1,
            "minvalue": least,
            "maxvalue": most,
            "start": start,
            "cache": 1,
            "cycle": False,
            "data_type": data_type,
        }

    def collations(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_attribute: SQLAlchemy tells them since 2.1 only. Source: PostgreSQL 16 manual, 53.7."""
        rows = connection.exec_driver_sql(_COLLATIONS.format(_literal(schema or self.default_schema)))
        return {(table, column): collation for table, column, collation in rows}

    def spelled_index(self, connection: Connection, schema: str | None, table: str, kind: str, definition: str) -> str:
        """As on an empty temporary copy of the table. Source: PostgreSQL 16 manual, CREATE TABLE, "LIKE"."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        index = f"CREATE {kind} INDEX {_SPELLING}_index ON pg_temp.{_SPELLING} {definition}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(f"CREATE TEMPORARY TABLE {_SPELLING} (LIKE {source})".replace(":", "\\:")))
            connection.execute(statement(index.replace(":", "\\:")))
            found = connection.exec_driver_sql(f"SELECT pg_get_indexdef('pg_temp.{_SPELLING}_index'::regclass)")
            spelled = str(found.scalar_one())
            savepoint.rollback()
        return spelled

    def spelled_exclusion(self, connection: Connection, schema: str | None, table: str, definition: str) -> str:
        """As on an empty temporary copy of the table."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        alter = f"ALTER TABLE pg_temp.{_SPELLING} ADD CONSTRAINT {_SPELLING}_exclusion {definition}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(f"CREATE TEMPORARY TABLE {_SPELLING} (LIKE {source})".replace(":", "\\:")))
            connection.execute(statement(alter.replace(":", "\\:")))
            found = connection.exec_driver_sql(
                f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'pg_temp.{_SPELLING}'::regclass "
                f"AND conname = '{_SPELLING}_exclusion'"
            )
            spelled = str(found.scalar_one())
            savepoint.rollback()
        return spelled

    def uniques(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_constraint."""
        return self._constraints(connection, schema, "u")

    def exclusions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_constraint."""
        return self._constraints(connection, schema, "x")

    def _constraints(self, connection: Connection, schema: str | None, kind: str) -> Mapping[tuple[str, str], str]:
        """Source: PostgreSQL 16 manual, 53.13 and 9.26.4."""
        rows = connection.exec_driver_sql(_CONSTRAINTS.format(kind, _literal(schema or self.default_schema)))
        return {(table, name): definition for table, name, definition in rows}

    def partitions(self, connection: Connection, schema: str | None) -> Collection[str]:
        """From pg_class. Source: PostgreSQL 16 manual, 53.11, relispartition."""
        query = (
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE c.relispartition AND n.nspname = {_literal(schema or self.default_schema)}"
        )
        return [str(name) for (name,) in connection.exec_driver_sql(query)]

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_index. Source: PostgreSQL 16 manual, 53.26 and 9.26.4."""
        rows = connection.exec_driver_sql(_INDEXES.format(_literal(schema or self.default_schema)))
        return {(table, name): definition for table, name, definition in rows}


_SPELLING = "alembic_manage_spelling"


_CONSTRAINTS = (
    "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
    "JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace "
    "WHERE c.contype = '{}' AND n.nspname = {}"
)


_INDEXES = (
    "SELECT t.relname, i.relname, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
    "JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = {} "
    "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))"
)


def _literal(text: str | None) -> str:
    """A string in SQL that goes to the driver as it is."""
    return "'" + str(text).replace("'", "''").replace("%", "%%") + "'"


_ENUM_USES = """
    SELECT s.nspname, c.relname, a.attname, t.typelem <> 0, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type e ON e.oid IN (t.oid, t.typelem)
    JOIN pg_namespace n ON n.oid = e.typnamespace
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) AND a.attgenerated = ''
    WHERE n.nspname = {} AND e.typname = {} AND e.typtype = 'e' AND c.relkind IN ('r', 'p')
    AND NOT a.attisdropped AND a.attinhcount = 0 ORDER BY 1, 2, a.attnum"""


_SEQUENCES = """
    SELECT c.relname, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, q.seqtypid::regtype::text
    FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = {}
    AND NOT EXISTS (SELECT 1 FROM pg_depend d
    WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))"""


_OWNED_SEQUENCES = """
    SELECT c.relname, a.attname, s.relname
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid JOIN pg_class c ON c.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = {} AND s.relkind = 'S' AND s.relnamespace = c.relnamespace AND d.deptype = 'a'
    AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"""


_COLLATIONS = """
    SELECT c.relname, a.attname, l.collname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_collation l ON l.oid = a.attcollation
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = {} AND a.attcollation <> t.typcollation AND NOT a.attisdropped"""


_LITERAL = re.compile(r"\(*'((?:[^']|'')*)'\)*(?:::[\w \"\[\](),.]+?)+")


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


_DESCRIBED = (
    (
        "SELECT n.nspname, c.conname, t.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
        "JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype <> 'n' "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
        "constraint",
    ),
    (
        "SELECT schemaname, indexname, tablename, indexdef FROM pg_indexes "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        "index",
    ),
    (
        # Those of SERIAL and IDENTITY columns belong to their columns.
        "SELECT s.relnamespace::regnamespace::text, s.relname, NULL, concat_ws(' ', q.seqtypid::regtype, q.seqstart, "
        "q.seqmin, q.seqmax, q.seqincrement, q.seqcycle, q.seqcache) "
        "FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid WHERE NOT EXISTS (SELECT 1 "
        "FROM pg_depend d WHERE d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))",
        "sequence",
    ),
)


# Source: PostgreSQL 16 manual, chapters 37, 53 and 54.
CATALOG_RELATIONS = {
    **INFORMATION_SCHEMA,
    "pg_type": ("types", {"typname": "type", "typtype": "type_kind"}),
    "pg_enum": ("labels", {"enumlabel": "label", "enumtypid": "type"}),
    "pg_namespace": ("schemas", {"nspname": "schema"}),
    "pg_class": ("relations", {"relname": "relation", "relkind": "kind"}),
    "pg_attribute": ("columns", {"attname": "column", "attrelid": "table"}),
    "pg_constraint": (
        "constraints",
        {"conname": "constraint", "conrelid": "table", "contype": "constraint_kind"},
    ),
    "pg_tables": ("tables", {"tablename": "table", "schemaname": "schema"}),
    "pg_indexes": ("indexes", {"indexname": "index", "tablename": "table", "schemaname": "schema"}),
    "information_schema.sequences": ("sequences", {"sequence_name": "relation", "sequence_schema": "schema"}),
}
