"""Another session holds what a migration needs: it waits for a while, says for whom, and tries again."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from support.databases import ASYNC_DRIVERS, where
from support.projects import MakeProject
from support.tiny_projects import Events, TinyProject

from alembic_manage import RevisionFailedError
from alembic_manage.execution import run
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import Step, make_plan

CREATE = 'op.create_table("orders", sa.Column("id", sa.Integer))'
# Each waits for the table, however it is sent.
WAITING = {
    "operation": 'op.add_column("orders", sa.Column("note", sa.Integer))',
    "raw SQL": 'op.execute("ALTER TABLE orders ADD COLUMN note INTEGER")',
    "connection": 'op.get_bind().exec_driver_sql("ALTER TABLE orders ADD COLUMN note INTEGER")',
}

servers = where(lambda dialect: dialect.timeouts is not None)
transactional = where(lambda dialect: dialect.timeouts is not None and dialect.transactional_ddl)


class Letting(Events):
    """Lets the table go after so many attempts.

    Args:
        attempts: that fail.
        let_go: ends the other session's transaction.
    """

    def __init__(self, attempts: int, let_go: Callable[[], None]) -> None:
        super().__init__()
        self.attempts = attempts
        self.let_go = let_go
        self.pauses: list[float] = []

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        super().delayed(step, blockers, pause_s)
        self.pauses.append(pause_s)
        if len(self.delays) == self.attempts:
            self.let_go()


@pytest.fixture
def shop(tiny_project: TinyProject, monkeypatch: pytest.MonkeyPatch) -> TinyProject:
    """A table, and no long pauses."""
    monkeypatch.setattr(run, "FIRST_PAUSE_S", 0.01)
    tiny_project.revision("a", CREATE)
    tiny_project.migrate()
    return tiny_project


@contextmanager
def table_held(project: TinyProject) -> Iterator[Callable[[], None]]:
    """While entered, another session has changed a row of the table and not ended its transaction; what ends it."""
    with project._rows.connect() as connection:
        connection.execute(sa.text("INSERT INTO orders (id) VALUES (1)"))
        yield connection.rollback


def migrate(project: TinyProject, events: Events, **policy: Any) -> Events:
    environment = project.environment
    history = environment.history
    executor = Executor(environment, policy=RunPolicy(**{"table_lock_timeout_s": 1.0, **policy}))
    executor.run(lambda recorded: make_plan(history, recorded, "heads"), events)
    return events


@servers
@pytest.mark.parametrize("statement", WAITING.values(), ids=WAITING)
def test_it_is_tried_again_until_the_table_is_free(shop: TinyProject, statement: str):
    shop.revision("b", statement, down="a")
    with table_held(shop) as let_go:
        events = migrate(shop, Letting(2, let_go))
    assert [id for id, _ in events.delays] == ["b", "b"]
    assert events.done == ["b"]
    assert shop.columns("orders") == {"id", "note"}


@servers
def test_who_holds_the_table_is_told(shop: TinyProject):
    shop.revision("b", WAITING["raw SQL"], down="a")
    with table_held(shop) as let_go:
        [(_, blockers)] = migrate(shop, Letting(1, let_go)).delays
    assert len(blockers) == 1
    assert blockers[0].startswith("process ")
    if shop.dialect.transactional_ddl:  # MariaDB does not keep what an idle session has sent last
        assert blockers[0].endswith("INSERT INTO orders (id) VALUES (1)")


@transactional
def test_a_table_written_in_capitals_is_found_too(shop: TinyProject):
    shop.revision("b", 'op.execute("ALTER TABLE ORDERS ADD COLUMN note INTEGER")', down="a")
    with table_held(shop) as let_go:
        [(_, blockers)] = migrate(shop, Letting(1, let_go)).delays
    assert len(blockers) == 1


@servers
def test_after_the_last_attempt_the_error_says_who_and_what_helps(shop: TinyProject):
    shop.revision("b", WAITING["raw SQL"], down="a")
    with table_held(shop), pytest.raises(RevisionFailedError) as caught:
        migrate(shop, Events(), lock_retries=1)
    assert "\nheld by process " in str(caught.value)
    assert str(caught.value.hint).endswith("python manage.py migrate --table-lock-timeout 15 --lock-retries 30")
    assert shop.recorded == {"a"}
    assert migrate(shop, Events()).done == ["b"]


@servers
def test_a_statement_that_takes_too_long_is_not_tried_again(shop: TinyProject):
    shop.revision("b", WAITING["raw SQL"], down="a")
    events = Events()
    with table_held(shop), pytest.raises(RevisionFailedError) as caught:
        migrate(shop, events, table_lock_timeout_s=0, statement_timeout_s=1.0)
    assert events.delays == []
    assert str(caught.value.hint).endswith("python manage.py migrate --statement-timeout 0")
    assert migrate(shop, Events()).done == ["b"]


@servers
def test_pauses_grow_twofold_with_jitter(shop: TinyProject, monkeypatch: pytest.MonkeyPatch):
    shop.revision("b", WAITING["raw SQL"], down="a")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(run, "LONGEST_PAUSE_S", 0.04)
    with table_held(shop) as let_go:
        events = Letting(4, let_go)
        migrate(shop, events)
    for pause, most in itertools.zip_longest(events.pauses, (0.01, 0.02, 0.04, 0.04)):
        assert most / 2 <= pause <= most


@servers
def test_what_the_session_had_is_put_back(shop: TinyProject):
    read = str(shop.dialect.timeouts.read if shop.dialect.timeouts else "")
    shop.change_env(
        "    context.configure(connection=connection",
        f"    before = connection.exec_driver_sql({read!r}).one()\n"
        "    connection.commit()\n    context.configure(connection=connection",
    )
    shop.change_env(
        "        context.run_migrations()\n\n\nif",
        f"        context.run_migrations()\n    assert connection.exec_driver_sql({read!r}).one() == before\n\n\nif",
    )
    shop.revision("b", WAITING["raw SQL"], down="a")
    assert migrate(shop, Events(), statement_timeout_s=30.0).done == ["b"]


@transactional
def test_rows_that_others_changed_count_as_well(shop: TinyProject):
    shop.execute("INSERT INTO orders (id) VALUES (7)")
    shop.revision("b", 'op.execute("UPDATE orders SET id = 8")', down="a")
    with shop._rows.connect() as other:
        other.execute(sa.text("UPDATE orders SET id = 9 WHERE id = 7"))
        events = migrate(shop, Letting(1, other.rollback))
    assert len(events.delays[0][1]) == 1
    assert shop.rows("SELECT id FROM orders") == [(8,)]


@transactional
def test_whose_query_may_not_be_seen_is_told_by_number(shop: TinyProject, database_url: str):
    role = f"am_{shop.rows('SELECT current_database()')[0][0]}"
    shop.execute(
        f"CREATE ROLE {role} LOGIN", f"GRANT ALL ON SCHEMA public TO {role}", f"ALTER TABLE orders OWNER TO {role}"
    )
    try:
        engine = sa.create_engine(sa.make_url(database_url).set(username=role), poolclass=sa.NullPool)
        with table_held(shop), engine.connect() as connection:
            [line] = shop.dialect.blockers(connection, "ALTER TABLE orders")
        assert line.removeprefix("process ").split()[0].isdigit()
        assert "INSERT" not in line
    finally:
        shop.execute("ALTER TABLE orders OWNER TO CURRENT_USER", f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@servers
def test_an_asyncio_driver_does_the_same(
    database_url: str, make_tiny_project: Callable[[str], TinyProject], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run, "FIRST_PAUSE_S", 0.01)
    url = sa.make_url(database_url)
    project = make_tiny_project(
        url.set(drivername=ASYNC_DRIVERS[url.get_backend_name()]).render_as_string(hide_password=False)
    )
    project.revision("a", CREATE)
    project.migrate()
    project.revision("b", WAITING["raw SQL"], down="a")
    with table_held(project) as let_go:
        events = migrate(project, Letting(1, let_go))
    assert [len(blockers) for _, blockers in events.delays] == [1]
    assert events.done == ["b"]


@servers
def test_the_options_of_migrate(make_project: MakeProject, database_url: str):
    project = make_project("one_table", database_url)
    project.ok("migrate")
    project.write(
        "alembic_database/versions/b.py",
        "from alembic import op\nrevision = 'b'\ndown_revision = '0001_initial'\n\n\n"
        "def upgrade():\n    op.execute('ALTER TABLE authors ADD COLUMN note INTEGER')\n\n\n"
        "def downgrade():\n    pass\n",
    )
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as other:
        other.execute(sa.text("INSERT INTO authors (id, name) VALUES (1, 'Ann')"))
        result = project.run("migrate", "--table-lock-timeout", "1", "--lock-retries", "1")
        assert result.returncode == 1
        assert result.stdout.count("Applying b... WAITING\n    held by process ") == 1
        assert "rolled back; tried again in 0." in result.stdout
        assert "\nheld by process " in result.stderr
        assert "--lock-retries 30" in result.stderr
    assert "Applying b... OK" in project.ok("migrate")
