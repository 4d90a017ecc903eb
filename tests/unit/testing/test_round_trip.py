"""Up, down, up: what is found."""

from __future__ import annotations

import sys

import pytest
from support.tiny_projects import TinyProject

from alembic_manage import RefusedError, RevisionFailedError
from alembic_manage.testing.models_match import unwritten
from alembic_manage.testing.round_trip import RoundTrip, round_trip, upgraded_from_zero

TABLE = 'op.create_table("{}", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.fixture
def project(make_tiny_project, sqlite_url) -> TinyProject:
    made = make_tiny_project(sqlite_url)
    made.revision("a", TABLE.format("one"), 'op.drop_table("one")')
    return made


def test_a_history_that_undoes_itself_leaves_nothing(project: TinyProject):
    project.revision("b", TABLE.format("two"), 'op.drop_table("two")', down="a")
    assert round_trip(project.environment) == RoundTrip()
    assert project.tables == set()


def test_what_is_left_at_the_bottom_is_named(project: TinyProject):
    project.revision("b", TABLE.format("two"), "pass", down="a")
    project.revision("c", down="b")
    assert "table two is left" in round_trip(project.environment).left_behind


def test_the_newest_is_taken_back_by_itself(project: TinyProject):
    """Its column would go with the table of an older one."""
    project.revision("b", 'op.add_column("one", sa.Column("more", sa.Integer))', "pass", down="a")
    assert "column one.more is left: INTEGER NULL" in round_trip(project.environment).left_behind


def test_what_the_second_way_up_makes_otherwise_is_named(project: TinyProject, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "am_round", 0, raising=False)
    # The memory of this test's process stands for whatever a migration should not look at.
    project.revision(
        "b",
        """
        import sys
        sys.am_round += 1
        op.create_table("two", sa.Column("id", sa.String(sys.am_round)))
        """,
        'op.drop_table("two")',
        down="a",
    )
    trip = round_trip(project.environment)
    assert trip.different == ("column two.id: first VARCHAR(1) NULL, then VARCHAR(2) NULL",)


def test_it_goes_down_no_further_than_it_is_told(project: TinyProject):
    project.revision("b", TABLE.format("two"), "raise NotImplementedError", down="a")
    project.revision("c", TABLE.format("three"), 'op.drop_table("three")', down="b")
    assert round_trip(project.environment, "b") == RoundTrip()
    with pytest.raises(RefusedError, match=r"^b cannot be taken back: \S+ has a downgrade\(\) that only raises\.$"):
        round_trip(project.environment)


def test_a_migration_that_fails_is_named(project: TinyProject):
    project.revision("b", 'op.execute("nonsense")', down="a")
    with pytest.raises(RevisionFailedError, match="Migration b failed"):
        upgraded_from_zero(project.environment)


def test_models_are_compared_with_the_history_whatever_the_database_holds(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
):
    import sqlalchemy as sa

    metadata = sa.MetaData()
    sa.Table("one", metadata, sa.Column("id", sa.Integer, primary_key=True))
    monkeypatch.setitem(vars(project.project), "metadata", [metadata])
    assert unwritten(project.environment) == ()
    sa.Table("two", metadata, sa.Column("id", sa.Integer, primary_key=True))
    assert [line.partition("(")[0] for line in unwritten(project.environment)] == ["op.create_table"]
