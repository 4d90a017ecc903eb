"""SQLite rebuilds a table to change it; with foreign keys enforced, that must not cost the rows of its children."""

import pytest
from sqlalchemy import event

from alembic_manage import RefusedError, RevisionFailedError

TABLES = """
op.create_table(
    "parents",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
)
op.create_table(
    "children",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE", name="fk")),
)
"""
ROWS = (
    "INSERT INTO parents (id, name) VALUES (1, 'one'), (2, 'two')",
    "INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)",
)
REBUILD = """
with op.batch_alter_table("parents") as batch:
    batch.alter_column("name", existing_type=sa.String(20), type_=sa.String(40), nullable=False)
"""
OWN_TRANSACTION = """
    from alembic import context
    project = context.config.attributes["project"]
    with project.database().engine.begin() as connection:
        context.configure(connection=connection, render_as_batch=True)
        context.run_migrations()
"""


def enforce_foreign_keys(driver_connection, record=None) -> None:
    """What a project does in its models: `@event.listens_for(engine, "connect")`."""
    cursor = driver_connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@pytest.fixture
def family(make_tiny_project, sqlite_url):
    """Parents, children that go with them, and foreign keys enforced on every connection."""
    project = make_tiny_project(sqlite_url)
    event.listen(project.project.database().engine, "connect", enforce_foreign_keys)
    project.revision("a", TABLES)
    project.migrate()
    project.execute(*ROWS)
    return project


def children(project) -> list[int]:
    return [id for (id,) in project.rows("SELECT id FROM children ORDER BY id")]


def are_enforced(project) -> bool:
    """Whether the connection that ran the revisions enforces foreign keys."""
    return project.project.database().run(
        lambda connection: connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    )


def test_a_rebuilt_parent_table_keeps_the_rows_of_its_children(family):
    family.revision("b", REBUILD, REBUILD.replace("nullable=False", "nullable=True"), down="a")
    family.migrate()
    assert children(family) == [1, 2, 3]
    family.migrate("a")
    assert children(family) == [1, 2, 3]
    assert family.rows("SELECT count(*) FROM parents") == [(2,)]


def test_the_children_still_refer_to_the_rebuilt_table(family):
    family.revision("b", REBUILD, down="a")
    family.migrate()
    family.revision("c", 'op.execute("DELETE FROM parents WHERE id = 1")', down="b")
    family.migrate()
    assert children(family) == [3]


def test_a_rebuild_by_hand_keeps_the_rows_of_the_children(family):
    family.revision(
        "b",
        """
        op.execute("CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        op.execute("INSERT INTO new SELECT id, name FROM parents")
        op.execute("DROP TABLE parents")
        op.execute("ALTER TABLE new RENAME TO parents")
        """,
        down="a",
    )
    family.migrate()
    assert children(family) == [1, 2, 3]


def test_a_rebuild_in_an_imported_function_keeps_the_rows_of_the_children(family, write_module):
    write_module(
        "fk_tools.py",
        "from alembic import op\nimport sqlalchemy as sa\n\ndef rebuild():" + REBUILD.replace("\n", "\n    "),
    )
    family.revision("b", "from fk_tools import rebuild\nrebuild()", down="a")
    family.migrate()
    assert children(family) == [1, 2, 3]


def test_foreign_keys_are_enforced_again_afterwards(family):
    family.revision("b", REBUILD, down="a")
    family.migrate()
    assert are_enforced(family)


def test_foreign_keys_are_enforced_again_after_a_failure(family):
    family.revision("b", f"{REBUILD}\nraise ValueError", down="a")
    with pytest.raises(RevisionFailedError):
        family.migrate()
    assert are_enforced(family)
    assert children(family) == [1, 2, 3]
    assert family.recorded == {"a"}


def test_foreign_keys_are_enforced_again_for_the_next_revision_of_the_run(family):
    family.revision("b", REBUILD, down="a")
    family.revision("c", 'op.execute("DELETE FROM parents WHERE id = 1")', down="b")
    assert family.migrate().done == ["b", "c"]
    assert children(family) == [3]


def test_a_revision_that_only_deletes_rows_still_cascades(family):
    family.revision("b", 'op.execute("DELETE FROM parents WHERE id = 1")', down="a")
    family.migrate()
    assert children(family) == [3]


def test_a_revision_that_only_deletes_rows_still_cascades_whatever_its_name_and_its_downgrade(family):
    family.revision(
        "0002_drop_stale_parents",
        'op.execute("DELETE FROM parents WHERE id = 1")',
        'op.drop_table("something_else")',
        down="a",
    )
    family.migrate()
    assert children(family) == [3]


def test_a_violation_in_a_revision_that_only_changes_rows_is_the_databases_own_error(family):
    family.revision("b", 'op.execute("INSERT INTO children (id, parent_id) VALUES (9, 99)")', down="a")
    with pytest.raises(RevisionFailedError, match="FOREIGN KEY constraint failed"):
        family.migrate()
    assert children(family) == [1, 2, 3]


def test_rows_that_lose_their_parent_roll_a_rebuilding_revision_back(family):
    family.revision("b", f'{REBUILD}\nop.execute("DELETE FROM parents WHERE id = 1")', down="a")
    with pytest.raises(
        RevisionFailedError, match=r"Migration b was rolled back.*2 rows of children .* parents"
    ) as caught:
        family.migrate()
    assert caught.value.returncode == 1
    assert "b.py" in caught.value.hint
    assert family.recorded == {"a"}
    assert family.rows("SELECT count(*) FROM parents") == [(2,)]
    assert children(family) == [1, 2, 3]
    assert are_enforced(family)


def test_rows_that_had_lost_their_parent_before_do_not_stop_a_rebuild(family):
    family.execute("INSERT INTO children (id, parent_id) VALUES (9, 99)")
    family.revision("b", REBUILD, down="a")
    assert family.migrate().done == ["b"]
    assert children(family) == [1, 2, 3, 9]


def test_a_project_that_does_not_enforce_them_keeps_its_rows_too(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("a", TABLES)
    project.migrate()
    project.execute(*ROWS)
    project.revision("b", REBUILD, down="a")
    project.migrate()
    assert children(project) == [1, 2, 3]
    assert not are_enforced(project)


def test_no_child_is_lost_where_env_py_began_a_transaction(family):
    family.env(OWN_TRANSACTION)
    family.revision("b", REBUILD, down="a")
    with pytest.raises(RefusedError, match=r"b may rebuild a table, and env[.]py begins a transaction"):
        family.migrate()
    assert children(family) == [1, 2, 3]
    assert are_enforced(family)


def test_no_child_is_lost_with_an_asyncio_driver(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url.replace("sqlite:", "sqlite+aiosqlite:"))
    event.listen(project.project.database().engine.sync_engine, "connect", enforce_foreign_keys)
    project.revision("a", TABLES)
    project.migrate()
    project.execute(*ROWS)
    project.revision("b", REBUILD, down="a")
    project.migrate()
    assert children(project) == [1, 2, 3]


def test_a_project_whose_models_enforce_them_keeps_its_rows(project_dir):
    project_dir.write(
        "myproject/models.py",
        project_dir.read("myproject/models.py")
        + "\n\nfrom sqlalchemy import Engine, event\n\n\n"
        + '@event.listens_for(Engine, "connect")\n'
        + "def enforce_foreign_keys(connection, record):\n"
        + '    connection.execute("PRAGMA foreign_keys=ON")\n',
    )
    project_dir.ok("migrate")
    insert = (
        "from myproject.models import *; from sqlalchemy import create_engine; from sqlalchemy.orm import Session\n"
        "import os\n"
        "with Session(create_engine(os.environ['DATABASE_URL'])) as session:\n"
        "    session.add(Customer(name='Ann', email='a@example.org', orders=[Order(), Order()]))\n"
        "    session.commit()\n"
    )
    project_dir.write("insert.py", insert)
    project_dir.python("insert.py")
    project_dir.replace("myproject/models.py", "String(100), index=True", "String(120), index=True")
    project_dir.ok("makemigrations", "--name", "longer_names")
    project_dir.ok("migrate")
    project_dir.write(
        "insert.py",
        "import os, sqlite3\nprint(sqlite3.connect('db.sqlite3').execute('select count(*) from orders').fetchone())",
    )
    assert project_dir.python("insert.py") == "(2,)\n"
