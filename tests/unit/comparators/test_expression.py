"""Whether two texts are one expression, on the history state and where a server is asked."""

from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, and_, func
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import SQLAlchemyError
from support.comparison import state_connection

from alembic_manage.comparators import expression
from alembic_manage.comparators.expression import is_state, same_expression, text_of


def _state_context(connection):
    return SimpleNamespace(dialect=connection.dialect, connection=connection)


def test_the_state_is_not_asked_how_it_spells():
    with state_connection(MetaData(), "postgresql") as connection:
        assert is_state(connection)
        context = _state_context(connection)
        assert same_expression(context, None, "orders", "state::text = 'x'::text", "state = 'x'")
        assert not same_expression(context, None, "orders", "state = 'x'", "state = 'y'")


class Server:
    """Rules whose server has one spelling for everything."""

    ignores_case = False

    def __init__(self, spelled: str | Exception) -> None:
        self.spelled = spelled

    def __getattr__(self, name):
        from alembic_manage.dialects import dialect_named

        return getattr(dialect_named("postgresql"), name)

    def spelled_expression(self, connection, schema, table, text):
        if isinstance(self.spelled, Exception):
            raise self.spelled
        return self.spelled


@pytest.mark.parametrize(
    ("spelled", "same"),
    [
        ("similar(a)", True),
        ("other(a)", False),
        (SQLAlchemyError("refused"), False),
    ],
)
def test_a_servers_word_counts_where_the_texts_differ(monkeypatch, spelled, same: bool):
    monkeypatch.setattr(expression, "dialect_named", lambda name: Server(spelled))
    dialect = PGDialect_psycopg()
    context = SimpleNamespace(dialect=dialect, connection=SimpleNamespace(dialect=dialect))
    assert same_expression(context, None, "orders", "similar(a)", "a SIMILAR TO 'x'") is same
    assert same_expression(context, None, "orders", "a > 0", "(a>0)")


def test_the_text_of_an_expression_is_that_of_ddl():
    table = Table("orders", MetaData(), Column("a", Integer), Column("b", String))
    context = SimpleNamespace(dialect=PGDialect_psycopg())
    found = text_of(context, and_(table.c.a > 1, func.lower(table.c.b).like("x%")))
    assert found == "a > 1 AND lower(b) LIKE 'x%'"
    assert text_of(context, "a > 1") == "a > 1"
