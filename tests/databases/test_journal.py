"""A revision that stops halfway goes on where it stopped, also where the database rolls no DDL back."""

from __future__ import annotations

import os
import signal
import traceback
import warnings
from typing import Any

import pytest
from sqlalchemy import event
from support.databases import where
from support.tiny_projects import Events, TinyProject

from alembic_manage.errors import ExitCode, RevisionStoppedError, UsageError
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.fake import fake_all
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import make_plan

ACCOUNTS = """
bind = op.get_bind()
op.create_table("owners", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)))
accounts = op.create_table(
    "accounts",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(40)),
    sa.Column("balance", sa.Numeric(10, 2)),
    sa.Column("opened", sa.DateTime),
)
op.bulk_insert(accounts, [{"id": 1, "owner": "ann", "balance": 1}, {"id": 2, "owner": "bob", "balance": 2}])
op.execute("UPDATE accounts SET balance = balance + 1")
op.add_column("accounts", sa.Column("note", sa.String(20)))
op.execute("UPDATE accounts SET balance = balance * 2, note = 'twice'")
for owner, balance in bind.execute(sa.text("SELECT owner, balance FROM accounts ORDER BY id")).all():
    more = {"balance": balance + 10, "owner": owner}
    bind.execute(sa.text("UPDATE accounts SET balance = :balance WHERE owner = :owner"), more)
op.create_index("ix_owner", "accounts", ["owner"])
owners = sa.Table(
    "owners", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40))
)
owner_ids = {}
for (name,) in bind.execute(sa.text("SELECT owner FROM accounts ORDER BY id")).all():
    owner_ids[name] = bind.execute(sa.insert(owners).values(name=name)).inserted_primary_key[0]
op.add_column("accounts", sa.Column("owner_id", sa.Integer))
for name, id in owner_ids.items():
    bind.execute(sa.text("UPDATE accounts SET owner_id = :id WHERE owner = :name"), {"id": id, "name": name})
op.drop_index("ix_owner", table_name="accounts")
op.drop_column("accounts", "owner")
"""
BACK = """
bind = op.get_bind()
op.add_column("accounts", sa.Column("owner", sa.String(40)))
names = dict(bind.execute(sa.text("SELECT id, name FROM owners")).all())
for id, owner_id in bind.execute(sa.text("SELECT id, owner_id FROM accounts ORDER BY id")).all():
    bind.execute(sa.text("UPDATE accounts SET owner = :name WHERE id = :id"), {"name": names[owner_id], "id": id})
op.drop_column("accounts", "owner_id")
op.drop_table("owners")
op.execute("UPDATE accounts SET balance = balance - 1")
op.drop_column("accounts", "note")
op.drop_table("accounts")
"""


def kill_at(project: TinyProject, number: int, moment: str, target: str) -> bool:
    """Migrate in a process that is killed before, or after, its statement of a number; false where it got through."""
    project.project.database().dispose()  # a process shares no connection with its parent
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads beside it, which the child does not need
        child = os.fork()
    if child == 0:
        try:
            _count_down(project, number, moment)
            run(project, target)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), f"it ended with {status}"
    return status == signal.SIGKILL


def _count_down(project: TinyProject, number: int, moment: str) -> None:
    engine: Any = project.project.database().engine
    left = number

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, moment, count)


def run(project: TinyProject, target: str, **policy: Any) -> Events:
    events = Events()
    history = project.environment.history
    executor = Executor(project.environment, policy=RunPolicy(**policy))
    executor.run(lambda recorded: make_plan(history, recorded, target), events)
    return events


def content(project: TinyProject) -> list[Any]:
    """Tables, columns and rows; numbers that the database gave are left out, as what is rolled back uses some up."""
    if not project.tables:
        return []
    tables = [(name, sorted(project.columns(name)), project.indexes(name)) for name in sorted(project.tables)]
    rows = "SELECT a.id, balance, note, name FROM accounts a JOIN owners o ON o.id = a.owner_id ORDER BY a.id"
    return [*tables, *project.rows(rows)]


@pytest.fixture
def bank(tiny_project: TinyProject) -> TinyProject:
    tiny_project.revision("0001_accounts", ACCOUNTS, BACK)
    return tiny_project


def journal(project: TinyProject) -> list[Any]:
    return project.rows("SELECT kind, state, statement FROM alembic_version_journal ORDER BY id")


@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute"])
def test_killed_at_any_statement_up_and_down(bank: TinyProject, moment: str) -> None:
    run(bank, "head")
    whole = content(bank)
    run(bank, "zero")
    assert content(bank) == []
    every = 1 if os.environ.get("THOROUGH") else 9
    for target, end, back, begin in (("head", whole, "zero", []), ("zero", [], "head", whole)):
        if target == "zero":
            run(bank, "head")
        number = 1
        while kill_at(bank, number, moment, target):
            run(bank, target)
            assert content(bank) == end, number
            run(bank, back)
            assert content(bank) == begin, number
            number += every
        assert number > 20


HALF = """
op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))
op.execute("INSERT INTO notes (id) VALUES (1)")
op.add_column("notes", sa.Column("text", sa.String(20)))
op.execute("INSERT INTO notes (id, text) VALUES (1, 'twice')")
op.add_column("notes", sa.Column("late", sa.Integer))
"""
has_no_transactional_ddl = where(lambda dialect: not dialect.transactional_ddl)


@pytest.fixture
def stopped(tiny_project: TinyProject) -> TinyProject:
    """A revision that raised at its fourth statement: the first three stay."""
    tiny_project.revision("0001_notes", HALF, 'op.drop_table("notes")')
    with pytest.raises(RevisionStoppedError, match="its first 3 statement") as caught:
        run(tiny_project, "head")
    assert caught.value.returncode == ExitCode.STOPPED_PARTWAY
    assert "--resume-at 4" in (caught.value.hint or "")
    return tiny_project


def mend(project: TinyProject, old: str, new: str) -> None:
    path = project.versions / "0001_notes.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@has_no_transactional_ddl
def test_the_cause_is_mended_in_the_database_and_it_goes_on(stopped: TinyProject) -> None:
    stopped.execute("DELETE FROM notes")
    assert run(stopped, "head").resumptions == [("0001_notes", 3)]
    assert stopped.rows("SELECT id, text FROM notes") == [(1, "twice")]
    assert journal(stopped) == []


@has_no_transactional_ddl
def test_a_changed_file_stops_until_somebody_says_where_it_goes_on(stopped: TinyProject) -> None:
    mend(stopped, "(1, 'twice')", "(2, 'mended')")
    with pytest.raises(RevisionStoppedError, match=r"0001_notes\.py does something else") as caught:
        run(stopped, "head")
    assert caught.value.returncode == ExitCode.STOPPED_PARTWAY
    assert stopped.columns("notes") == {"id", "text"}
    run(stopped, "head", resume_at=4)
    assert stopped.rows("SELECT id, text FROM notes ORDER BY id") == [(1, None), (2, "mended")]
    assert stopped.columns("notes") == {"id", "text", "late"}


@has_no_transactional_ddl
def test_from_the_first_statement_again(stopped: TinyProject) -> None:
    stopped.execute("DROP TABLE notes")
    mend(stopped, "(1, 'twice')", "(2, 'mended')")
    run(stopped, "head", resume_at=1)
    assert stopped.columns("notes") == {"id", "text", "late"}


@has_no_transactional_ddl
def test_a_number_that_cannot_be_is_wrong_usage(stopped: TinyProject) -> None:
    with pytest.raises(UsageError, match="cannot go on at 9"):
        run(stopped, "head", resume_at=9)


def test_to_resume_where_nothing_stopped_is_wrong_usage(bank: TinyProject) -> None:
    run(bank, "head")
    with pytest.raises(UsageError, match="nothing to resume"):
        run(bank, "head", resume_at=2)


@has_no_transactional_ddl
def test_a_changed_file_is_noticed_again_and_again_and_may_be_recorded_by_hand(stopped: TinyProject) -> None:
    mend(stopped, "(1, 'twice')", "(2, 'mended')")
    for _ in range(2):
        with pytest.raises(RevisionStoppedError, match="does something else"):
            run(stopped, "head")
    assert stopped.migrate("head", fake=fake_all).faked == ["0001_notes"]
    assert journal(stopped) == []


@has_no_transactional_ddl
def test_a_comment_before_a_statement_hides_nothing(tiny_project: TinyProject) -> None:
    body = 'op.execute("-- why\\nCREATE TABLE notes (id integer)")\nop.execute("ALTER TABLE nowhere ADD x integer")'
    tiny_project.revision("0001_notes", body, 'op.drop_table("notes")')
    with pytest.raises(RevisionStoppedError):
        run(tiny_project, "head")
    pictures = tiny_project.rows("SELECT picture FROM alembic_version_journal WHERE kind = 'final'")
    assert [picture is not None for (picture,) in pictures] == [True]


@has_no_transactional_ddl
def test_nothing_else_runs_before_it_is_finished(stopped: TinyProject) -> None:
    stopped.revision("0002_more", "pass", "pass", down="0001_notes")
    with pytest.raises(RevisionStoppedError, match="0001_notes stopped at its statement 3") as caught:
        run(stopped, "zero")
    assert caught.value.hint == "python manage.py migrate 0001_notes"


@has_no_transactional_ddl
def test_what_is_recorded_by_hand_is_over(stopped: TinyProject) -> None:
    stopped.execute("INSERT INTO alembic_version (version_num) VALUES ('0001_notes')")
    run(stopped, "zero")
    assert stopped.tables == set()
    assert journal(stopped) == []


@has_no_transactional_ddl
def test_where_nothing_tells_the_user_is_asked(tiny_project: TinyProject) -> None:
    body = 'op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))\nop.execute("TRUNCATE TABLE notes")'
    tiny_project.revision("0001_notes", body, 'op.drop_table("notes")')
    run(tiny_project, "head")
    run(tiny_project, "zero")
    number = 1
    # Up to the moment in which TRUNCATE was sent and its end is not known.
    while kill_at(tiny_project, number, "after_cursor_execute", "head"):
        found = journal(tiny_project)
        if found and found[-1][1] == "started" and "TRUNCATE" in found[-1][2]:
            break
        run(tiny_project, "head")
        run(tiny_project, "zero")
        number += 1
    else:
        pytest.fail("TRUNCATE was never uncertain")
    with pytest.raises(RevisionStoppedError, match="nothing tells whether its statement 2") as caught:
        run(tiny_project, "head")
    assert "--resume-after 2" in (caught.value.hint or "")
    assert "--resume-at 2" in (caught.value.hint or "")
    run(tiny_project, "head", resume_at=3)
    assert tiny_project.recorded == {"0001_notes"}


def test_a_name_longer_than_the_database_keeps_in_a_statement_of_its_own(
    make_tiny_project: Any, postgresql_url: str
) -> None:
    project = make_tiny_project(postgresql_url)
    project.revision("0001_first", 'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))')
    name = "ix_orders_" + "of_a_name_that_is_too_long_" * 3
    project.revision(
        "0002_index",
        f"""
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY {name} ON orders (id)")
        """,
        down="0001_first",
    )
    project.migrate()
    assert project.indexes("orders") == {name[:63]}
