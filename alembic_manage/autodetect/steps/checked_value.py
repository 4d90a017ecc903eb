"""A value that the CHECKs of a table allow, found in what they compare the column with."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from sqlalchemy import types

from alembic_manage.autodetect.steps.neutral_value import literal_sql, plain_type
from alembic_manage.sql.expression import tree_of
from alembic_manage.sql.node import Node
from alembic_manage.state.objects import Check

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    from alembic_manage.state.schema import Schema, Table


class _Unknown(Exception):
    """What a part of a CHECK is cannot be said here."""


def allowed_value(
    table: Table | None, column: str, type_: TypeEngine[Any], schema: Schema, dialect: Dialect
) -> str | None:
    """The SQL of a number or a text that no CHECK of the column alone forbids; None where none is found.

    A CHECK that is not understood, or that names other columns too, counts for nothing.

    Args:
        table: of the column.
        column: its name.
        type_: its type.
        schema: of the table.
        dialect: SQLAlchemy's, of the SQL.
    """
    kind = _kind(plain_type(type_, dialect))
    if table is None or kind is None:
        return None
    checks = [each.text for each in table.constraints if isinstance(each, Check)]
    trees = [tree_of(text, schema.rules, table.key.name) for text in checks]
    for value in dict.fromkeys(_candidates(trees, kind)):
        if not any(_forbids(tree, column, value) for tree in trees):
            return literal_sql(kind(value), type_, dialect)
    return None


def _kind(type_: Any) -> type | None:
    """What Python has for the values."""
    if isinstance(type_, types.Boolean):
        return bool
    if isinstance(type_, types.Integer):
        return int
    if isinstance(type_, types.Numeric | types.Float):
        return Decimal
    return str if isinstance(type_, types.String) and not isinstance(type_, types.Enum) else None


def _candidates(trees: Iterable[Node], kind: type) -> Iterator[Any]:
    """What means nothing, then what the CHECKs name, and what is near to it."""
    found = [leaf for tree in trees for leaf in _leaves(tree)]
    numbers = [_number(leaf[1]) for leaf in found if leaf[0] == "number"]
    near = [number + step for number in numbers for step in (0, 1, -1)]
    if kind is str:
        yield ""
        yield from (leaf[1] for leaf in found if leaf[0] == "string")
        yield from ("x" * int(number) for number in near if 0 < number < 1000)
        return
    yield Decimal(0)
    yield from (number for number in near if kind is Decimal or number == number.to_integral_value())
    yield Decimal(1)


def _leaves(node: Any) -> Iterator[Node]:
    if isinstance(node, tuple):
        if node[:1] in (("number",), ("string",)):
            yield node
        for part in node[1:]:
            yield from _leaves(part)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except DecimalException:
        return Decimal(0)


# Evaluation


def _forbids(tree: Node, column: str, value: Any) -> bool:
    try:
        found = _value(tree, column, value)
    except (_Unknown, DecimalException, TypeError):
        return False
    return isinstance(found, bool | Decimal) and not found


def _value(node: Node, column: str, value: Any) -> Any:
    """What a node is where the column has a value.

    Raises:
        _Unknown: it is of a kind that is not known here.
    """
    kind, *parts = node
    if kind == "name" and parts[-1] == column:
        return value
    if kind == "number":
        return _number(parts[0])
    if kind == "string":
        return parts[0]
    if kind == "cast":
        return _value(parts[0], column, value)
    if kind in _JUNCTIONS:
        return _JUNCTIONS[kind](bool(_value(each, column, value)) for each in parts)
    if kind == "not":
        return not _value(parts[0], column, value)
    if kind == "is" and parts[1:] == ["null"]:
        return _value(parts[0], column, value) is None
    return _result(kind, parts, column, value)


def _result(kind: str, parts: list[Any], column: str, value: Any) -> Any:
    """Of an operator or a function."""
    known = _OPERATORS if kind == "operator" else _FUNCTIONS if kind == "call" else {}
    if parts and parts[0] in known:
        return known[parts[0]](*(_value(each, column, value) for each in parts[1:]))
    raise _Unknown


_JUNCTIONS: Mapping[str, Callable[[Iterable[bool]], bool]] = {"and": all, "or": any}
_OPERATORS: Mapping[str, Callable[..., Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("length", "char_length", "character_length", "octet_length"), lambda text: Decimal(len(text))),
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "abs": abs,
}
