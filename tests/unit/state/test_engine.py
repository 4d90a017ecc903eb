"""An engine without a server."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from support.states import KINDS, State

from alembic_manage.state.sql.statements import NeedsDatabaseError


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture(params=KINDS)
def state(request) -> State:
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    return State(request.param, metadata)


def test_tables_have_no_rows(state):
    with state.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, name FROM users")).all() == []
        assert connection.execute(sa.text("SELECT count(*) FROM users")).scalar() == 0
        assert connection.execute(sa.select(User.id)).first() is None
    assert not state.interpreter.obstacles


def test_rows_may_be_written(state):
    table = sa.table("users", sa.column("id", sa.Integer), sa.column("name"))
    with state.engine.begin() as connection:
        connection.execute(table.insert(), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        connection.execute(table.update().values(name="c"))
        connection.execute(sa.text("DELETE FROM users"))
    assert not state.interpreter.obstacles


def test_an_orm_session_gets_new_keys(state):
    with Session(state.engine) as session:
        one, two = User(name="a"), User(name="b")
        session.add_all([one, two])
        session.flush()
        assert one.id != two.id
        session.commit()


def test_text_with_several_statements(state):
    with state.engine.begin() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE users ADD COLUMN age INTEGER; ALTER TABLE users ADD COLUMN size INTEGER"
        )
    assert list(state.table("users").columns) == ["id", "name", "age", "size"]


def test_what_a_database_would_refuse_is_a_dbapi_error(state):
    with state.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(sa.text("DROP TABLE absent"))


def test_ddl_that_cannot_be_read_is_an_obstacle_and_the_revision_goes_on():
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    state = State("postgresql", metadata)
    with state.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE users FROBNICATE name"))
        connection.execute(sa.text("ALTER TABLE users ADD COLUMN age INTEGER"))
    assert len(state.interpreter.obstacles) == 1
    assert "age" in state.table("users").columns


def test_transactions_and_isolation_levels_are_taken(state):
    with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SELECT 1"))
    with state.engine.begin() as connection, connection.begin_nested():
        connection.execute(sa.text("SELECT 1"))


def test_an_unreadable_catalog_query_needs_a_database():
    state = State("postgresql")
    with state.engine.connect() as connection, pytest.raises(NeedsDatabaseError):
        connection.execute(sa.text("SELECT pg_size_pretty(pg_database_size('shop')) FROM pg_stat_database"))
    assert [each.statement[:6] for each in state.interpreter.obstacles] == ["SELECT"]


def test_the_version_of_the_server_is_assumed():
    assert State("postgresql").dialect.server_version_info >= (16,)
    assert State("mysql").dialect.is_mariadb
