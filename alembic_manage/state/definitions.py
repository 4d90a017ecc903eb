"""Reads SQLAlchemy's tables, columns, constraints and indexes as objects of the state, as their DDL would say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Constraint,
    DefaultClause,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import ColumnCollectionConstraint

from alembic_manage.alembic_api import final_name
from alembic_manage.dialects import Dialect
from alembic_manage.state import objects
from alembic_manage.state.schema import Schema
from alembic_manage.state.schema import Table as StateTable

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

IDENTITY_FIELDS = (
    "always",
    "on_null",
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
    "order",
)


class Reader:
    """Reads for one dialect, with the compiler that would write the DDL.

    Args:
        dialect: SQLAlchemy's.
        schema: where names of tables are looked up.
    """

    def __init__(self, dialect: SQLAlchemyDialect, schema: Schema) -> None:
        self.dialect = dialect
        self.schema = schema
        self.rules: Dialect = schema.rules
        self._compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]

    def table(self, table: Table, later: Collection[Constraint] = ()) -> StateTable:
        """What CREATE TABLE makes of a table: without its indexes, which are statements of their own.

        Args:
            table: SQLAlchemy's.
            later: constraints that are added by other statements.
        """
        return StateTable(
            key=self.key(table),
            columns={column.name: self.column(column) for column in table.columns if not column.system},
            constraints=tuple(self.constraints(table, later)),
            comment=table.comment if self.dialect.inline_comments else None,
            options=dict(table.dialect_kwargs),
        )

    def key(self, table: Any) -> objects.Key:
        """The key of a table."""
        return self.schema.key(table.schema, table.name)

    def column(self, column: Column[Any]) -> objects.Column:
        """A column; its constraints are the table's."""
        default = column.server_default
        return objects.Column(
            name=str(column.name),
            type=column.type,
            nullable=bool(column.nullable),
            default=self.default(default.arg, column) if isinstance(default, DefaultClause) else None,
            computed=self.computed(default) if isinstance(default, Computed) else None,
            identity=self.identity(column),
            comment=column.comment if self.dialect.inline_comments else None,
            autoincrement=_is_autoincrement(column, self.dialect),
            options=dict(column.dialect_kwargs),
            checks=self._own_checks(column),
        )

    def _own_checks(self, column: Column[Any]) -> tuple[str, ...]:
        """The checks that are written at a column, where the database keeps them as parts of it."""
        found = [each for each in column.constraints if isinstance(each, CheckConstraint)]
        return () if self.rules.keeps_column_checks else tuple(self.expression(each.sqltext) for each in found)

    def default(self, argument: Any, column: Column[Any] | None = None) -> str:
        """The SQL after DEFAULT."""
        from sqlalchemy.sql.elements import ColumnElement

        holder = Column("x", column.type if column is not None else None, server_default=argument)
        text = str(self._compiler.get_column_default_string(holder))
        if self.rules.parenthesizes_defaults and isinstance(argument, ColumnElement):
            return f"({text})"
        return text

    def computed(self, computed: Computed) -> objects.Computed:
        """GENERATED ALWAYS AS."""
        return objects.Computed(self.expression(computed.sqltext), computed.persisted)

    def identity(self, column: Column[Any]) -> Mapping[str, Any] | None:
        """The options of an identity column; None where the column is none, or the database knows none."""
        if column.identity is None or not self.dialect.supports_identity_columns:
            return None
        return identity_options(column.identity)

    def constraints(self, table: Table, later: Collection[Constraint]) -> Iterable[objects.Constraint]:
        """The constraints that CREATE TABLE writes, the primary key first."""
        if len(table.primary_key.columns):
            key = self.constraint(table.primary_key)
            # Where the key is written at its column, its name is not.
            is_inline = self._compiler.process(table.primary_key) is None
            yield replace(key, name=None) if is_inline else key
        for column in table.columns:
            yield from self.column_checks(column)
        others = [each for each in table._sorted_constraints if each is not table.primary_key and each not in later]
        for each in others:
            rule = each._create_rule
            if (rule is None or rule(self._compiler)) and not self._comes_later(each):
                yield self.constraint(each)

    def column_checks(self, column: Column[Any]) -> Iterable[objects.Constraint]:
        """The checks that are written at a column, where the database keeps them as constraints."""
        if self.rules.keeps_column_checks:
            yield from (self.constraint(each) for each in column.constraints)

    def _comes_later(self, constraint: Constraint) -> bool:
        """Whether an ALTER adds it, after the table was made."""
        return bool(self.dialect.supports_alter and getattr(constraint, "use_alter", False))

    def constraint(self, constraint: Constraint) -> objects.Constraint:
        """A constraint.

        Raises:
            NotImplementedError: one of a kind that is not known here.
        """
        name = final_name(constraint, self.dialect)
        options = dict(constraint.dialect_kwargs)
        if isinstance(constraint, PrimaryKeyConstraint):
            return objects.PrimaryKey(name, _names(constraint), options)
        if isinstance(constraint, UniqueConstraint):
            deferred = (constraint.deferrable, constraint.initially)
            return objects.Unique(name, _names(constraint), *deferred, options=options)
        if isinstance(constraint, ForeignKeyConstraint):
            return self._foreign_key(constraint, name, options)
        if isinstance(constraint, CheckConstraint):
            return objects.Check(name, self.expression(constraint.sqltext), options)
        if isinstance(constraint, ColumnCollectionConstraint) and hasattr(constraint, "operators"):
            return self._exclude(constraint, name)
        raise NotImplementedError(f"a {type(constraint).__name__} is not known here")

    def _foreign_key(
        self, constraint: ForeignKeyConstraint, name: str | None, options: Mapping[str, Any]
    ) -> objects.ForeignKey:
        targets = [_target(element) for element in constraint.elements]
        schema, table, _ = targets[0]
        return objects.ForeignKey(
            name=name,
            columns=tuple(str(element.parent.name) for element in constraint.elements),
            referred=self.schema.key(schema, table),
            referred_columns=tuple(column for _, _, column in targets),
            onupdate=constraint.onupdate,
            ondelete=constraint.ondelete,
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            match=constraint.match,
            options=options,
        )

    def _exclude(self, constraint: Any, name: str | None) -> objects.Exclude:
        elements = tuple(
            (self.expression(expression), str(operator)) for expression, _, operator in constraint._render_exprs
        )
        return objects.Exclude(
            name=name,
            elements=elements,
            using=str(constraint.using),
            where=self.expression(constraint.where) if constraint.where is not None else None,
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            options={"ops": dict(constraint.ops)} if constraint.ops else {},
        )

    def index(self, index: Index) -> objects.Index:
        """An index; expressions in it and in its options become text."""
        return objects.Index(
            name=str(final_name(index, self.dialect)),
            parts=tuple(self._part(expression) for expression in index.expressions),
            unique=bool(index.unique),
            options={
                name: self._option(value)
                for name, value in index.dialect_kwargs.items()
                if not name.endswith("_concurrently")  # how it is made, not what it is
            },
        )

    def _part(self, expression: Any) -> objects.IndexPart:
        if isinstance(expression, Column):
            return objects.IndexPart(str(expression.name))
        return objects.IndexPart(self.expression(expression), is_column=False)

    def _option(self, value: Any) -> Any:
        from sqlalchemy.sql.elements import ClauseElement

        if isinstance(value, ClauseElement):
            return self.expression(value)
        if isinstance(value, list | tuple):
            return type(value)(getattr(item, "name", item) for item in value)
        if isinstance(value, Mapping):
            return {str(getattr(name, "name", name)): item for name, item in value.items()}
        return value

    def expression(self, expression: Any) -> str:
        """An expression as it stands in DDL, without the name of its table."""
        if isinstance(expression, str):
            return expression
        return str(self._compiler.sql_compiler.process(expression, include_table=False, literal_binds=True))


def identity_options(identity: Identity) -> Mapping[str, Any]:
    """The arguments that an Identity was given."""
    return {name: value for name in IDENTITY_FIELDS if (value := getattr(identity, name, None)) is not None}


def _is_autoincrement(column: Column[Any], dialect: SQLAlchemyDialect) -> bool:
    table = column.table
    # What knows no identity numbers the rows as if nothing were said.
    is_identity = column.identity is not None and dialect.supports_identity_columns
    return isinstance(table, Table) and table.autoincrement_column is column and not is_identity


def _names(constraint: ColumnCollectionConstraint) -> tuple[str, ...]:
    return tuple(str(column.name) for column in constraint.columns)


def _target(element: Any) -> tuple[str | None, str, str]:
    """Schema, table and column that a ForeignKey refers to; without looking for the table."""
    schema, table, column = element._column_tokens
    referred = element.__dict__.get("column")
    if referred is not None:
        column = referred.name
    return schema, table, str(column or element.parent.name)
