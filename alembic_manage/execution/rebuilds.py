"""Which revisions could drop a table to put another in its place, read from their source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from alembic_manage.history import IDENTIFIERS


def may_rebuild_tables(path: Path, function: str) -> bool:
    """Whether a revision could drop a table to put another in its place; only a plain "no" is certain.

    The "no" is for a file whose `function` ("upgrade" or "downgrade") does nothing but call operations that rebuild
    nothing, and run statements that stand there as they are. Of any other it is assumed: a false "yes" costs a check, a
    false "no" could cost rows.
    """
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return True
    body: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in ("upgrade", "downgrade"):
            body += statement.body if statement.name == function else []
        elif not _is_harmless(statement):
            return True
    nodes = [node for statement in body for node in ast.walk(statement)]
    return not all(
        _top_package(node) <= _HARMLESS_PACKAGES and (not isinstance(node, ast.Call) or _rebuilds_nothing(node))
        for node in nodes
    )


_HARMLESS_PACKAGES = {"alembic", "sqlalchemy", "typing", "collections", "datetime", "__future__"}
_HARMLESS_OPERATIONS = {"add_column", "create_table", "create_index", "bulk_insert", "get_bind", "inline_literal", "f"}
# Of SQLAlchemy, or of what SQLAlchemy made: they build statements and read results.
_HARMLESS_METHODS = {
    *("table", "column", "select", "update", "insert", "delete", "where", "values", "returning", "and_", "or_", "not_"),
    *(
        "in_",
        "is_",
        "is_not",
        "isnot",
        "like",
        "label",
        "fetchall",
        "fetchone",
        "scalar",
        "scalar_one",
        "scalars",
        "all",
    ),
    *(
        "Column",
        "Integer",
        "String",
        "Text",
        "Boolean",
        "DateTime",
        "Date",
        "Numeric",
        "func",
        "count",
        "null",
        "literal",
    ),
}
_REBUILDING = re.compile(r"\b(drop|pragma|alter|replace|attach|vacuum)\b", re.IGNORECASE)


def _is_harmless(statement: ast.stmt) -> bool:
    """Whether a statement at the top of a revision file can play no part in what its functions do."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return _top_package(statement) <= _HARMLESS_PACKAGES
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(isinstance(target, ast.Name) and target.id in IDENTIFIERS for target in targets)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _rebuilds_nothing(call: ast.Call) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    on_op = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "op"
    if method in ("execute", "text"):
        return all(_stands_there(argument) for argument in call.args[:1])
    return method in (_HARMLESS_OPERATIONS if on_op else _HARMLESS_METHODS)


def _stands_there(statement: ast.expr) -> bool:
    """Whether a statement that is run is a literal, or built right there from parts that are checked by themselves."""
    if isinstance(statement, ast.Constant):
        return not _REBUILDING.search(str(statement.value))
    return isinstance(statement, ast.Call)


def _top_package(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {"." if node.level else (node.module or "").partition(".")[0]}
    return set()
