"""Pieces of text that rules are written with."""

from __future__ import annotations

import json
from collections.abc import Iterable

from alembic_manage.state.objects import ForeignKey, Key


def python(value: str | None) -> str:
    """A text as Python has it, in double quotes."""
    return "None" if value is None else json.dumps(value, ensure_ascii=False)


def columns(names: Iterable[str]) -> str:
    """Names of columns as a list of Python."""
    return f"[{', '.join(python(name) for name in names)}]"


def create_foreign_key(table: Key, key: ForeignKey, *options: str) -> str:
    """The operation that makes a foreign key.

    Args:
        table: that it is added to.
        key: what it says.
        options: more arguments, as Python has them.
    """
    more = {
        "source_schema": table.schema,
        "referent_schema": key.referred.schema,
        "onupdate": key.onupdate,
        "ondelete": key.ondelete,
        "initially": key.initially,
        "match": key.match,
    }
    given = [f"{name}={python(value)}" for name, value in more.items() if value is not None]
    given += [f"deferrable={key.deferrable}"] if key.deferrable is not None else []
    names = [python(key.name), python(table.name), python(key.referred.name)]
    arguments = [*names, columns(key.columns), columns(key.referred_columns), *given, *options]
    return f"op.create_foreign_key({', '.join(arguments)})"


def listed(names: Iterable[str]) -> str:
    """Names for a sentence: "a", "a and b", "a, b and c"."""
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last
