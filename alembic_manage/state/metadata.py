"""Writes the state as SQLAlchemy's objects, and as the DDL that would make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import schema as ddl
from sqlalchemy.exc import CompileError

from alembic_manage.alembic_api import constructs as alembic
from alembic_manage.state import objects
from alembic_manage.state.schema import Schema, Table
from alembic_manage.state.types import without_check

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def metadata_of(schema: Schema) -> sa.MetaData:
    """The tables of the state, as a MetaData of their own."""
    metadata = sa.MetaData()
    for table in schema.shown_tables.values():
        _table(metadata, schema, table)
    return metadata


def ddl_of(schema: Schema, dialect: Dialect) -> Iterator[ddl.ExecutableDDLElement]:
    """The statements that make the state in an empty database, in an order in which they run.

    Args:
        schema: the state.
        dialect: SQLAlchemy's.
    """
    metadata = metadata_of(schema)
    changed_later = list(_number_columns(metadata, schema))
    missing = _missing_targets(metadata, schema)
    yield from ddl_before_tables(schema)
    # A server that makes indexes for foreign keys must find the ones that there are.
    foreign_keys_last = schema.rules.indexes_foreign_keys
    later: list[sa.ForeignKeyConstraint] = []
    for table, foreign_keys in ddl.sort_tables_and_constraints(metadata.tables.values()):  # type: ignore[no-untyped-call]
        foreign_keys = _sorted(foreign_keys)
        if table is None:
            later += foreign_keys
            continue
        if table in missing:
            continue
        # A key that a table refers to in itself may come after the CREATE TABLE.
        last = [each for each in foreign_keys if foreign_keys_last or each.referred_table is table]
        inside = [each for each in foreign_keys if each not in last]
        later += [each for each in foreign_keys if each in last]
        if not dialect.supports_alter:
            inside = list(table.foreign_key_constraints)
        # An AddConstraint takes its constraint out of the CREATE TABLE.
        equal = [ddl.AddConstraint(each) for each in _equal_keys(table)] if dialect.supports_alter else []
        yield ddl.CreateTable(table, include_foreign_key_constraints=inside)
        yield from equal
        for index in _in_order(schema, table):
            yield ddl.CreateIndex(index)
        yield from _comments(table, dialect)
    yield from changed_later
    yield from _owners(schema, dialect)
    if dialect.supports_alter:
        for constraint in later:
            # What an opaque revision would have made is not there.
            if constraint.referred_table not in missing:
                yield ddl.AddConstraint(constraint)


def ddl_before_tables(schema: Schema) -> Iterator[ddl.ExecutableDDLElement]:
    """The statements that make what tables are made of: schemas, extensions, types and sequences."""
    for name in sorted(schema.schemas):
        yield ddl.CreateSchema(name)
    for statement in schema.extensions:
        yield ddl.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
    for enum in schema.enums.values():
        yield schema.rules.create_enum(enum.key.schema, enum.key.name, enum.labels)
    for sequence in schema.sequences.values():
        yield ddl.CreateSequence(sa.Sequence(sequence.key.name, schema=sequence.key.schema, **sequence.options))


def _owners(schema: Schema, dialect: Dialect) -> Iterator[ddl.ExecutableDDLElement]:
    """OWNED BY, for which SQLAlchemy has no word."""
    quote = dialect.identifier_preparer.quote

    def path(key: objects.Key) -> str:
        return ".".join(quote(name) for name in (key.schema, key.name) if name)

    for sequence in schema.sequences.values():
        if sequence.owner is not None:
            table, column = sequence.owner
            statement = f"ALTER SEQUENCE {path(sequence.key)} OWNED BY {path(table)}.{quote(column)}"
            yield ddl.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


def sql_of(schema: Schema, dialect: Dialect) -> list[str]:
    """The DDL as text, a statement each, without the semicolons."""
    return [str(element.compile(dialect=dialect)).strip() for element in ddl_of(schema, dialect)]


def index_sql(schema: Schema, name: str | None, dialect: Dialect) -> Mapping[tuple[str, str], str]:
    """CREATE INDEX by table and index, for the tables of one schema.

    Args:
        schema: the state.
        name: of the schema; None for the default one.
        dialect: SQLAlchemy's.
    """
    found = {}
    for key, table in schema.tables.items():
        if key.schema == name and table.indexes:
            made = _table(sa.MetaData(), schema, table)
            for index in made.indexes:
                text = str(ddl.CreateIndex(index).compile(dialect=dialect))
                found[key.name, str(index.name)] = text
    return found


def type_text(type_: Any, dialect: Dialect) -> str:
    """A column's type as DDL has it."""
    try:
        return str(dialect.type_compiler_instance.process(type_))
    except (CompileError, NotImplementedError, AttributeError):
        return repr(type_)


def _table(metadata: sa.MetaData, schema: Schema, table: Table) -> sa.Table:
    made = sa.Table(
        table.key.name,
        metadata,
        *(_column(schema, column) for column in table.columns.values()),
        schema=table.key.schema,
        comment=table.comment,
        **table.options,
    )
    for constraint in table.constraints:
        made.append_constraint(_constraint(schema, constraint))
    for index in table.indexes:
        _index(made, index)
    return made


def _number_columns(metadata: sa.MetaData, schema: Schema) -> Iterator[ddl.ExecutableDDLElement]:
    """Columns that are numbered though they are no primary key; SQLAlchemy has no other word for that than a type.

    What that type does not say is changed afterwards.
    """
    for table in metadata.tables.values():
        found = schema.tables[schema.key(table.schema, table.name)]
        for column in table.columns:
            if found.columns[column.name].autoincrement and column is not table.autoincrement_column:
                if schema.rules.numbers_need_key:
                    yield _numbered(table, column)
                    continue
                plain, column.type = column.type, schema.rules.numbered_type(column.type)
                if column.type is plain:
                    continue
                if not isinstance(plain, sa.Integer):
                    yield alembic.ColumnType(str(table.name), str(column.name), plain, schema=table.schema)
                if column.nullable:
                    yield alembic.ColumnNullable(str(table.name), str(column.name), True, schema=table.schema)


def _numbered(table: sa.Table, column: sa.Column[Any]) -> ddl.ExecutableDDLElement:
    """AUTO_INCREMENT for a column with a key that is made after the table."""
    return alembic.ChangeColumn(
        str(table.name),
        str(column.name),
        schema=table.schema,
        newname=str(column.name),
        type_=column.type,
        nullable=bool(column.nullable),
        autoincrement=True,
        comment=column.comment,
    )


def _missing_targets(metadata: sa.MetaData, schema: Schema) -> set[sa.Table]:
    """Tables that are not there, for the foreign keys to them; columns that are not there are added too.

    SQLAlchemy writes no system column into a CREATE TABLE.
    """
    missing: set[sa.Table] = set()
    for foreign_key in [each for table in schema.tables.values() for each in table.foreign_keys]:
        referred, columns = _referred(schema, foreign_key)
        table = metadata.tables.get(referred)
        if table is None:
            table = sa.Table(foreign_key.referred.name, metadata, schema=foreign_key.referred.schema)
            missing.add(table)
        for name in columns:
            if name not in table.columns:
                table.append_column(sa.Column(name, sa.types.NullType(), system=True))
    return missing


def _column(schema: Schema, column: objects.Column) -> sa.Column[Any]:
    arguments: list[Any] = []
    if column.computed is not None:
        arguments.append(sa.Computed(column.computed.text, persisted=column.computed.persisted))
    if column.identity is not None:
        arguments.append(sa.Identity(**column.identity))
    return sa.Column(
        column.name,
        _type(schema, column.type),
        *arguments,
        nullable=column.nullable,
        server_default=sa.text(_escaped(column.default)) if column.default is not None else None,
        comment=column.comment,
        autoincrement=_autoincrement(column),
        **column.options,
    )


def _autoincrement(column: objects.Column) -> Any:
    """What SQLAlchemy takes: True only for whole numbers."""
    if column.identity is not None:
        return "auto"
    return column.autoincrement and isinstance(column.type, sa.Integer)


def _type(schema: Schema, type_: Any) -> Any:
    """The type by itself: its CHECK and its CREATE TYPE are objects of their own."""
    key = schema.rules.enum_key(type_)
    if key is not None and schema.key(*key) in schema.enums:
        enum = schema.enums[schema.key(*key)]
        return schema.rules.enum_type(type_, enum.key.schema, enum.key.name, enum.labels)
    return without_check(type_)


def _constraint(schema: Schema, constraint: objects.Constraint) -> sa.Constraint:
    name = constraint.name
    if isinstance(constraint, objects.Exclude):
        exclude: sa.Constraint = schema.rules.exclude_constraint(
            constraint.elements,
            name=name,
            using=constraint.using,
            where=sa.text(_escaped(constraint.where)) if constraint.where else None,
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            **constraint.options,
        )
        return exclude
    if isinstance(constraint, objects.PrimaryKey):
        return sa.PrimaryKeyConstraint(*constraint.columns, name=name, **constraint.options)
    if isinstance(constraint, objects.Check):
        return sa.CheckConstraint(sa.text(_escaped(constraint.text)), name=name, **constraint.options)
    deferred: dict[str, Any] = {"deferrable": constraint.deferrable, "initially": constraint.initially}
    if isinstance(constraint, objects.Unique):
        return sa.UniqueConstraint(*constraint.columns, name=name, **deferred, **constraint.options)
    return _foreign_key(schema, constraint, deferred)


def _foreign_key(
    schema: Schema, constraint: objects.ForeignKey, deferred: Mapping[str, Any]
) -> sa.ForeignKeyConstraint:
    table, columns = _referred(schema, constraint)
    return sa.ForeignKeyConstraint(
        constraint.columns,
        [f"{table}.{column}" for column in columns],
        name=constraint.name,
        onupdate=constraint.onupdate,
        ondelete=constraint.ondelete,
        match=constraint.match,
        **deferred,
        **constraint.options,
    )


def _referred(schema: Schema, constraint: objects.ForeignKey) -> tuple[str, tuple[str, ...]]:
    """Table and columns in the spelling of the MetaData, which is that of the state's own keys."""
    parent = schema.find(constraint.referred)
    columns = constraint.referred_columns
    if not columns and parent is not None and parent.primary_key is not None:
        columns = parent.primary_key.columns
    return str(parent.key if parent is not None else constraint.referred), tuple(
        _referred_name(parent, column) for column in columns
    )


def _referred_name(parent: Table | None, name: str) -> str:
    if parent is None or name in parent.columns:
        return name
    return next((each for each in parent.columns if each.lower() == name.lower()), name)


def _index(table: sa.Table, index: objects.Index) -> sa.Index:
    parts = [table.c[part.text] if part.is_column else sa.text(_escaped(part.text)) for part in index.parts]
    options: dict[str, Any] = {
        name: sa.text(_escaped(value)) if name.endswith("_where") and isinstance(value, str) else value
        for name, value in index.options.items()
    }
    return sa.Index(index.name, *parts, unique=index.unique, _table=table, **options)


def _sorted(foreign_keys: Iterable[sa.ForeignKeyConstraint]) -> list[sa.ForeignKeyConstraint]:
    """In one order every time: SQLAlchemy has them in sets."""
    return sorted(foreign_keys, key=lambda each: (str(each.table.fullname), str(each.name), each.column_keys))


def _equal_keys(table: sa.Table) -> list[sa.UniqueConstraint]:
    """Keys of the same columns as another one: a CREATE TABLE would merge them."""
    seen = {tuple(table.primary_key.columns)}
    found = []
    for each in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(each, sa.UniqueConstraint):
            found += [each] if tuple(each.columns) in seen else []
            seen.add(tuple(each.columns))
    return found


def _in_order(schema: Schema, table: sa.Table) -> list[sa.Index]:
    """The indexes in the order in which they were made."""
    names = [index.name for index in schema.tables[schema.key(table.schema, table.name)].indexes]
    return sorted(table.indexes, key=lambda index: names.index(str(index.name)))


def _comments(table: sa.Table, dialect: Dialect) -> Iterator[ddl.ExecutableDDLElement]:
    if not dialect.supports_comments or dialect.inline_comments:
        return
    if table.comment:
        yield ddl.SetTableComment(table)
    for column in table.columns:
        if column.comment:
            yield ddl.SetColumnComment(column)


def _escaped(text: str) -> str:
    """For sqlalchemy.text, in which a colon before a name is a parameter."""
    return text.replace(":", "\\:")
