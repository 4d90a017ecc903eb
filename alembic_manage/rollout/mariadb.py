"""MariaDB: InnoDB builds indexes online by itself; foreign keys, CHECKs and types are what it copies tables for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.dialects import Dialect
from alembic_manage.operations import RefuseRows, Remark, RenameIndex, RenameTable, Sql, Steps
from alembic_manage.rollout.alter_way import Alteration
from alembic_manage.rollout.altering import Altering
from alembic_manage.rollout.dependents import name_of
from alembic_manage.rollout.mariadb_types import is_instant_type
from alembic_manage.rollout.online import Online
from alembic_manage.rollout.server import Guard, RenamedTable, Server, short_name
from alembic_manage.rollout.twin import Twin

_INSTANT_DEFAULT = re.compile(
    r"\(?\s*('(?:[^']|'')*'|[+-]?[\d.]+(e[+-]?\d+)?|true|false|null|(current_timestamp|now)(\s*\(\s*\d?\s*\))?)\s*\)?",
    re.IGNORECASE,
)


class MariaDB(Server):
    """Source: MariaDB documentation, "InnoDB Online DDL Overview", and tried out on 10.11."""

    renames_foreign_keys = False

    @classmethod
    def serves(cls, rules: Dialect) -> bool:
        """The one whose indexes belong to tables, and whose DDL commits by itself."""
        return rules.has_inline_indexes and not rules.transactional_ddl

    def is_instant_default(self, sql: str) -> bool:
        """A literal, or the time; an expression makes it copy the table."""
        return _INSTANT_DEFAULT.fullmatch(sql.strip()) is not None

    def is_instant_type(self, old: Any, new: Any) -> bool:
        """Longer texts and more labels, in the same collation."""
        same_collation = getattr(old, "collation", None) == getattr(new, "collation", None)
        return same_collation and is_instant_type(old, new)

    def built(self, operation: ops.CreateIndexOp) -> ops.MigrateOperation:
        """As it is: InnoDB lets others write meanwhile."""
        return operation

    def removed(self, operation: ops.DropIndexOp) -> ops.MigrateOperation:
        """As it is."""
        return operation

    def unique(self, operation: ops.CreateUniqueConstraintOp) -> Sequence[ops.MigrateOperation] | None:
        """As it is: an index like others."""
        return [operation]

    def foreign_key(self, operation: ops.CreateForeignKeyOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation]:
        """Without a check of the rows it copies no table; the rows are looked at afterwards."""
        schema = operation.kw.get("source_schema")
        table = operation.source_table
        off = Sql(["SET foreign_key_checks = 0"], [], table, schema)
        on = Sql(["SET foreign_key_checks = 1"], [], table, schema)
        statements = alembic_api.statements_of(self.detection.context, _without_restrict(operation))
        add = Altering(Alteration.INDEX, statements, table, schema)
        begin = Steps([off, add, on], [operation.reverse()])
        return begin, self._look(operation)

    def _look(self, operation: ops.CreateForeignKeyOp) -> RefuseRows:
        """Stops where a row refers to nothing."""
        schema = operation.kw.get("source_schema")
        child = self.quoted(schema, operation.source_table)
        parent = self.quoted(operation.kw.get("referent_schema"), operation.referent_table)
        pairs = list(zip(operation.local_cols, operation.remote_cols, strict=True))
        joined = " AND ".join(f"parent.{self.quoted(far)} = child.{self.quoted(near)}" for near, far in pairs)
        filled = " AND ".join(f"child.{self.quoted(near)} IS NOT NULL" for near, _ in pairs)
        lost = f"parent.{self.quoted(operation.remote_cols[0])} IS NULL"
        query = (
            f"SELECT 1 FROM {child} AS child LEFT JOIN {parent} AS parent ON {joined} WHERE {filled} AND {lost} LIMIT 1"
        )
        message = f"{operation.source_table} has rows that refer to no row of {operation.referent_table}"
        return RefuseRows(operation.source_table, query, message, schema)

    def check(self, operation: ops.CreateCheckConstraintOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation] | None:
        """There is none: it copies the table, and nobody writes meanwhile."""
        return None

    def proof_of_not_null(
        self, table: str, column: str, schema: str | None
    ) -> tuple[ops.MigrateOperation, ops.MigrateOperation, ops.MigrateOperation] | None:
        """None is needed: InnoDB rebuilds the table while others write."""
        return None

    def renamed_index(self, table: str, old: str, new: str, schema: str | None) -> ops.MigrateOperation:
        """ALTER TABLE ... RENAME INDEX."""
        return RenameIndex(table, old, new, schema)

    def renamed_table(self, operation: RenameTable, columns: Mapping[str, str]) -> RenamedTable:
        """Table and view change names in one statement; a view can only be made of a table that is there, so a copy
        without rows stands in for it. Columns that change their names at once do so afterwards: the view follows.

        Source: MariaDB documentation, "RENAME TABLE", "Inserting and Updating with Views"; tried under load on 10.11.
        """
        old, new, schema = operation.table_name, operation.new, operation.schema
        name, table = self.quoted(schema, old), self.quoted(schema, new)
        meanwhile = self.quoted(schema, short_name(old, "stand_in"))
        query = self.shown(columns, table)
        up = [
            f"CREATE TABLE {table} LIKE {name}",
            f"CREATE VIEW {meanwhile} AS {self.shown({each: each for each in columns}, table)}",
            f"DROP TABLE {table}",
            f"RENAME TABLE {name} TO {table}, {meanwhile} TO {name}",
        ]
        down = [f"RENAME TABLE {name} TO {meanwhile}, {table} TO {name}", f"DROP VIEW {meanwhile}"]
        gone = Sql([f"DROP VIEW {name}"], [f"CREATE VIEW {name} AS {query}"], new, schema)
        follows = any(own != other for other, own in columns.items())
        last = Sql([f"CREATE OR REPLACE VIEW {name} AS {query}"], [], new, schema) if follows else None
        return RenamedTable(Sql(up, down, new, schema), last, gone)

    def added_column(self, table: str, schema: str | None, column: Any, after: str) -> ops.MigrateOperation:
        """Where it belongs: the server knows places."""
        place = f"AFTER {self.quoted(after)}" if after else "FIRST"
        alter = f"ALTER TABLE {self.quoted(schema, table)}"
        add = f"{alter} ADD COLUMN {self.column_sql(column)} {place}"
        drop = f"{alter} DROP COLUMN {self.quoted(str(column.name))}"
        return Steps(
            [Altering(Alteration.PLACED_COLUMN, [add], table, schema)],
            [Altering(Alteration.COLUMN, [drop], table, schema)],
        )

    def sync(self, twin: Twin) -> Sql:
        """Two triggers, before a row changes and before it comes; whichever column was written fills the other.

        Values are compared with their bytes: most collations take "a" and "A" for the same.
        """
        first, second = twin.sql_names(self)
        # In this order: a row that comes and changes between the two would else stay as it came.
        events = ("UPDATE", "INSERT")
        names = [self.quoted(twin.schema, f"{twin.sync_name}_{event.lower()}") for event in events]
        table = self.quoted(twin.schema, twin.table)
        to_second = f"SET NEW.{second} = {twin.to_second(f'NEW.{first}')}"
        to_first = f"SET NEW.{first} = {twin.to_first(f'NEW.{second}')}"
        bodies = [to_second, to_second]
        if twin.both_write:
            bodies = [
                f"BEGIN IF {_changes(second)} THEN {to_first}; ELSEIF {_changes(first)} THEN {to_second}; END IF; END",
                f"BEGIN IF NEW.{second} IS NOT NULL THEN {to_first}; ELSE {to_second}; END IF; END",
            ]
        create = [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {body}"
            for name, event, body in zip(names, events, bodies, strict=True)
        ]
        return Sql(create, [f"DROP TRIGGER {name}" for name in names], twin.table, twin.schema)

    def taken_over(self, twin: Twin, drop: ops.MigrateOperation) -> list[ops.MigrateOperation]:
        """Each statement commits, and between any two of them rows are written that are whole.

        Where the second column takes the name of the first one, both change names at once: the triggers then fill the
        one that goes.
        """
        first, second = twin.sql_names(self)
        table = self.quoted(twin.schema, twin.table)
        swap = f"ALTER TABLE {table} RENAME COLUMN {first} TO {second}, RENAME COLUMN {second} TO {first}"
        gone = ops.DropColumnOp(twin.table, twin.second_name, schema=twin.schema)
        indexes = [
            ops.DropIndexOp(name_of(each.first), table_name=twin.table, schema=twin.schema)
            for each in twin.dependents.members
        ]
        up: list[ops.MigrateOperation] = [*twin.opened_first()]
        up += [] if twin.both_write else [Altering(Alteration.CATALOG, [swap], twin.table, twin.schema)]
        up += [self.sync(twin).reverse(), *indexes]
        remark = Remark(f"Its values are in {twin.final}.", twin.table, twin.schema)
        up += [drop] if twin.both_write else [remark, gone]
        return [Steps(up, [])]

    def guard(self, is_new: Callable[[ops.MigrateOperation], bool]) -> Guard:
        """With ALGORITHM and LOCK, which Alembic's operations cannot say."""
        return Online(self, is_new).guarded


def _changes(column: str) -> str:
    """Whether an UPDATE writes another value into a column."""
    return f"NOT (NEW.{column} <=> OLD.{column} AND CAST(NEW.{column} AS BINARY) <=> CAST(OLD.{column} AS BINARY))"


def _without_restrict(operation: ops.CreateForeignKeyOp) -> ops.CreateForeignKeyOp:
    """RESTRICT is what counts where nothing is said; in place it would become NO ACTION. Measured on MariaDB 10.11."""
    made = copy(operation)
    restricts = {name for name in ("ondelete", "onupdate") if str(operation.kw.get(name)).upper() == "RESTRICT"}
    made.kw = {name: value for name, value in operation.kw.items() if name not in restricts}
    return made
