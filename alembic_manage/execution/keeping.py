"""Keeps what a rollback would drop in tables of its own, and puts it back when the revision is applied again."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    cast,
    column,
    exists,
    inspect,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import NullType, UserDefinedType

from alembic_manage.alembic_plugin import KEPT_SUFFIX
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import RefusedError
from alembic_manage.execution.losses import Loss
from alembic_manage.execution.own_table import OwnTable

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class _Named(UserDefinedType[Any]):
    """A type of which only its SQL is known.

    Args:
        name: its SQL.
    """

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        """The SQL."""
        return self.name


class Kept(OwnTable):
    """The rows and columns that rollbacks have kept, in the database that a context is connected to.

    Its table is an index: each row says what one more table keeps, whose name ends with the row's number.

    Args:
        context: an online context.
    """

    def __init__(self, context: MigrationContext) -> None:
        super().__init__(
            context,
            KEPT_SUFFIX,
            Column("id", Integer, primary_key=True),
            Column("revision", String(255), nullable=False),
            Column("schema_name", String(255)),
            Column("table_name", String(255), nullable=False),
            Column("column_name", String(255)),
        )
        self._rules = dialect_named(context.dialect.name)

    def keep(self, losses: Sequence[Loss]) -> None:
        """Copy what would be lost; the caller commits.

        Raises:
            RefusedError: a column belongs to a table without a primary key, so its values could not be put back.
        """
        for loss in losses:
            if loss.column is not None and not self._key_of(loss.schema, loss.table):
                raise RefusedError(
                    f"{loss.path} cannot be kept: its table has no primary key to put the values back by.",
                    hint="python manage.py rollback --accept-data-loss",
                )
        if not losses:
            return
        self.table.create(self.connection, checkfirst=True)
        # The last one to be dropped is the first one to be put back: parents before children.
        for loss in reversed(losses):
            self._copy(loss)

    def _copy(self, loss: Loss) -> None:
        source = self._reflected(loss.schema, loss.table)
        if loss.column and source.c[loss.column].computed is not None:
            return  # the database works its values out again
        row = self.connection.execute(
            self.table.insert().values(
                revision=loss.revision, schema_name=loss.schema, table_name=loss.table, column_name=loss.column
            )
        )
        number = int((row.inserted_primary_key or (0,))[0])
        names = [*self._key_of(loss.schema, loss.table), loss.column] if loss.column else _written(source)
        kept = self._table(number, [source.c[name] for name in names])
        kept.create(self.connection)
        # Without their types: SQLAlchemy knows no operators of a domain.
        values = table(loss.table, *(column(name) for name in names), schema=loss.schema).c
        texts = {name for name in names if self._is_kept_as_text(source.c[name].type)}
        query = select(*(cast(values[name], Text) if name in texts else values[name] for name in names))
        if loss.column:
            query = query.where(values[loss.column].is_not(None))
        self.connection.execute(kept.insert().from_select(names, query))

    def _table(self, number: int, columns: Sequence[Column[Any]]) -> Table:
        """A table of these columns, without their keys and defaults."""
        plain = [Column(each.name, self._kept_type(each.type), nullable=True, autoincrement=False) for each in columns]
        return Table(f"{self.table.name}_{number}", MetaData(), *plain, schema=self.table.schema)

    def _kept_type(self, type_: Any) -> Any:
        """The type in which a column's values are kept: none that is an object itself, for the revision drops that too.

        Values of an enum are kept as text; those of a domain in the type that it is made of.
        """
        return Text() if self._is_kept_as_text(type_) else self._rules.without_domain(type_)

    def _is_kept_as_text(self, type_: Any) -> bool:
        """Whether it is an enum, be it through a domain, or a type that SQLAlchemy does not know, a composite maybe."""
        plain = self._rules.without_domain(type_)
        is_unknown = isinstance(plain, NullType) and self._rules.column_types is not None
        return is_unknown or self._rules.enum_key(plain) is not None

    def put_back(self, revision: str) -> int:
        """Put back what was kept when a revision was taken back, and forget it; how many rows. The caller commits.

        What has no place any more, because the revision makes something else now, stays where it is kept.
        """
        columns = self.table.c
        rows = self.connection.execute(
            select(self.table).where(columns.revision == revision).order_by(columns.id)
        ).all()
        return sum(self._put_back(row) for row in rows)

    def _put_back(self, row: Any) -> int:
        name = f"{self.table.name}_{row.id}"
        inspector = inspect(self.connection)
        if not inspector.has_table(row.table_name, schema=row.schema_name):
            return 0
        target = self._reflected(row.schema_name, row.table_name)
        if row.column_name is not None and row.column_name not in target.c:
            return 0
        kept = [each["name"] for each in inspector.get_columns(name, schema=self.table.schema)]
        count = self._restore(row, name, kept, target)
        self.connection.execute(self.table.delete().where(self.table.c.id == row.id))
        Table(name, MetaData(), schema=self.table.schema).drop(self.connection)
        return count

    def _restore(self, row: Any, name: str, kept: Sequence[str], made: Table) -> int:
        source = table(name, *(column(each) for each in kept), schema=self.table.schema)
        types = self._types_of_texts(made)
        values = {each: cast(source.c[each], types[each]) if each in types else source.c[each] for each in kept}
        if row.column_name is None:
            return self._restore_rows(made, values)
        target = table(row.table_name, *(column(each) for each in kept), schema=row.schema_name)
        keys = [each for each in kept if each != row.column_name]
        same = and_(*(values[key] == target.c[key] for key in keys))
        value = select(values[row.column_name]).where(same).scalar_subquery()
        change = update(target).where(exists(select(literal_column("1")).select_from(source).where(same)))
        return self.connection.execute(change.values({row.column_name: value})).rowcount

    def _restore_rows(self, target: Table, values: Mapping[str, ColumnElement[Any]]) -> int:
        """Fill a table that was made again, which numbers its next rows behind those."""
        shared = [each for each in _written(target) if each in values]
        numbers_identity = any(target.c[each].identity is not None for each in shared)
        insert = self._rules.insert(target, numbers_identity)
        count = self.connection.execute(
            insert.from_select(shared, select(*(values[each] for each in shared)), include_defaults=False)
        ).rowcount
        for statement in self._rules.reset_sequences_sql(target):
            self.connection.exec_driver_sql(statement)
        return count

    def _reflected(self, schema: str | None, name: str) -> Table:
        with warnings.catch_warnings(action="ignore", category=SAWarning):  # of types that SQLAlchemy does not know
            return Table(name, MetaData(), schema=schema, autoload_with=self.connection, resolve_fks=False)

    def _types_of_texts(self, made: Table) -> dict[str, _Named]:
        """The types of the columns that are kept as text, by the columns' names."""
        names = [each.name for each in made.columns if self._is_kept_as_text(each.type)]
        if not names or self._rules.column_types is None:
            return {}
        found = self.connection.execute(text(self._rules.column_types), {"table": self._rules.path_of(made)}).all()
        return {name: _Named(type_) for name, type_ in found if name in names}

    def _key_of(self, schema: str | None, name: str) -> list[str]:
        return list(inspect(self.connection).get_pk_constraint(name, schema=schema)["constrained_columns"])


def _written(table: Table) -> list[str]:
    """The columns of a table that take values; the database computes the others."""
    return [column.name for column in table.columns if column.computed is None]
