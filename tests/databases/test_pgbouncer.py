"""Through PgBouncer, which with pool_mode = transaction gives each transaction another session of the server."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest
import sqlalchemy as sa
from support.faults import Ending, Nursery, Request
from support.pgbouncer import PgBouncer
from support.projects import MakeProject, ProjectFolder

from alembic_manage.errors import ExitCode

REVISION = '''\
"""{id}"""

import sqlalchemy as sa
from alembic import op

revision = {id!r}
down_revision = {down!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''
# The same statement often enough for psycopg to prepare it.
FILL = """
    for number in range(12):
        op.get_bind().execute(sa.text("INSERT INTO seen (lock, statement) VALUES ("
            "current_setting('lock_timeout'), current_setting('statement_timeout'))"))
"""
CONCURRENTLY = """
    with op.get_context().autocommit_block():
        op.create_index("ix_seen_lock", "seen", ["lock"], postgresql_concurrently=True)
"""
AT_ONCE = 10

StartPgBouncer = Callable[..., PgBouncer]


class Shop:
    """A project with four revisions on a database behind a pooler."""

    def __init__(self, project: ProjectFolder, pooler: PgBouncer, direct: sa.URL) -> None:
        self.project = project
        self.pooler = pooler
        self.direct = sa.create_engine(direct, poolclass=sa.NullPool)
        columns = 'sa.Column("lock", sa.String(20)), sa.Column("statement", sa.String(20))'
        self.revision("a", None, f'op.create_table("seen", {columns})', 'op.drop_table("seen")')
        self.revision("b", "a", FILL, 'op.execute("DELETE FROM seen")')
        self.revision("c", "b", CONCURRENTLY, 'op.drop_index("ix_seen_lock", "seen")')
        self.revision("d", "c", FILL)

    def revision(self, id: str, down: str | None, upgrade: str, downgrade: str = "pass") -> None:
        body = dedent(upgrade).strip().replace("\n", "\n    ")
        text = REVISION.format(id=id, down=down, upgrade=body, downgrade=downgrade)
        self.project.write(f"alembic_database/versions/{id}.py", text)

    def lock_by_row(self) -> None:
        self.project.replace("settings.py", '"default": {', '"default": {\n        "MIGRATION_LOCK": "row",')

    def migrate_at_once(self) -> list[Ending]:
        """Many processes, forked so that they begin in the same moment."""
        with Nursery(self.project.path, self.project.url) as nursery:
            return nursery.run_all(Request(("migrate",), children=AT_ONCE))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query, asked past the pooler."""
        with self.direct.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def settings_of_the_sessions(self, name: str) -> set[str]:
        """What a setting is in each session that the pooler has, held all at once."""
        url = self.pooler.url(self.direct.url)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        held = [engine.connect() for _ in range(self.pooler.size)]
        found = {
            (each.exec_driver_sql("SELECT pg_backend_pid()").scalar_one(), self._shown(each, name)) for each in held
        }
        for each in held:
            each.close()
        assert len(found) == self.pooler.size
        return {value for _, value in found}

    def _shown(self, connection: sa.Connection, name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())


MakeShop = Callable[..., Shop]


@pytest.fixture
def make_shop(
    make_project: MakeProject, start_pgbouncer: StartPgBouncer, new_database: Callable[[str], sa.URL]
) -> MakeShop:
    def make(mode: str = "transaction", size: int = 3) -> Shop:
        direct = new_database("postgresql")
        pooler = start_pgbouncer(mode, size=size)
        url = pooler.url(direct).render_as_string(hide_password=False)
        return Shop(make_project("no_models", url), pooler, direct)

    return make


def test_a_lock_of_the_session_is_refused_before_anything_runs(make_shop: MakeShop):
    shop = make_shop()
    result = shop.project.run("migrate")
    assert result.returncode == ExitCode.LOCKED
    assert "A pooler gives the session of this connection to others" in result.stderr
    assert 'Hint: "MIGRATION_LOCK": "row" in DATABASES' in result.stderr
    assert shop.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
    assert (
        shop.rows(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        == []
    )


def test_it_is_refused_to_each_of_many_at_once(make_shop: MakeShop):
    shop = make_shop()
    assert {ending.code for ending in shop.migrate_at_once()} == {ExitCode.LOCKED}
    assert shop.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []


def test_with_a_row_as_the_lock_everything_works(make_shop: MakeShop):
    shop = make_shop()
    shop.lock_by_row()
    for _ in range(2):
        shop.project.ok("migrate")
        assert shop.rows("SELECT count(*) FROM seen") == [(24,)]
        assert shop.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_seen_lock'::regclass") == [(True,)]
        shop.project.ok("rollback", "zero", "--no-input", "--accept-data-loss")
        assert shop.rows("SELECT to_regclass('seen')") == [(None,)]


def test_with_a_row_as_the_lock_many_migrate_at_once(make_shop: MakeShop):
    shop = make_shop()
    shop.lock_by_row()
    endings = shop.migrate_at_once()
    assert [ending.code for ending in endings] == [0] * AT_ONCE, endings
    assert shop.rows("SELECT count(*) FROM seen") == [(24,)]
    ledger = "SELECT revision, outcome FROM alembic_version_ledger ORDER BY id"
    assert shop.rows(ledger) == [(id, "applied") for id in "abcd"]


def test_time_outs_count_in_each_revision_and_stay_with_no_session(make_shop: MakeShop):
    shop = make_shop()
    shop.lock_by_row()
    shop.project.ok("migrate", "--table-lock-timeout", "3", "--statement-timeout", "50")
    assert shop.rows("SELECT DISTINCT lock, statement FROM seen") == [("3s", "50s")]
    for name in ("lock_timeout", "statement_timeout"):
        assert shop.settings_of_the_sessions(name) == {"0"}


def test_of_a_migrator_that_dies_no_time_out_stays_either(make_shop: MakeShop):
    shop = make_shop()
    shop.lock_by_row()
    die = "with op.get_context().autocommit_block():\n    op.execute('SELECT 1')\n    __import__('os')._exit(9)"
    shop.revision("e", "d", die)
    result = shop.project.run("migrate", "--table-lock-timeout", "3", "--statement-timeout", "50")
    assert result.returncode == 9
    for name in ("lock_timeout", "statement_timeout"):
        assert shop.settings_of_the_sessions(name) == {"0"}


def test_time_outs_are_those_of_a_direct_connection_too(make_shop: MakeShop):
    shop = make_shop()
    shop.project.url = shop.direct.url.render_as_string(hide_password=False)
    shop.project.ok("migrate", "--table-lock-timeout", "3", "--statement-timeout", "50")
    assert shop.rows("SELECT DISTINCT lock, statement FROM seen") == [("3s", "50s")]


def test_with_pool_mode_session_the_session_keeps_its_lock(make_shop: MakeShop):
    shop = make_shop("session", size=5)
    assert shop.project.ok("migrate").count("... OK") == 4
    assert shop.rows("SELECT DISTINCT lock FROM seen") == [("5s",)]
    for name in ("lock_timeout", "statement_timeout"):
        assert shop.settings_of_the_sessions(name) == {"0"}


def test_asyncpg_works_with_the_options_of_the_page(make_shop: MakeShop):
    shop = make_shop()
    shop.lock_by_row()
    options = """
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"__{__import__('uuid').uuid4()}__",
    """
    shop.project.replace("settings.py", '"OPTIONS": {', f'"OPTIONS": {{"connect_args": {{{options}}}, ')
    shop.project.url = shop.project.url.replace("+psycopg:", "+asyncpg:")
    shop.project.ok("migrate", "--table-lock-timeout", "3", "--statement-timeout", "50")
    assert shop.rows("SELECT DISTINCT lock, statement FROM seen") == [("3s", "50s")]
    assert shop.settings_of_the_sessions("lock_timeout") == {"0"}
    shop.project.ok("rollback", "zero", "--no-input", "--accept-data-loss")
    shop.project.ok("migrate")


def test_at_head_no_lock_is_needed(make_shop: MakeShop):
    shop = make_shop()
    pooled = shop.project.url
    shop.project.url = shop.direct.url.render_as_string(hide_password=False)
    shop.project.ok("migrate")
    shop.project.url = pooled
    assert "No migrations to apply" in shop.project.ok("migrate")
