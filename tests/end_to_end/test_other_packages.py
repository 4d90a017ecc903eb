"""Packages that add operations and comparators to Alembic do not break the history state."""

from __future__ import annotations

import pytest
from support.projects import MakeProject, ProjectFolder

postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MODELS = """\
import enum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Colour(enum.Enum):
    red = "red"
    green = "green"


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[Colour] = mapped_column(Enum(Colour, name="colour"))
"""
VIEW = '''\
"""a view"""

import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_view import PGView

revision = "0002_view"
down_revision = "0001_initial"
red = PGView(schema="public", signature="red_things", definition="SELECT id FROM things WHERE colour = 'red'")


def upgrade():
    op.create_entity(red)
    op.add_column("things", sa.Column("note", sa.String(20)))


def downgrade():
    op.drop_column("things", "note")
    op.drop_entity(red)
'''


@pytest.fixture
def things(make_project: MakeProject, database_url: str) -> ProjectFolder:
    """A project whose env.py uses alembic-postgresql-enum; its first migration is written, and not applied."""
    project = make_project("no_models", database_url)
    (project.path / "myproject" / "models.py").write_text(MODELS)
    env = project.path / "alembic_database" / "env.py"
    env.write_text(f"import alembic_postgresql_enum\n{env.read_text()}")
    project.ok("makemigrations")
    return project


@postgresql
def test_a_comparator_that_asks_the_server_gets_a_scratch_database(things: ProjectFolder) -> None:
    result = things.run("makemigrations", "--check")
    assert (result.returncode, "scratch database" in result.stderr) == (0, True)


@postgresql
def test_their_operations_are_replayed(things: ProjectFolder) -> None:
    models = things.path / "myproject" / "models.py"
    models.write_text(models.read_text().replace('green = "green"', 'green = "green"\n    blue = "blue"'))
    things.ok("makemigrations", "-n", "blue")
    assert "type colour: red, green, blue" in things.ok("historystate", "--against", "history")
    assert "The scratch database holds what the history state says." in things.ok("historystate", "--verify")


@postgresql
def test_a_view_of_alembic_utils_concerns_no_table(things: ProjectFolder) -> None:
    (things.versions / "0002_view.py").write_text(VIEW)
    assert "note" in things.ok("historystate", "--against", "history")
    assert "The scratch database holds what the history state says." in things.ok("historystate", "--verify")
