"""A review of a project's files, without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.tiny_projects import TinyProject

from alembic_manage.review.card import Review
from alembic_manage.review.reviewer import Reviewer
from alembic_manage.review.selection import chosen

UNREACHABLE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def project(make_tiny_project: Callable[[str], TinyProject]) -> TinyProject:
    project = make_tiny_project(UNREACHABLE)
    project.revision(
        "first", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Text))"
    )
    project.revision(
        "second", "op.alter_column('t', 'a', nullable=False)", "op.alter_column('t', 'a', nullable=True)", down="first"
    )
    return project


def review(project: TinyProject, wanted: str | None = None) -> Review:
    environment = project.environment
    return Reviewer(environment, [environment]).review(chosen(environment, wanted))


def test_what_a_migration_does_is_told_without_a_database(project):
    card = review(project, "second").cards[0]
    assert [detail.text for detail in card.effect.details] == ["column t.a: TEXT NULL \u2192 TEXT NOT NULL"]
    assert card.effect.before is not None
    assert card.is_applied is None
    trace = card.databases[0].trace
    assert trace is not None
    assert [(each.sql, each.effect.name) for each in trace.statements] == [
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "EVERYTHING")
    ]


def test_one_that_needs_a_connection_does_not_keep_the_others_from_their_sql(project):
    project.revision("third", "op.get_bind().execute(sa.text('SELECT 1')).scalar_one()", down="second")
    project.revision("fourth", "op.drop_table('t')", down="third")
    parts = {card.revision.id: card.databases[0] for card in review(project, "all").cards}
    assert parts["third"].trace is None
    assert "needs a connection" in parts["third"].reason
    traces = [parts[name].trace for name in ("first", "second", "fourth")]
    assert [len(trace.statements) for trace in traces if trace] == [1, 1, 1]


def test_what_cannot_be_replayed_is_said(project):
    project.revision("third", "op.get_bind().execute(sa.text('SELECT id FROM t')).one()", down="second")
    (card,) = review(project, "third").cards
    assert card.effect.unknown
    assert "third" in card.effect.unknown[0]


@pytest.mark.parametrize(
    ("wanted", "ids", "scope"),
    [
        ("first:", ["second"], "after first up to the end"),
        (":first", ["first"], "after the beginning up to first"),
        ("sec", ["second"], "second"),
        ("all", ["first", "second"], "all migrations"),
    ],
)
def test_ranges(project, wanted, ids, scope):
    found = chosen(project.environment, wanted)
    assert ([revision.id for revision in found.revisions], found.scope) == (ids, scope)


def test_the_default_is_what_is_not_applied(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("first", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")
    project.migrate()
    project.revision("second", "op.add_column('t', sa.Column('a', sa.Text))", down="first")
    found = chosen(project.environment, None)
    assert ([revision.id for revision in found.revisions], found.scope) == (["second"], "not applied")
    project.migrate()
    assert [revision.id for revision in chosen(project.environment, None).revisions] == ["first", "second"]


def test_looking_makes_no_file_of_a_database_that_is_not_there(make_tiny_project, tmp_path: Path):
    project = make_tiny_project(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    project.revision("first", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")
    assert [card.revision.id for card in review(project).cards] == ["first"]
    assert not (tmp_path / "none.sqlite3").exists()


def test_an_env_py_that_cannot_be_run_costs_what_comes_from_it_and_nothing_else(project):
    project.env("raise RuntimeError('only in production')")
    found = review(project, "second")
    assert found.cards[0].losses == ()
    assert [change.text for change in found.cards[0].changes] == ["Alter column a on t (nullable)"]
    assert "only in production" in found.cards[0].databases[0].reason
    assert any("only in production" in note for note in found.notes)


def test_locks_that_cannot_be_measured_are_told_as_the_manual_has_them(project):
    environment = project.environment
    found = Reviewer(environment, [environment], measures_locks=True).review(chosen(environment, "second"))
    trace = found.cards[0].databases[0].trace
    assert trace is not None
    assert not trace.is_measured
    assert any("locks were not measured" in note for note in found.notes)


def test_what_an_empty_table_does_not_show_is_told_as_the_manual_has_it(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("first", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")
    project.revision("fill", "if op.get_context().as_sql:\n    op.execute('UPDATE t SET id = 1')", down="first")
    project.revision("wrong", "op.execute('CREATE INDEX ix ON t (id)')\nop.execute('DROP TABLE other')", down="fill")
    environment = project.environment
    found = Reviewer(environment, [environment], measures_locks=True).review(chosen(environment, "all"))
    traces = [card.databases[0].trace for card in found.cards]
    assert [[each.sql.split()[0] for each in trace.statements] for trace in traces if trace] == [
        ["CREATE"],
        ["UPDATE"],
        ["CREATE", "DROP"],
    ]
    assert [trace.is_measured for trace in traces if trace] == [True, False, False]
    (note,) = found.notes
    assert "wrong were not measured to the end" in note
    assert "no such table" in note
