"""Whether an expression of the models is the one that the database tells, in the spelling of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.expression import is_same_tree, tree_of
from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Connection


def same_expression(
    autogen_context: AutogenContext, schema: str | None, table_name: str, in_database: str, in_models: str
) -> bool:
    """Whether two expressions on the columns of a table say the same.

    Where their texts differ by more than white space, quotes, case and needless parentheses, a real server is asked
    how it would print that of the models. The history state holds what people and compilers wrote: there, and where
    the server refuses, only what servers add to a text is left out of account.

    Args:
        autogen_context: Alembic's.
        schema: of the table; None for the default one.
        table_name: the table.
        in_database: the text that an inspector or the state tells.
        in_models: the text that the models' DDL would have.
    """
    rules = dialect_named(autogen_context.dialect.name)
    told, wanted = tree_of(in_database, rules, table_name), tree_of(in_models, rules, table_name)
    if told == wanted:
        return True
    connection: Connection = autogen_context.connection  # type: ignore[assignment]
    spelled = _spelled(connection, schema, table_name, in_models) if not is_state(connection) else None
    if spelled is None:
        return is_same_tree(told, wanted)
    return told == tree_of(spelled, rules, table_name)


def is_state(connection: Any) -> bool:
    """Whether a connection leads to the history state instead of a server."""
    return getattr(connection.dialect, "state", None) is not None


def text_of(autogen_context: AutogenContext, expression: Any) -> str:
    """An expression as it stands in DDL, without the name of its table."""
    if isinstance(expression, str):
        return expression
    dialect: Any = autogen_context.dialect
    compiler = dialect.ddl_compiler(dialect, None).sql_compiler
    text = str(compiler.process(expression, include_table=False, literal_binds=True))
    return single_percents(text, dialect)


def _spelled(connection: Connection, schema: str | None, table_name: str, text: str) -> str | None:
    """The text in the server's own spelling; None where it is not told."""
    try:
        return dialect_named(connection.dialect.name).spelled_expression(connection, schema, table_name, text)
    except SQLAlchemyError:
        return None
