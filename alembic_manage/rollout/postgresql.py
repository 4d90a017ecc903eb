"""PostgreSQL: CONCURRENTLY, NOT VALID, USING INDEX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from alembic.operations import ops
from sqlalchemy import types

from alembic_manage.dialects import Dialect
from alembic_manage.operations import Autocommit, NotValid, RenameColumn, RenameIndex, RenameTable, Sql, Steps
from alembic_manage.rollout.server import RenamedTable, Server, short_name
from alembic_manage.rollout.twin import Twin

# What is not a literal, its cast, or a word of the standard without parentheses.
_CALL = re.compile(r"[\w\"]+\s*\(")
_STABLE_CALL = re.compile(r"\b(now|transaction_timestamp|current_setting|to_timestamp)\s*\(", re.IGNORECASE)


class PostgreSQL(Server):
    """Source: PostgreSQL 18 manual, ALTER TABLE, "Notes"; CREATE INDEX, "Building Indexes Concurrently"."""

    @classmethod
    def serves(cls, rules: Dialect) -> bool:
        """The one that builds indexes concurrently, and may leave invalid ones."""
        return rules.invalid_indexes is not None

    def is_instant_default(self, sql: str) -> bool:
        """Since version 11, unless it is volatile; what is not known counts as such."""
        without_literals = re.sub(r"'(?:[^']|'')*'", "''", sql)
        return self.version >= (11,) and not _CALL.search(_STABLE_CALL.sub("", without_literals))

    def is_instant_type(self, old: Any, new: Any) -> bool:
        """Longer texts and numbers with more digits before the point.

        Source: PostgreSQL 18 manual, ALTER TABLE, "Notes"; varchar_support and numeric_support in its source.
        """
        texts = (types.String, types.Text)
        if isinstance(old, types.Enum) or isinstance(new, types.Enum):
            return False
        if isinstance(old, texts) and isinstance(new, texts) and not _is_fixed(old) and not _is_fixed(new):
            return new.length is None or (old.length is not None and old.length <= new.length)
        if _is_numeric(old) and _is_numeric(new):
            return new.precision is None or (
                old.precision is not None and old.precision <= new.precision and (old.scale or 0) == (new.scale or 0)
            )
        return False

    def built(self, operation: ops.CreateIndexOp) -> Autocommit:
        """CREATE INDEX CONCURRENTLY."""
        made = copy(operation)
        made.kw = {**operation.kw, "postgresql_concurrently": True}
        dropped = _concurrent_drop(made)
        return Autocommit([Steps([made], [dropped])])

    def removed(self, operation: ops.DropIndexOp) -> Autocommit:
        """DROP INDEX CONCURRENTLY."""
        back: Any = operation.reverse()
        back.kw = {**back.kw, "postgresql_concurrently": True}
        return Autocommit([Steps([_concurrent_drop(back)], [back])])

    def unique(self, operation: ops.CreateUniqueConstraintOp) -> Sequence[ops.MigrateOperation] | None:
        """A unique index that becomes the constraint."""
        options = {name: value for name, value in operation.kw.items() if name.startswith("postgresql_")}
        if set(operation.kw) - set(options) - {"deferrable", "initially"} or operation.constraint_name is None:
            return None
        name, table, schema = str(operation.constraint_name), operation.table_name, operation.schema
        index = ops.CreateIndexOp(
            name,
            table,
            list(operation.columns),
            schema=schema,
            unique=True,
            **{**options, "postgresql_concurrently": True},
        )
        timing = " DEFERRABLE" if operation.kw.get("deferrable") else ""
        timing += f" INITIALLY {operation.kw['initially']}" if operation.kw.get("initially") else ""
        adopted = f"ALTER TABLE {self.quoted(schema, table)} ADD CONSTRAINT {self.quoted(name)} UNIQUE USING INDEX "
        attach = Sql([f"{adopted}{self.quoted(name)}{timing}"], [], table, schema)
        return [Autocommit([Steps([index], [])]), Steps([attach], [operation.reverse()])]

    def foreign_key(self, operation: ops.CreateForeignKeyOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation]:
        """NOT VALID, and VALIDATE."""
        schema = operation.kw.get("source_schema")
        return NotValid(operation), self.validated(operation.source_table, str(operation.constraint_name), schema)

    def check(self, operation: ops.CreateCheckConstraintOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation]:
        """NOT VALID, and VALIDATE."""
        name = str(operation.constraint_name)
        return NotValid(operation), self.validated(operation.table_name, name, operation.schema)

    def validated(self, table: str, name: str, schema: str | None) -> Sql:
        """VALIDATE CONSTRAINT: it reads all rows, while others read and write them."""
        statement = f"ALTER TABLE {self.quoted(schema, table)} VALIDATE CONSTRAINT {self.quoted(name)}"
        return Sql([statement], [], table, schema)

    def proof_of_not_null(
        self, table: str, column: str, schema: str | None
    ) -> tuple[ops.MigrateOperation, ops.MigrateOperation, ops.MigrateOperation] | None:
        """A CHECK, which SET NOT NULL believes since version 12 instead of reading the table."""
        name = short_name(table, column, "not_null")
        alter = f"ALTER TABLE {self.quoted(schema, table)}"
        add = f"{alter} ADD CONSTRAINT {self.quoted(name)} CHECK ({self.quoted(column)} IS NOT NULL)"
        drop = f"{alter} DROP CONSTRAINT {self.quoted(name)}"
        begin = Sql([f"{add} NOT VALID"], [drop], table, schema)
        return begin, self.validated(table, name, schema), Sql([drop], [add], table, schema)

    def renamed_index(self, table: str, old: str, new: str, schema: str | None) -> ops.MigrateOperation:
        """ALTER INDEX ... RENAME TO: it keeps nobody waiting."""
        return RenameIndex(table, old, new, schema)

    def renamed_table(self, operation: RenameTable, columns: Mapping[str, str]) -> RenamedTable:
        """The view can be written to, and comes last: what it shows could not change any more.

        Source: PostgreSQL 18 manual, CREATE VIEW, "Updatable Views".
        """
        new, schema = operation.new, operation.schema
        name, table = self.quoted(schema, operation.table_name), self.quoted(schema, new)
        view = Sql([f"CREATE VIEW {name} AS {self.shown(columns, table)}"], [f"DROP VIEW {name}"], new, schema)
        return RenamedTable(operation, view, view.reverse())

    def added_column(self, table: str, schema: str | None, column: Any, after: str) -> ops.MigrateOperation:
        """At the end: there is no other place."""
        return ops.AddColumnOp(table, column, schema=schema)

    def sync(self, twin: Twin) -> Sql:
        """A trigger before a row is written; whichever column was written fills the other.

        Values are compared as texts: a type may have no equality, or one for which other letters are the same.
        """
        first, second = twin.sql_names(self)
        function, trigger = self.quoted(twin.schema, twin.sync_name), self.quoted(twin.sync_name)
        table = self.quoted(twin.schema, twin.table)
        to_second = f"NEW.{second} := {twin.to_second(f'NEW.{first}')};"
        to_first = f"NEW.{first} := {twin.to_first(f'NEW.{second}')};"
        body = to_second
        if twin.both_write:
            body = (
                f"IF TG_OP = 'INSERT' THEN IF NEW.{second} IS NOT NULL THEN {to_first} ELSE {to_second} END IF; "
                f"ELSIF {_changes(second)} THEN {to_first} ELSIF {_changes(first)} THEN {to_second} END IF;"
            )
        create = f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"
        fire = f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        drop = [f"DROP TRIGGER {trigger} ON {table}", f"DROP FUNCTION {function}()"]
        return Sql([create, fire], drop, twin.table, twin.schema)

    def taken_over(self, twin: Twin, drop: ops.MigrateOperation) -> list[ops.MigrateOperation]:
        """In one transaction: nobody sees what is between."""
        drop_sync = self.sync(twin).reverse()
        renamed = [] if twin.both_write else [RenameColumn(twin.table, twin.second_name, twin.final, twin.schema)]
        return [Steps([drop_sync], []), Steps([drop], []), *(Steps([each], []) for each in renamed)]


def _changes(column: str) -> str:
    """Whether an UPDATE writes another value into a column."""
    return f"NEW.{column}::text IS DISTINCT FROM OLD.{column}::text"


def _concurrent_drop(operation: ops.CreateIndexOp) -> ops.DropIndexOp:
    return ops.DropIndexOp(
        str(operation.index_name),
        table_name=operation.table_name,
        schema=operation.schema,
        postgresql_concurrently=True,
        _reverse=operation,
    )


def _is_fixed(type_: Any) -> bool:
    return isinstance(type_, types.CHAR)


def _is_numeric(type_: Any) -> bool:
    return isinstance(type_, types.Numeric) and not isinstance(type_, types.Float)
