"""The last revision, written anew."""

import pytest

from alembic_manage import CommandError
from alembic_manage.branches.update import Update
from alembic_manage.errors import RefusedError
from alembic_manage.outline.revision import outline_of_source
from alembic_manage.writing.draft import NewRevision

ADD = 'op.add_column("orders", sa.Column("note", sa.Text))'


@pytest.fixture
def project(make_tiny_project):
    made = make_tiny_project("sqlite://")
    made.revision("0001_initial")
    return made


def update(project) -> Update:
    history = project.environment.history
    return Update(project.project, history, history.require_single_head())


def of(project, body: str, id: str = "0002_orders_note", **more) -> Update:
    project.revision(id, body, down="0001_initial", **more)
    return update(project)


def new(project, body: str) -> NewRevision:
    text = f"def upgrade():\n    {body}\n"
    return NewRevision("0002_new", project.versions / "0002_new.py", text)


def changes(body: str):
    return outline_of_source(f"def upgrade():\n    {body}\n", "upgrade")


def test_there_must_be_a_migration(make_tiny_project):
    with pytest.raises(CommandError, match="no migration to update"):
        update(make_tiny_project("sqlite://"))


def test_a_merge_is_not_updated(project):
    project.revision("a", down="0001_initial")
    project.revision("b", down="0001_initial")
    project.revision("c", down=["a", "b"])
    with pytest.raises(CommandError, match="c is a merge and cannot be updated"):
        update(project)


@pytest.mark.parametrize(
    "body",
    [
        "for name in ('a', 'b'):\n    op.drop_table(name)",
        "op.bulk_insert(orders, [])",
        "op.get_bind().execute(sa.text('SELECT 1'))",
        "import shop",
        "x = 1",
    ],
)
def test_python_of_ones_own_is_refused_before_anything_is_asked(project, body):
    with pytest.raises(RefusedError, match="0002_orders_note holds something of your own"):
        of(project, f"{ADD}\n{body}")


def test_what_stands_outside_of_the_functions_counts(project):
    path = project.revision("0002_x", ADD, down="0001_initial")
    path.write_text(path.read_text() + "\nORDERS = sa.table('orders')\n")
    with pytest.raises(RefusedError, match=r"ORDERS = sa\.table"):
        update(project)


@pytest.mark.parametrize("more", [{"depends_on": "0001_initial"}, {"labels": "shop"}])
def test_dependencies_and_labels_are_refused(project, more):
    with pytest.raises(RefusedError, match="depends_on or branch_labels"):
        of(project, ADD, **more)


def test_sql_that_the_new_file_has_too_is_not_lost(project):
    sql = "op.execute(\"ALTER TYPE mood ADD VALUE 'x'\")"
    found = of(project, sql)
    found.require_nothing_lost(new(project, f"{ADD}; {sql}"))
    with pytest.raises(RefusedError, match="ALTER TYPE mood ADD VALUE"):
        found.require_nothing_lost(new(project, ADD))


@pytest.mark.parametrize("value", ["0", "-1", "'a b'", "now()", "CURRENT_TIMESTAMP", "NULL"])
def test_the_answer_to_a_question_is_no_loss(project, value):
    found = of(project, f'op.execute("UPDATE orders SET total = {value} WHERE total IS NULL")')
    found.require_nothing_lost(new(project, ADD))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE orders SET total = price * number WHERE total IS NULL",
        "UPDATE orders SET total = (SELECT 1) WHERE total IS NULL",
        "UPDATE orders SET total = 0 WHERE total < 0",
        "UPDATE orders SET total = 0",
        "UPDATE orders SET total = coalesce(price, 0) WHERE total IS NULL",
        "DELETE FROM orders",
    ],
)
def test_rows_that_are_changed_otherwise_are_ones_own(project, sql):
    found = of(project, f'op.execute("{sql}")')
    with pytest.raises(RefusedError, match="something of your own"):
        found.require_nothing_lost(new(project, 'op.execute("UPDATE orders SET total = 0 WHERE total IS NULL")'))


def test_changes_and_comments_that_go_are_told(project):
    found = of(project, f'# by hand\n# Drops the column x of y with its values.\n{ADD}\nop.drop_table("x")')
    assert list(found.no_longer(new(project, ADD), changes(ADD))) == ["- Drop table x", "# by hand"]


def test_a_name_that_was_made_from_the_changes_is_made_anew(project):
    found = of(project, ADD)
    assert found.id_for(changes('op.drop_table("x")')) == "0002_remove_x"


@pytest.mark.parametrize("id", ["0002_of_a_person", "1a2b3c"])
def test_another_name_stays(project, id):
    found = of(project, ADD, id=id)
    assert found.id_for(changes('op.drop_table("x")')) == id


def test_a_file_whose_id_stays_keeps_its_name(project):
    found = of(project, ADD, id="1a2b3c")
    renamed = found.last.path.rename(found.last.path.with_name("1a2b3c_note.py"))
    found = update(project)
    assert found.in_place(NewRevision("1a2b3c", project.versions / "1a2b3c.py", "")).path == renamed
    assert found.in_place(NewRevision("other", project.versions / "other.py", "")).path.name == "other.py"


def test_a_name_with_the_time_in_it_is_made_anew(project):
    found = of(project, 'op.execute("x")', id="0002_auto_20260101_0000")
    assert found.id_for(changes('op.drop_table("x")')) == "0002_remove_x"


def test_an_applied_migration_is_not_updated(make_tiny_project, tmp_path):
    project = make_tiny_project(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    project.revision("0001_initial")
    project.migrate()
    with pytest.raises(CommandError, match="0001_initial: it is applied to 'default'") as caught:
        update(project).require_unrecorded(lambda line: None)
    assert (caught.value.hint, caught.value.returncode) == ("python manage.py rollback", 1)
