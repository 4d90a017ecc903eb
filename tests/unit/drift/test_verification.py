"""Two descriptions, and what is said of them."""

import pytest
import sqlalchemy as sa
from support.states import State

from alembic_manage.drift.verification import Difference, Verdict, built, description_of, differences


def test_descriptions_are_compared_object_by_object():
    assert differences({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "5", "d": "4"}) == (
        Difference("b", "2", "5"),
        Difference("c", "3", None),
        Difference("d", None, "4"),
    )
    assert differences({"a": "1"}, {"a": "1"}) == ()


@pytest.mark.parametrize(
    ("difference", "line"),
    [
        (Difference("x", "1", "2"), "x: in the history state 1; in the database 2"),
        (Difference("x", "1", None), "x: only in the history state: 1"),
        (Difference("x", None, "2"), "x: only in the database: 2"),
    ],
)
def test_a_difference_in_a_line(difference, line):
    assert difference.line == line


def test_verdicts_in_words_and_as_data():
    equal, differs = Verdict("scratch database", ()), Verdict("scratch database", (Difference("x", "1", None),))
    unknown = Verdict("configured database", None, reason="the server does not answer")
    assert [each.equal for each in (equal, differs, unknown)] == [True, False, None]
    assert "holds what the history state says" in equal.line
    assert "differs from the history state in 1 object(s)" in differs.line
    assert unknown.line == "Not compared with the configured database: the server does not answer"
    assert unknown.as_json() == {
        "against": "configured",
        "equal": None,
        "reason": "the server does not answer",
        "differences": [],
    }


def test_a_state_is_built_and_described():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(5), index=True))
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        found = built(connection, State("sqlite", metadata).schema)
    assert found["column t.name"] == "VARCHAR(5) NULL"
    assert "index ix_t_name of t" in found


def test_alembic_s_and_the_suite_s_own_tables_do_not_count(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("a", 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))')
    project.migrate()
    found = description_of(project.environment)
    assert "table t" in found
    assert not [name for name in found if "alembic_version" in name]
