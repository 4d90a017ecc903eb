"""What a revision file does, read from its source: one line a change, without importing or running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alembic_manage.history import IDENTIFIERS, PHASE
from alembic_manage.outline.change import Change
from alembic_manage.outline.sql import change_of_sql, with_swaps_as_one
from alembic_manage.sql.repeatable import REPEATABLE


def outline_of(path: Path, function: str) -> tuple[Change, ...]:
    """The changes that a revision file's `function` ("upgrade" or "downgrade") makes, in order.

    Loops and conditions count once. A file that cannot be read has no outline.
    """
    try:
        return outline_of_source(path.read_text(encoding="utf-8"), function)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ()


@cache
def outline_of_source(source: str, function: str) -> tuple[Change, ...]:
    """The changes that `function` of a revision's source makes.

    Raises:
        SyntaxError: the source is not Python.
    """
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == function:
            return with_swaps_as_one(tuple(_changes(statement.body, {})))
    return ()


def own_statements(source: str) -> tuple[str, ...]:
    """What a revision's source holds that is no call of an operation, each piece as Python would write it.

    Raw SQL, rows, other Python in upgrade() and downgrade(), and what stands outside of them, imports and ids left out.
    Some of it may come from makemigrations, or from the project's script.py.mako.

    Raises:
        SyntaxError: the source is not Python.
    """
    found: list[ast.stmt] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef) and statement.name in ("upgrade", "downgrade"):
            found += [each for each in _flattened(statement.body) if not _is_operation(each)]
        elif not _is_preamble(statement):
            found.append(statement)
    return tuple(ast.unparse(each) for each in found)


def _is_operation(statement: ast.stmt) -> bool:
    """Whether autogenerate could have written it: one call on `op` or a batch, and nothing raw."""
    if isinstance(statement, ast.Pass):
        return True
    if not isinstance(statement, ast.Expr):
        return False
    changes = list(_changes_of_statement(statement, {"batch_op": ast.Call(ast.Name("op"), [], [])}))
    plain = isinstance(statement.value, ast.Constant) or len(changes) == 1
    return plain and not any(change.symbol in "sp?" or change.statement for change in changes)


def _is_preamble(statement: ast.stmt) -> bool:
    """Whether it is a docstring, an import or an identifier."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return all(isinstance(target, ast.Name) and target.id in (*IDENTIFIERS, PHASE) for target in targets)


def _flattened(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, with those of its batches in their place."""
    for statement in body:
        is_batch = isinstance(statement, ast.With) and all(
            isinstance(item.context_expr, ast.Call) and _method(item.context_expr) == "batch_alter_table"
            for item in statement.items
        )
        if is_batch:
            yield from _flattened(statement.body)  # type: ignore[attr-defined]
        else:
            yield statement


def _changes(body: list[ast.stmt], batches: dict[str, ast.Call]) -> Iterator[Change]:
    """The changes of statements; `batches` are the names bound by `with op.batch_alter_table(...) as name`."""
    for statement in body:
        if isinstance(statement, ast.With):
            bound = dict(batches)
            for item in statement.items:
                call = item.context_expr
                if (
                    isinstance(call, ast.Call)
                    and _method(call) == "batch_alter_table"
                    and isinstance(item.optional_vars, ast.Name)
                ):
                    bound[item.optional_vars.id] = call
            yield from _changes(statement.body, bound)
            if all(isinstance(each, ast.Pass) for each in statement.body):
                # What a rebuilt table is not told of is gone: its constraints without a name.
                yield from (_rebuild(call) for call in bound.values() if call not in batches.values())
        elif isinstance(statement, ast.If | ast.For | ast.While | ast.Try):
            for part in ("body", "orelse", "finalbody"):
                yield from _changes(getattr(statement, part, []), batches)
        else:
            yield from _changes_of_statement(statement, batches)


def _rebuild(call: ast.Call) -> Change:
    table = _text(call.args[0]) if call.args else ""
    return Change("~", "rebuild_table", f"Rebuild table {table}", table, table)


def _changes_of_statement(statement: ast.stmt, batches: dict[str, ast.Call]) -> Iterator[Change]:
    if isinstance(statement, ast.Pass | ast.FunctionDef | ast.Import | ast.ImportFrom | ast.Raise | ast.Return):
        return
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return
    found = False
    for node in ast.walk(statement):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            owner = node.func.value.id
            if owner == "op" or owner in batches:
                change = _change(node, batches.get(owner))
                if change is not None:
                    found = True
                    yield change
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and call.args and _text(call.args[0]).startswith(REPEATABLE):
        return  # a portion of what the same revision says about all rows
    if not found and isinstance(call, ast.Call) and _method(call) not in _SILENT:
        yield Change("p", "python", f"Python: {_short(statement)}")


_SILENT = {"f", "get_bind", "get_context", "batch_alter_table", "inline_literal", "set_sqlite_wal_mode"}


def _change(call: ast.Call, batch: ast.Call | None) -> Change | None:
    """The change of one call on `op` or on a batch object; None for calls that change nothing."""
    kind = _method(call)
    if kind in _SILENT:
        return None
    arguments = _Arguments(call, batch)
    describe = _DESCRIPTIONS.get(kind)
    return (
        describe(arguments)
        if describe
        else Change("?", kind, f"{kind.replace('_', ' ').capitalize()} {arguments.first}".strip())
    )


# What the first argument of an operation is called where it is given by name.
_FIRST_KEYWORDS = ("old_table_name", "index_name", "constraint_name", "sqltext", "table_name", "table")


class _Arguments:
    """The arguments of an operation, the same whether it is called on `op` or inside a batch."""

    def __init__(self, call: ast.Call, batch: ast.Call | None) -> None:
        self.call = call
        self.keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        self.in_batch = batch is not None
        self.batch_table = _text(batch.args[0]) if batch is not None and batch.args else ""
        schema = self.keywords.get("schema")
        if schema is None and batch is not None:
            schema = next((k.value for k in batch.keywords if k.arg == "schema"), None)
        self.schema = _text(schema) or None if schema is not None else None

    @property
    def first(self) -> str:
        return self.position(0)

    def position(self, index: int, keyword: str = "") -> str:
        if index < len(self.call.args):
            return _text(self.call.args[index])
        names = (keyword,) if keyword else _FIRST_KEYWORDS
        return next((_text(self.keywords[name]) for name in names if name in self.keywords), "")

    def node(self, index: int, keyword: str = "") -> ast.expr | None:
        return self.call.args[index] if index < len(self.call.args) else self.keywords.get(keyword)

    def table_at(self, index: int, keyword: str = "table_name") -> str:
        """The table: an argument of `op.x(...)`, the batch's table inside a batch."""
        return self.batch_table if self.in_batch else self.position(index, keyword)

    def after_table(self, index: int) -> int:
        """The position of an argument that follows the table: one less inside a batch."""
        return index - 1 if self.in_batch else index


def _create_table(a: _Arguments) -> Change:
    return Change("+", "create_table", f"Create table {a.first}", a.first, a.first, a.schema)


def _drop_table(a: _Arguments) -> Change:
    return Change("-", "drop_table", f"Drop table {a.first}", a.first, a.first, a.schema)


def _rename_table(a: _Arguments) -> Change:
    new = a.position(1, "new_table_name")
    return Change("~", "rename_table", f"Rename table {a.first} to {new}", a.first, a.first, a.schema, new_name=new)


def _add_column(a: _Arguments) -> Change:
    table = a.table_at(0)
    column = a.node(a.after_table(1), "column")
    name = _text(column.args[0]) if isinstance(column, ast.Call) and column.args else ""
    return Change("+", "add_column", f"Add column {name} to {table}", table, name, a.schema)


def _drop_column(a: _Arguments) -> Change:
    table, name = a.table_at(0), a.position(a.after_table(1), "column_name")
    return Change("-", "drop_column", f"Remove column {name} from {table}", table, name, a.schema)


_ALTERED = {
    "type_": "type",
    "nullable": "nullable",
    "server_default": "default",
    "comment": "comment",
    "autoincrement": "autoincrement",
}


def _alter_column(a: _Arguments) -> Change:
    table, name = a.table_at(0), a.position(a.after_table(1), "column_name")
    if "new_column_name" in a.keywords:
        new = _text(a.keywords["new_column_name"])
        text = f"Rename column {name} on {table} to {new}"
        return Change("~", "alter_column", text, table, name, a.schema, new_name=new)
    what = ", ".join(word for keyword, word in _ALTERED.items() if keyword in a.keywords)
    return Change(
        "~", "alter_column", f"Alter column {name} on {table}" + (f" ({what})" if what else ""), table, name, a.schema
    )


def _create_index(a: _Arguments) -> Change:
    table = a.table_at(1)
    columns = _texts(a.node(a.after_table(2), "columns"))
    return Change("+", "create_index", f"Create index {a.first} on {table}", table, a.first, a.schema, columns)


def _drop_index(a: _Arguments) -> Change:
    table = a.table_at(1)
    return Change(
        "-", "drop_index", f"Remove index {a.first}" + (f" from {table}" if table else ""), table, a.first, a.schema
    )


def _create_foreign_key(a: _Arguments) -> Change:
    table, referent = a.table_at(1, "source_table"), a.position(a.after_table(2), "referent_table")
    text = f"Create foreign key {a.first} from {table} to {referent}"
    return Change(
        "+", "create_foreign_key", text, table, a.first, a.schema, _texts(a.node(a.after_table(3), "local_cols"))
    )


def _create_constraint(kind: str, word: str):  # type: ignore[no-untyped-def]
    def describe(a: _Arguments) -> Change:
        table = a.table_at(1)
        columns = _texts(a.node(a.after_table(2), "columns"))
        return Change("+", kind, f"Create {word} {a.first} on {table}", table, a.first, a.schema, columns)

    return describe


def _drop_constraint(a: _Arguments) -> Change:
    table = a.table_at(1)
    return Change("-", "drop_constraint", f"Remove constraint {a.first} from {table}", table, a.first, a.schema)


def _table_comment(a: _Arguments) -> Change:
    table = a.table_at(0)
    return Change("~", _method(a.call), f"Alter comment of table {table}", table, table, a.schema)


def _execute(a: _Arguments) -> Change:
    return change_of_sql(_filling(a.node(0)) or a.first)


def _filling(node: ast.expr | None) -> str:
    """The SQL of `sa.update(table).where(column.is_(None)).values({column: value})`; "" for all else."""
    values = _called(node, "values")
    where = _called(values.func.value, "where") if values is not None else None  # type: ignore[attr-defined]
    update = _called(where.func.value, "update") if where is not None else None  # type: ignore[attr-defined]
    table = _called(update.args[0], "table") if update is not None else None
    null = _called(where.args[0], "is_") if where is not None else None
    given = values.args[0] if values is not None else None
    if table is None or null is None or not isinstance(given, ast.Dict) or len(given.keys) != 1:
        return ""
    column, value = given.keys[0], given.values[0]
    name = f'"{_text(column)}"' if column is not None else ""
    schema = next((f'"{_text(each.value)}".' for each in table.keywords if each.arg == "schema"), "")
    return f'UPDATE {schema}"{_text(table.args[0])}" SET {name} = {_text(value)} WHERE {name} IS NULL'


def _called(node: ast.expr | None, method: str) -> ast.Call | None:
    """The call, if it is one of this method with an argument."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and bool(node.args)
    return node if is_call and _method(node) == method else None  # type: ignore[return-value, arg-type]


def _bulk_insert(a: _Arguments) -> Change:
    return Change("p", "bulk_insert", f"Insert rows into {a.first}", name=a.first)


_DESCRIPTIONS = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "create_foreign_key": _create_foreign_key,
    "create_unique_constraint": _create_constraint("create_unique_constraint", "unique constraint"),
    "create_check_constraint": _create_constraint("create_check_constraint", "check constraint"),
    "create_primary_key": _create_constraint("create_primary_key", "primary key"),
    "create_exclude_constraint": _create_constraint("create_exclude_constraint", "exclusion constraint"),
    "drop_constraint": _drop_constraint,
    "create_table_comment": _table_comment,
    "drop_table_comment": _table_comment,
    "execute": _execute,
    "bulk_insert": _bulk_insert,
}


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _text(node: ast.expr) -> str:
    """A literal's value; of `op.f("name")` and `sa.text("...")` what is inside; else the source."""
    if isinstance(node, ast.Constant):
        return "" if node.value is None else str(node.value)
    if isinstance(node, ast.Call) and _method(node) in ("f", "text", "DDL") and node.args:
        return _text(node.args[0])
    return ast.unparse(node)


def _texts(node: ast.expr | None) -> tuple[str, ...]:
    return tuple(_text(element) for element in node.elts) if isinstance(node, ast.List | ast.Tuple) else ()


def _short(statement: ast.stmt) -> str:
    text = ast.unparse(statement).splitlines()[0]
    return text if len(text) <= 60 else f"{text[:57]}..."
