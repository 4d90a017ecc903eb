"""The state held against databases."""

import pytest
import sqlalchemy as sa

from alembic_manage.sources.source import upgrade_plan
from alembic_manage.sources.verification import verdicts
from alembic_manage.state.objects import Column, Key
from alembic_manage.state.replay import Replay


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    made = make_tiny_project(sqlite_url)
    made.revision("a", 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))')
    return made


def replayed(project) -> Replay:
    replay = Replay(project.environment)
    replay.run(upgrade_plan(project.environment, ["a"]))
    return replay


def test_both_databases_hold_what_the_state_says(project):
    project.migrate()
    scratch, configured = verdicts(project.environment, replayed(project), ["a"])
    assert (scratch.equal, configured.equal) == (True, True)


def test_a_database_that_is_behind_is_not_compared(project):
    scratch, configured = verdicts(project.environment, replayed(project), ["a"])
    assert (scratch.equal, configured.equal) == (True, None)
    assert "no such file" in configured.reason


def test_drift_is_told_object_by_object(project):
    project.migrate()
    project.execute("ALTER TABLE t ADD COLUMN by_hand INTEGER")
    _, configured = verdicts(project.environment, replayed(project), ["a"])
    assert "column t.by_hand: only in the database: INTEGER NULL" in [each.line for each in configured.differences]


def test_a_wrong_state_is_told(project):
    replay = replayed(project)
    replay.schema.add_column(Key(None, "t"), Column("wrong", sa.Text()))
    scratch, _ = verdicts(project.environment, replay, ["a"])
    assert "column t.wrong: only in the history state: TEXT NULL" in [each.line for each in scratch.differences]
