"""The schema at a revision, from the best place that there is."""

import pytest
import sqlalchemy as sa

from alembic_manage import CommandError
from alembic_manage.alembic_api import connection_of
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.errors import HistoryStateError, RecordError
from alembic_manage.sources.source import ALL, Source, opaque_line, read_at, upgrade_plan
from alembic_manage.state.replay import Opaque

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
NEEDS_A_ROW = 'op.get_bind().execute(sa.text("SELECT 1 FROM a WHERE id = 1")).one()'


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    made = make_tiny_project(sqlite_url)
    made.revision("a", CREATE.format("a"))
    made.revision("b", CREATE.format("b"), down="a")
    return made


def tables(context) -> list[str]:
    names = sa.inspect(connection_of(context)).get_table_names()
    own = OwnTables(context.version_table)
    return sorted(name for name in names if name not in own)


@pytest.mark.parametrize("source", ALL)
def test_each_place_tells_the_same(project, source):
    project.migrate("a")
    assert read_at(project.environment, ["a"], tables, sources=[source]) == [["a"]]


def test_the_schema_before_the_first_revision_is_empty(project):
    for source in (Source.HISTORY, Source.SCRATCH):
        assert read_at(project.environment, [], tables, sources=[source]) == [[]]


def test_the_first_place_that_can_tell_is_taken_without_a_word(project):
    told = []
    assert read_at(project.environment, ["b"], tables, notify=told.append) == [["a", "b"]]
    assert told == []
    assert project.tables == set()


def test_the_next_place_is_taken_and_told(project):
    insert = 'op.execute("INSERT INTO a (id) VALUES (1)")'
    project.revision("c", f"{insert}\n{NEEDS_A_ROW}", down="b")
    told = []
    assert read_at(project.environment, ["c"], tables, notify=told.append) == [["a", "b"]]
    assert len(told) == 2
    assert "c.py:14: c cannot be replayed" in told[0]
    assert told[1] == "The schema was therefore read from a scratch database."


def test_where_none_can_tell_all_say_why(project):
    project.revision("c", NEEDS_A_ROW, down="b")
    with pytest.raises(HistoryStateError) as caught:
        read_at(project.environment, ["c"], tables)
    lines = str(caught.value).splitlines()
    assert "cannot be replayed" in lines[0]
    assert "Migration c failed" in lines[1]
    assert "is behind" in lines[2]


def test_the_only_place_says_why_by_itself(project):
    with pytest.raises(RecordError, match="is behind"):
        read_at(project.environment, ["b"], tables, sources=[Source.DATABASE])


def test_what_the_work_raises_is_raised(project):
    def fail(context):
        raise CommandError("mine")

    with pytest.raises(CommandError, match="mine"):
        read_at(project.environment, ["b"], fail)


def test_the_plan_is_every_revision_from_nothing(project):
    assert [step.revision.id for step in upgrade_plan(project.environment, ["b"]).steps] == ["a", "b"]
    assert upgrade_plan(project.environment, []).steps == ()


def test_an_opaque_line_names_place_reason_and_statement_without_secrets(project):
    path = project.versions / "b.py"
    opaque = Opaque("b", path, 14, "ddl", "it is not read", "SELECT dblink('postgresql://shop:hunter2@db/shop')")
    line = opaque_line(project.environment, opaque)
    assert line.startswith("alembic_database/versions/b.py:14: b cannot be replayed: it is not read")
    assert "hunter2" not in line
