"""The names that a server gives to constraints and indexes without one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from alembic_manage.state.objects import Check, Constraint, ForeignKey, Index, columns_of
from alembic_manage.state.schema.contents import Contents
from alembic_manage.state.schema.serving_index import lasting
from alembic_manage.state.schema.table import Table


def name_of_constraint(schema: Contents, table: Table, constraint: Constraint) -> str | None:
    """The name of a new constraint; None where the server has none for it."""
    if isinstance(constraint, Check) or constraint.kind == "exclude":
        used = columns_of(constraint, table.columns)
        columns = tuple(name for name in table.columns if name in used)
    else:
        columns = constraint.columns  # type: ignore[union-attr]
    return _free_name(schema, table, constraint.kind, columns)


def name_of_index(schema: Contents, table: Table, index: Index) -> str:
    """The name of a new index; empty where the server has none for it."""
    names = tuple(part.text if part.is_column else _part_name(part.text, table.columns) for part in index.parts)
    return str(_free_name(schema, table, "index", names) or "")


def after_renaming(constraint: Constraint, old: str, new: str) -> Constraint:
    """A constraint after its table `old` became `new`, where the server derives names from the table's all the time."""
    if not isinstance(constraint, ForeignKey) or not constraint.is_name_generated or not constraint.name:
        return constraint
    return replace(constraint, name=new + constraint.name.removeprefix(old))


def _free_name(schema: Contents, table: Table, kind: str, columns: tuple[str, ...]) -> str | None:
    """The first name in the server's order that nothing has."""
    own = (*table.constraints, *lasting(table.indexes, columns))
    taken = {str(each.name) for each in own if each.name}
    while True:
        name = schema.rules.generated_name(kind, table.key.name, columns, taken)
        if name is None or not schema.rules.index_names_span_tables:
            return name
        if not schema.is_name_taken(table.key.schema, name):
            return name
        taken.add(name)


def _part_name(expression: str, columns: Iterable[str]) -> str:
    """What stands for an expression in the name of an index: its column, its function, or "expr".

    Source: PostgreSQL 16, FigureIndexColname (src/backend/parser/parse_target.c).
    """
    first = re.match(r'"?(\w+)"?\s*(\()?', expression)
    if first is None or not (first[2] or first[1] in columns):
        return "expr"
    return first[1].lower() if first[2] else first[1]
