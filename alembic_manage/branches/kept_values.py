"""The values that a migration fills rows with, when it is written anew: they need not be given again."""

from __future__ import annotations

import ast
from dataclasses import replace

from alembic_manage.branches.update import Update
from alembic_manage.outline.revision import own_statements
from alembic_manage.outline.sql import change_of_sql
from alembic_manage.questions import Given


def with_kept_values(given: Given, update: Update) -> Given:
    """The answers of the command line, and the values with which the migration that goes fills rows."""
    found: dict[str, str] = {}
    for statement in own_statements(update.source):
        call = ast.parse(statement).body[0]
        argument = call.value.args[0] if isinstance(call, ast.Expr) and isinstance(call.value, ast.Call) else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            change = change_of_sql(argument.value)
            if change.kind == "fill_rows" and change.statement.upper().endswith(" IS NULL"):
                value = change.statement.partition("=")[2].rpartition(" WHERE ")[0].strip()
                path = ".".join(part for part in (change.schema, change.table, change.name) if part)
                found.setdefault(path, value)
    used = {f"--default {path}" for path in found if path not in given.values}
    return replace(given, values={**found, **given.values}, used=given.used | used)
