"""Running revisions: one transaction each, together with the record."""

import sqlite3

import pytest
from support.databases import where
from support.tiny_projects import Events

from alembic_manage import RevisionFailedError, RevisionStoppedError
from alembic_manage.execution.policy import RunPolicy

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))'
DROP = 'op.drop_table("{0}")'
FAIL = 'op.execute("SELECT * FROM no_such_table")'

transactional = where(lambda dialect: dialect.transactional_ddl)
not_transactional = where(lambda dialect: not dialect.transactional_ddl)


@pytest.fixture
def shop(tiny_project):
    """Two applied revisions, and rows."""
    tiny_project.revision("a", CREATE.format("kept"), DROP.format("kept"))
    tiny_project.revision("b", CREATE.format("more"), DROP.format("more"), down="a")
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO kept (id) VALUES (1), (2)", "INSERT INTO more (id) VALUES (3)")
    return tiny_project


def test_upgrade_and_downgrade_keep_the_rows_of_other_tables(shop):
    assert shop.recorded == {"b"}
    assert shop.migrate("a").done == ["b"]
    assert shop.tables == {"kept"}
    assert shop.recorded == {"a"}
    assert shop.migrate().done == ["b"]
    assert shop.tables == {"kept", "more"}
    assert shop.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]
    assert shop.rows("SELECT id FROM more") == []


def test_zero_takes_everything_down(shop):
    assert shop.migrate("zero").done == ["b", "a"]
    assert shop.tables == set()
    assert shop.recorded == set()


def test_nothing_is_done_twice(shop):
    assert shop.migrate().done == []


def test_rows_are_changed_with_their_table(shop):
    shop.revision(
        "c",
        """
        op.add_column("kept", sa.Column("note", sa.String(20), nullable=True))
        op.execute("UPDATE kept SET note = 'old'")
        op.bulk_insert(sa.table("kept", sa.column("id"), sa.column("note")), [{"id": 9, "note": "new"}])
        """,
        """
        op.execute("DELETE FROM kept WHERE note = 'new'")
        with op.batch_alter_table("kept") as batch:
            batch.drop_column("note")
        """,
        down="b",
    )
    shop.migrate()
    assert shop.rows("SELECT id, note FROM kept ORDER BY id") == [(1, "old"), (2, "old"), (9, "new")]
    shop.migrate("b")
    assert shop.rows("SELECT * FROM kept ORDER BY id") == [(1,), (2,)]


def test_a_revision_may_read_rows_and_use_a_session(shop):
    shop.revision(
        "c",
        """
        from sqlalchemy.orm import Session
        session = Session(bind=op.get_bind())
        highest = session.execute(sa.text("SELECT MAX(id) FROM kept")).scalar_one()
        session.execute(sa.text("INSERT INTO kept (id) VALUES (:id)"), {"id": highest + 1})
        session.flush()
        if not sa.inspect(op.get_bind()).has_table("late"):
            op.create_table("late", sa.Column("id", sa.Integer, primary_key=True))
        """,
        down="b",
    )
    shop.migrate()
    assert shop.rows("SELECT MAX(id) FROM kept") == [(3,)]
    assert "late" in shop.tables


def test_a_session_that_commits_inside_a_revision_does_not_stop_the_run(shop):
    shop.revision(
        "c",
        """
        from sqlalchemy.orm import Session
        session = Session(bind=op.get_bind())
        session.execute(sa.text("INSERT INTO kept (id) VALUES (7)"))
        session.commit()
        """,
        down="b",
    )
    shop.revision("d", CREATE.format("late"), down="c")
    assert shop.migrate().done == ["c", "d"]
    assert shop.rows("SELECT MAX(id) FROM kept") == [(7,)]


@transactional
def test_a_revision_that_fails_halfway_leaves_no_trace_and_the_earlier_ones_stay(shop):
    shop.revision("c", CREATE.format("third"), down="b")
    path = shop.revision("d", f'{CREATE.format("half")}\nop.execute("DELETE FROM kept")\n{FAIL}', down="c")
    events = Events()
    with pytest.raises(
        RevisionFailedError, match=r"Migration d failed at alembic_database/versions/d\.py:\d+"
    ) as caught:
        shop.migrate(events=events)
    assert caught.value.returncode == 1
    assert "no_such_table" in str(caught.value)
    assert (events.done, events.failures) == (["c"], ["d"])
    assert shop.recorded == {"c"}
    assert shop.tables == {"kept", "more", "third"}
    assert shop.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]
    path.write_text(path.read_text(encoding="utf-8").replace(FAIL, "pass"), encoding="utf-8")
    assert shop.migrate().done == ["d"]


@transactional
def test_a_downgrade_that_fails_halfway_leaves_no_trace(shop):
    shop.revision("c", CREATE.format("third"), f"{DROP.format('third')}\n{FAIL}", down="b")
    shop.migrate()
    with pytest.raises(RevisionFailedError, match="Migration c failed") as caught:
        shop.migrate("a")
    assert "rollback" in caught.value.hint
    assert shop.recorded == {"c"}
    assert "third" in shop.tables


@not_transactional
def test_a_revision_that_fails_partway_is_told_and_can_be_resumed_where_ddl_cannot_be_rolled_back(shop):
    path = shop.revision("c", f"{CREATE.format('half')}\n{FAIL}", down="b")
    with pytest.raises(RevisionStoppedError, match=r"c\.py:\d+") as caught:
        shop.migrate()
    assert caught.value.returncode == 7
    assert "its first statement stays in effect" in str(caught.value)
    assert caught.value.hint
    assert shop.recorded == {"b"}
    assert "half" in shop.tables
    path.write_text(path.read_text(encoding="utf-8").replace(FAIL, "pass"), encoding="utf-8")
    with pytest.raises(RevisionStoppedError, match=r"c\.py does something else") as changed:
        shop.migrate()
    assert changed.value.hint is not None
    assert "--resume-after 1" in changed.value.hint
    assert shop.migrate(policy=RunPolicy(resume_at=2)).done == ["c"]
    assert "half" in shop.tables


def test_a_revision_that_fails_in_its_first_statement_leaves_no_trace_anywhere(shop):
    shop.revision("c", FAIL, down="b")
    with pytest.raises(RevisionFailedError, match="no trace") as caught:
        shop.migrate()
    assert caught.value.returncode == 1


def test_a_first_revision_that_finds_its_tables_leads_to_fake_initial(tiny_project):
    tiny_project.revision("a", 'op.create_table("a", sa.Column("id", sa.Integer))')
    tiny_project.execute("CREATE TABLE a (id INTEGER)")
    with pytest.raises(RevisionFailedError, match="already exists") as caught:
        tiny_project.migrate()
    assert "python manage.py migrate --fake-initial;" in caught.value.hint


def test_a_later_revision_that_finds_its_tables_leads_to_its_file(tiny_project):
    tiny_project.revision("a", "pass")
    tiny_project.revision("b", 'op.create_table("b", sa.Column("id", sa.Integer))', down="a")
    tiny_project.execute("CREATE TABLE b (id INTEGER)")
    with pytest.raises(RevisionFailedError, match="already exists") as caught:
        tiny_project.migrate()
    assert caught.value.hint == "mend the file, then: python manage.py migrate"


def test_a_revision_that_only_changed_rows_before_it_failed_leaves_no_trace_anywhere(shop):
    shop.revision("c", f'op.execute("DELETE FROM kept")\n{FAIL}', down="b")
    with pytest.raises(RevisionFailedError, match="no trace") as caught:
        shop.migrate()
    assert shop.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]
    assert caught.value.returncode == 1


def test_a_revision_that_raises_by_itself_is_named_with_its_line(shop):
    shop.revision("c", '\nraise ValueError("there must be a row")', down="b")
    with pytest.raises(RevisionFailedError, match=r"c\.py:\d+: ValueError: there must be a row"):
        shop.migrate()
    assert shop.recorded == {"b"}


def test_a_revision_that_cannot_be_imported_is_named_with_its_line(shop):
    path = shop.revision("c", down="b")
    path.write_text(path.read_text(encoding="utf-8") + "\nimport no_such_package\n", encoding="utf-8")
    with pytest.raises(RevisionFailedError, match=r"c\.py:\d+: ModuleNotFoundError"):
        shop.migrate()
    assert shop.recorded == {"b"}


def test_a_revision_without_downgrade_is_told_when_it_is_to_go_down(shop):
    path = shop.revision("c", down="b")
    path.write_text(path.read_text(encoding="utf-8").replace("def downgrade", "def something_else"), encoding="utf-8")
    shop.migrate()
    with pytest.raises(RevisionFailedError, match=r"c\.py has no downgrade\(\)"):
        shop.migrate("b")
    assert shop.recorded == {"c"}


def test_an_interrupt_rolls_the_revision_back_and_is_not_swallowed(shop):
    shop.revision("c", 'op.execute("DELETE FROM kept")\nraise KeyboardInterrupt', down="b")
    events = Events()
    with pytest.raises(KeyboardInterrupt):
        shop.migrate(events=events)
    assert events.failures == ["c"]
    assert shop.recorded == {"b"}
    assert shop.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]


# autocommit_block

AUTOCOMMIT = f"""
{CREATE.format("outside")}
with op.get_context().autocommit_block():
    op.create_index("ix_outside", "outside", ["id"])
op.execute("INSERT INTO outside (id) VALUES (5)")
"""


def test_an_autocommit_block_works_inside_a_revision(shop):
    shop.revision("c", AUTOCOMMIT, down="b")
    shop.revision("d", CREATE.format("after"), down="c")
    assert shop.migrate().done == ["c", "d"]
    assert shop.rows("SELECT id FROM outside") == [(5,)]
    assert "ix_outside" in shop.indexes("outside")


def test_what_an_autocommit_block_left_behind_is_told(shop):
    shop.revision("c", f"{AUTOCOMMIT}\n{FAIL}", down="b")
    with pytest.raises(RevisionStoppedError, match="stay in effect") as caught:
        shop.migrate()
    assert caught.value.returncode == 7
    assert shop.recorded == {"b"}
    assert "ix_outside" in shop.indexes("outside")
    assert shop.rows("SELECT id FROM outside") == []


def test_an_index_can_be_created_concurrently(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.revision("a", CREATE.format("big"))
    project.revision(
        "b",
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_big", "big", ["id"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_big", table_name="big", postgresql_concurrently=True)
        """,
        down="a",
    )
    assert project.migrate().done == ["a", "b"]
    assert project.indexes("big") == {"ix_big"}
    project.migrate("a")
    assert project.indexes("big") == set()


def test_sqlite_can_vacuum_in_an_autocommit_block(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("a", f"{CREATE.format('t')}\nwith op.get_context().autocommit_block():\n    op.execute('VACUUM')")
    assert project.migrate().done == ["a"]


def test_a_deferred_constraint_that_fails_at_commit_rolls_the_revision_back(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.revision(
        "a",
        """
        op.execute("CREATE TABLE parents (id int primary key)")
        op.execute(
            "CREATE TABLE children (parent_id int REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)"
        )
        """,
    )
    project.revision("b", 'op.execute("INSERT INTO children VALUES (1)")', down="a")
    with pytest.raises(RevisionFailedError, match=r"Migration b failed at .*b\.py"):
        project.migrate()
    assert project.recorded == {"a"}
    assert project.rows("SELECT * FROM children") == []


# Options of the engine


def set_options(project, **options) -> None:
    """OPTIONS of the database, before its engine is made."""
    project.project.database().options = options


@pytest.mark.skipif(not hasattr(sqlite3, "LEGACY_TRANSACTION_CONTROL"), reason="Python 3.12 has sqlite3's autocommit")
def test_sqlite_with_autocommit_off_by_python_works_too(make_tiny_project, sqlite_url):
    """Source: SQLAlchemy 2.1, SQLite dialect, "Enabling Non-Legacy SQLite Transactional Modes"."""
    project = make_tiny_project(sqlite_url)
    set_options(project, connect_args={"autocommit": False})
    project.revision("a", CREATE.format("kept"))
    project.revision("b", AUTOCOMMIT, down="a")
    assert project.migrate().done == ["a", "b"]
    project.revision("c", f"{CREATE.format('half')}\n{FAIL}", down="b")
    with pytest.raises(RevisionFailedError, match="no trace"):
        project.migrate()
    assert project.tables == {"kept", "outside"}
    assert project.recorded == {"b"}


@transactional
def test_an_engine_in_autocommit_mode_still_gives_each_revision_its_transaction(make_tiny_project, database_url):
    project = make_tiny_project(database_url)
    set_options(project, isolation_level="AUTOCOMMIT")
    project.revision("a", CREATE.format("kept"))
    project.revision("b", f"{CREATE.format('half')}\n{FAIL}", down="a")
    with pytest.raises(RevisionFailedError):
        project.migrate()
    assert project.recorded == {"a"}
    assert project.tables == {"kept"}


# Locks


def test_another_writer_makes_a_revision_fail_and_not_hang(make_tiny_project, sqlite_url, monkeypatch):
    project = make_tiny_project(sqlite_url)
    project.revision("a", CREATE.format("t"))
    project.migrate()
    project.revision("b", 'op.execute("INSERT INTO t (id) VALUES (1)")', down="a")
    with sqlite3.connect(project.project.database().url.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        set_options(project, connect_args={"timeout": 0.2})
        project.project.database().dispose()
        project.project.database().__dict__.pop("engine")
        with pytest.raises(Exception, match="locked"):
            project.migrate()
        other.execute("ROLLBACK")
    other.close()
    assert project.migrate().done == ["b"]
