"""Whether the models have changes, for migrate's reminder."""

import pytest
import sqlalchemy as sa

from alembic_manage.sources import reminder
from alembic_manage.sources.reminder import have_changes, known_outlook
from alembic_manage.standing.outlook import Outlook
from alembic_manage.unchanged.check import is_unchanged

pytestmark = pytest.mark.usefixtures("no_strangers")

CREATE = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))'


def models(*columns: sa.Column) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    made = make_tiny_project(sqlite_url)
    made.revision("a", CREATE)
    made.project.__dict__["metadata"] = [models()]
    return made


def test_equal_models_have_none_and_that_is_kept(project):
    assert have_changes(project.environment) is False
    assert is_unchanged(project.project, "default")


def test_a_new_column_is_one(project):
    project.project.__dict__["metadata"] = [models(sa.Column("n", sa.Integer))]
    assert have_changes(project.environment) is True


def test_where_nothing_is_kept_of_many_it_is_not_known(project, monkeypatch):
    monkeypatch.setattr(reminder, "MOST", 1)
    assert known_outlook(project.environment, may_be_kept=True) is Outlook.NOT_COMPARED
    have_changes(project.environment)
    assert known_outlook(project.environment, may_be_kept=True) is Outlook.UNCHANGED
    assert known_outlook(project.environment, may_be_kept=False) is None


def test_what_cannot_be_replayed_is_compared_with_the_database(project):
    project.migrate()
    project.revision("a", f'{CREATE}\nop.get_bind().execute(sa.text("SELECT 1 FROM t WHERE id = 1")).one()')
    assert have_changes(project.environment) is False
    assert not is_unchanged(project.project, "default")
