"""Server defaults, compared by value, whether env.py asks for that or not.

Where env.py gives a function of its own, that one is asked first. "False" is Alembic's default for
`compare_server_default`, and cannot be told from a user's.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Boolean, Column, Computed, DefaultClause, FetchedValue, Identity, String, TextClause
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from alembic_manage.alembic_api import compares_defaults_itself
from alembic_manage.comparators.catalog import connection_of, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.expression import is_state, same_expression
from alembic_manage.comparators.type import canonical
from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import AlterColumnOp


@compares("column", "server_default", DispatchPriority.FIRST)
def _before_env(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare, unless a function of env.py does; what is computed or an identity is compared elsewhere."""
    sides = (conn_col.server_default, metadata_col.server_default)
    if any(isinstance(each, Computed | Identity) for each in sides):
        # Alembic 1.20 would look for the text of a default, which these have not.
        alter_column_op.existing_server_default = conn_col.server_default
        _tell_numbering(alter_column_op, metadata_col)
        return PriorityDispatchResult.STOP
    if sides == (None, None) or compares_defaults_itself(autogen_context):
        return PriorityDispatchResult.CONTINUE
    return _compare(autogen_context, alter_column_op, schema, tname, cname, conn_col, metadata_col)


@compares("column", "server_default")
def _compare(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare in the place of Alembic's own comparison."""
    told, wanted = conn_col.server_default, metadata_col.server_default
    _tell_numbering(alter_column_op, metadata_col)
    if told is None and wanted is None:
        return PriorityDispatchResult.STOP
    alter_column_op.existing_server_default = told
    is_unsaid = isinstance(wanted, FetchedValue) and not isinstance(wanted, DefaultClause)
    is_numbered = metadata_col.table._autoincrement_column is metadata_col and wanted is None
    if not is_unsaid and not is_numbered and not _is_same(autogen_context, schema, tname, conn_col, metadata_col):
        alter_column_op.modify_server_default = wanted
    return PriorityDispatchResult.STOP


def _tell_numbering(alter_column_op: AlterColumnOp, column: Column[Any]) -> None:
    """What Alembic's own comparator adds, which does not run behind this one."""
    if column.table._autoincrement_column is column or column.autoincrement is True:
        alter_column_op.kw["autoincrement"] = True
    elif column.autoincrement is False:
        alter_column_op.kw["autoincrement"] = False


def _is_same(
    autogen_context: AutogenContext, schema: str | None, tname: str, conn_col: Column[Any], metadata_col: Column[Any]
) -> bool:
    told, wanted = _told(autogen_context, conn_col), _text(autogen_context, metadata_col)
    if told is None and not is_state(connection_of(autogen_context)):
        type_ = canonical(autogen_context, metadata_col.type)
        return wanted is None or type_ in rules_of(autogen_context).untold_defaults
    if told is None or wanted is None:
        return told is wanted
    if is_same_default(told, wanted, metadata_col.type):
        return True
    if _is_same_for_server(autogen_context, told, wanted, metadata_col):
        return True
    return same_expression(autogen_context, schema, tname, told, wanted)


def _told(autogen_context: AutogenContext, column: Column[Any]) -> str | None:
    """The SQL after DEFAULT in the database, as it is: its colons are no parameters."""
    argument = getattr(column.server_default, "arg", None)
    if not isinstance(argument, TextClause):
        return _text(autogen_context, column)
    return None if _NULL.fullmatch(argument.text.strip()) else argument.text


def _text(autogen_context: AutogenContext, column: Column[Any]) -> str | None:
    """The SQL after DEFAULT; None where there is no default, or NULL is."""
    dialect: Any = autogen_context.dialect
    found = dialect.ddl_compiler(dialect, None).get_column_default_string(column)
    if found is None or _NULL.fullmatch(str(found).strip()):
        return None
    return single_percents(str(found), dialect)


def _is_same_for_server(autogen_context: AutogenContext, told: str, wanted: str, column: Column[Any]) -> bool:
    """Whether two literals are the same value of the column's type, as the server reads them."""
    connection = connection_of(autogen_context)
    if is_state(connection) or not (_LITERAL.fullmatch(told) and _LITERAL.fullmatch(wanted)):
        return False
    dialect: Any = autogen_context.dialect
    try:
        type_ = str(dialect.type_compiler_instance.process(column.type))
        return rules_of(autogen_context).is_same_value(connection, type_, told, wanted)
    except (SQLAlchemyError, AttributeError, NotImplementedError):
        return False


# Source: MariaDB documentation, "NOW" (CURRENT_TIMESTAMP and its synonyms); SQLite, "CREATE TABLE", section 3.2.
_NULL = re.compile(r"\(*NULL\)*(::.*)?", re.IGNORECASE)
# One string or number, with the casts and parentheses that a server adds.
_LITERAL = re.compile(r"\(*(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?)\)*(?:::[^'()]+(?:\([\d, ]+\))?(?:\[\])?)?\)*")
_STRING = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
_CAST = re.compile(r"::[\w ]+(\(\d+(,\d+)?\))?(\[\])?$")
_TODAY = re.compile(r"(curdate|current_date)(\(\))?", re.IGNORECASE)
_NOW = re.compile(r"(now|current_timestamp|localtime|localtimestamp)(\(\))?", re.IGNORECASE)
# Source: PostgreSQL 16 manual, 8.6 "Boolean Type".
_BOOLEANS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), "1"),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), "0"),
}


def is_same_default(one: str, other: str, type_: TypeEngine[Any] | None) -> bool:
    """Whether two texts of a default mean the same, as far as that can be said without a server.

    Args:
        one: a text, in the spelling of a database or of a person.
        other: another one.
        type_: of the column; None where it is not known.
    """
    return _normal(one, type_) == _normal(other, type_)


def _normal(default: str, type_: TypeEngine[Any] | None) -> tuple[str, str]:
    """What a default is, and its value: without parentheses and casts, booleans as 1 and 0, numbers without scale.

    Of a column of text the value is taken as it is: there '1' and '1.0' differ.
    """
    text, *later = re.split(r"\s+ON\s+UPDATE\s+", default, maxsplit=1, flags=re.IGNORECASE)
    if later:
        return "updated", " ".join(
            f"{kind} {value}" for kind, value in (_normal(part, type_) for part in (text, *later))
        )
    text = _CAST.sub("", _without_parentheses(_CAST.sub("", _without_parentheses(default))))
    for name, pattern in (("now", _NOW), ("today", _TODAY)):
        if pattern.fullmatch(text):
            return "function", name
    is_string = _STRING.fullmatch(text) is not None
    if is_string:
        text = text[1:-1].replace("''", "'").replace("\\'", "'")
    if isinstance(type_, String):
        return ("text" if is_string else "value"), text
    if isinstance(type_, Boolean) or text.lower() in ("true", "false"):
        text = _BOOLEANS.get(text.lower(), text)
    try:
        return "value", format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return "value", text


def _without_parentheses(text: str) -> str:
    """Without those around the whole."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _closes_last(text):
        text = text[1:-1].strip()
    return text


def _closes_last(text: str) -> bool:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1
    return False
