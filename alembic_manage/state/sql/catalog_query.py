"""What queries of the database's own tables would answer: in the conditions of anonymous blocks, and by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from alembic_manage.sql.tokens import TokenKind
from alembic_manage.state.objects import Check, Constraint, Exclude, ForeignKey, Key, PrimaryKey, Unique
from alembic_manage.state.schema import Schema, Table
from alembic_manage.state.sql.sql_reader import SqlReader
from alembic_manage.state.sql.statements import OpaqueStatementError

Row = Mapping[str, str]
Filter = Callable[[Row], bool]


def is_true(condition: str, schema: Schema) -> bool | None:
    """Whether a condition holds; None where that is not known.

    Known are EXISTS with a SELECT from the catalog whose WHERE compares with literals, `to_regclass`, `to_regtype`, and
    what NOT, AND and OR make of them.
    """
    read = SqlReader(condition, schema.rules)
    try:
        answer = _either(read, schema)
        read.expect_end()
    except OpaqueStatementError:
        return None
    return answer


def rows_of(query: str, schema: Schema) -> tuple[list[str], list[tuple[object, ...]]] | None:
    """Columns and rows that a query of the catalog would find; None where that is not known.

    Args:
        query: with its parameters written into it.
        schema: what the catalog would describe.
    """
    read = SqlReader(query, schema.rules)
    try:
        read.expect("SELECT")
        if read.at("EXISTS", "NOT EXISTS", "("):
            return ["exists"], [(_alone(read, schema),)]
        return _selected(read, schema)
    except OpaqueStatementError:
        return None


def _alone(read: SqlReader, schema: Schema) -> bool:
    """The value of a SELECT that is nothing but a condition."""
    answer = _either(read, schema)
    if read.accept("AS"):
        read.name()
    read.expect_end()
    return answer


def _selected(read: SqlReader, schema: Schema) -> tuple[list[str], list[tuple[object, ...]]]:
    read.accept("DISTINCT")
    items = read.separated(lambda: _item(read))
    read.expect("FROM")
    columns, rows = _found(read, schema)
    if items == ["count(*)"]:
        return ["count"], [(len(rows),)]
    fields = [item if isinstance(item, int) else columns.get(item) for item in items]
    if None in fields:
        raise read.opaque("it asks for what is not known")
    return [str(item) for item in items], [
        tuple(field if isinstance(field, int) else row[str(field)] for field in fields) for row in rows
    ]


def _item(read: SqlReader) -> str | int:
    """What is selected: the name of a column, a number, or "count(*)"."""
    if read.token.kind is TokenKind.NUMBER:
        item: str | int = read.number()
    elif read.accept("COUNT"):
        read.group()
        item = "count(*)"
    else:
        item = _column(read)
    if read.accept("AS"):
        read.name()
    return item


def _either(read: SqlReader, schema: Schema) -> bool:
    answer = _both(read, schema)
    while read.accept("OR"):
        answer = _both(read, schema) or answer
    return answer


def _both(read: SqlReader, schema: Schema) -> bool:
    answer = _single(read, schema)
    while read.accept("AND"):
        answer = _single(read, schema) and answer
    return answer


def _single(read: SqlReader, schema: Schema) -> bool:
    if read.accept("NOT"):
        return not _single(read, schema)
    if read.accept("EXISTS"):
        return _exists(SqlReader(read.group(), schema.rules), schema)
    if function := read.accept("TO_REGCLASS", "TO_REGTYPE"):
        argument = SqlReader(read.group(), schema.rules)
        found = _names_something(function, argument.string(), schema)
        is_null = read.expect("IS NULL", "IS NOT NULL") == "IS NULL"
        return found is not is_null
    inner = SqlReader(read.group(), schema.rules)
    answer = _either(inner, schema)
    inner.expect_end()
    return answer


def _names_something(function: str, text: str, schema: Schema) -> bool:
    key = schema.key(*SqlReader(text, schema.rules).qualified())
    if function == "TO_REGTYPE":
        return key in schema.enums or key in schema.named_types
    return any(row["relation"] == key.name and row["schema"] == _owner(schema, key) for row in _relations(schema))


# A query of the catalog


def _exists(read: SqlReader, schema: Schema) -> bool:
    """Whether a SELECT finds a row."""
    read.expect("SELECT")
    while not read.accept("FROM"):
        read.skip()
    return bool(_found(read, schema)[1])


def _found(read: SqlReader, schema: Schema) -> tuple[Mapping[str, str], list[Row]]:
    """What follows FROM: the names of columns with what they hold, and the rows that are found."""
    relations = [_relation(read)]
    while read.accept("JOIN", "INNER JOIN"):
        relations.append(_relation(read))
        read.expect("ON")
        read.expression(("JOIN", "INNER", "WHERE", "LEFT"))
    known = [schema.rules.catalog_relations.get(name) for name in relations]
    columns: dict[str, str] = {}
    for each in known:
        if each is None:
            raise read.opaque("it asks for what is not known")
        columns |= each[1]
    filters = _filters(read, columns, schema) if read.accept("WHERE") else []
    if read.accept("ORDER BY"):
        read.separated(lambda: _column(read))
    if read.accept("LIMIT"):
        read.number()
    read.expect_end()
    rows = _rows([each[0] for each in known if each is not None], read, schema)
    return columns, [row for row in rows if all(matches(row) for matches in filters)]


def _relation(read: SqlReader) -> str:
    """The name in a FROM, without the schema of the catalog; its alias is passed over."""
    owner, name = read.qualified()
    read.accept("AS")
    if read.at_name() and not read.at("WHERE", "JOIN", "INNER", "ON", "LIMIT", "LEFT"):
        read.name()
    return name if owner in (None, "pg_catalog") else f"{owner}.{name}"


def _filters(read: SqlReader, columns: Mapping[str, str], schema: Schema) -> list[Filter]:
    found = [_filter(read, columns, schema)]
    while read.accept("AND"):
        found.append(_filter(read, columns, schema))
    return found


def _filter(read: SqlReader, columns: Mapping[str, str], schema: Schema) -> Filter:
    if read.accept("NOT"):
        if _column(read) != "attisdropped":
            raise read.opaque("it asks for what is not known")
        return lambda row: True
    column = _column(read)
    field = columns.get(column)
    if column == "attnum" and read.accept(">"):
        read.number()
        return lambda row: True
    if field is None:
        raise read.unexpected()
    if read.accept("IN"):
        values = read.parenthesized(lambda: _value(read, schema))
    else:
        read.expect("=")
        values = [_value(read, schema)]
    return lambda row: row.get(field) in values


def _column(read: SqlReader) -> str:
    return read.qualified()[1].lower()


def _value(read: SqlReader, schema: Schema) -> str:
    """A literal; of a name as regclass or regtype, what follows the schema."""
    if read.accept("CURRENT_SCHEMA", "DATABASE", "SCHEMA"):
        if read.accept("("):
            read.expect(")")
        return str(schema.default_schema)
    if read.token.kind is not TokenKind.STRING:
        raise read.unexpected()
    text = read.string()
    while read.accept("::"):
        if read.accept("REGCLASS", "REGTYPE"):
            text = SqlReader(text, schema.rules).qualified()[1]
        else:
            read.expect("TEXT", "NAME", "VARCHAR")
    return text


# The rows of the catalog


def _rows(kinds: Sequence[str], read: SqlReader, schema: Schema) -> Iterator[Row]:
    """The rows of several joined relations: those of the one that says most."""
    kind = min(kinds, key=list(_ROWS).index)
    fine = {"labels", "columns", "constraints", "indexes"} & set(kinds)
    if len(fine) > 1:
        raise read.opaque("it asks for what is not known")
    return _ROWS[kind](schema)


def _owner(schema: Schema, key: Key) -> str:
    return str(key.schema or schema.default_schema)


def _of_table(schema: Schema, table: Table) -> dict[str, str]:
    return {"table": table.key.name, "relation": table.key.name, "schema": _owner(schema, table.key)}


def _labels(schema: Schema) -> Iterator[Row]:
    for key, enum in schema.enums.items():
        for label in enum.labels:
            yield {"label": label, "type": key.name, "schema": _owner(schema, key), "type_kind": "e"}


def _columns(schema: Schema) -> Iterator[Row]:
    for table in schema.tables.values():
        for column in table.columns.values():
            nullable = "YES" if column.nullable else "NO"
            yield {**_of_table(schema, table), "column": column.name, "nullable": nullable, "kind": "r"}


def _constraints(schema: Schema) -> Iterator[Row]:
    for table in schema.tables.values():
        for each in table.constraints:
            word = _CONSTRAINT_WORDS[type(each)]
            more = {
                "constraint": str(each.name or "PRIMARY"),
                "constraint_type": word,
                "constraint_kind": word[0].lower(),
            }
            yield {**_of_table(schema, table), **more, "kind": "r"}
        for index in table.indexes:
            if index.unique and schema.rules.unique_is_index:
                more = {"constraint": index.name, "constraint_type": "UNIQUE", "constraint_kind": "u"}
                yield {**_of_table(schema, table), **more, "kind": "r"}


_CONSTRAINT_WORDS: Mapping[type[Constraint], str] = {
    PrimaryKey: "PRIMARY KEY",
    Unique: "UNIQUE",
    Check: "CHECK",
    ForeignKey: "FOREIGN KEY",
    Exclude: "x",
}


def _indexes(schema: Schema) -> Iterator[Row]:
    """The indexes, those of keys among them."""
    for table in schema.tables.values():
        keys = [each for each in table.constraints if isinstance(each, PrimaryKey | Unique | Exclude)]
        for each in (*table.indexes, *keys):
            yield {**_of_table(schema, table), "index": str(each.name), "kind": "r"}


def _types(schema: Schema) -> Iterator[Row]:
    for key in schema.enums:
        yield {"type": key.name, "schema": _owner(schema, key), "type_kind": "e"}
    for key in schema.named_types:
        yield {"type": key.name, "schema": _owner(schema, key), "type_kind": ""}


def _relations(schema: Schema) -> Iterator[Row]:
    for table in schema.tables.values():
        yield {**_of_table(schema, table), "kind": "r"}
    for key in schema.ignored:
        yield {"relation": key.name, "table": key.name, "schema": _owner(schema, key), "kind": "r"}
    for row in _indexes(schema):
        yield {"relation": row["index"], "table": "", "schema": row["schema"], "kind": "i"}
    for key in schema.sequences:
        yield {"relation": key.name, "table": "", "schema": _owner(schema, key), "kind": "S"}


def _tables(schema: Schema) -> Iterator[Row]:
    return (row for row in _relations(schema) if row["kind"] == "r")


def _sequences(schema: Schema) -> Iterator[Row]:
    return (row for row in _relations(schema) if row["kind"] == "S")


def _schemas(schema: Schema) -> Iterator[Row]:
    for name in (str(schema.default_schema), *schema.schemas):
        yield {"schema": name}


_ROWS: Mapping[str, Callable[[Schema], Iterator[Row]]] = {
    "labels": _labels,
    "columns": _columns,
    "constraints": _constraints,
    "indexes": _indexes,
    "types": _types,
    "sequences": _sequences,
    "tables": _tables,
    "relations": _relations,
    "schemas": _schemas,
}
"""By what the rows are about; what says more comes first."""
