"""What must hold of the configured database where it stands for the history."""

import pytest

from alembic_manage.errors import RecordError
from alembic_manage.sources.connected import require_at


@pytest.fixture
def environment(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    for id, down in (("a", None), ("b", "a"), ("c", "b")):
        project.revision(id, down=down)
    return project.environment


def test_the_same_place_is_right(environment):
    require_at(environment, ["b"], ["b"])
    require_at(environment, [], [])


def test_behind(environment):
    with pytest.raises(RecordError, match=r"is behind: 2 migrations not applied \(b, c\)") as caught:
        require_at(environment, ["a"], ["c"])
    assert caught.value.hint == "python manage.py migrate"


def test_ahead(environment):
    with pytest.raises(RecordError, match="is ahead: c is applied to it") as caught:
        require_at(environment, ["c"], ["b"])
    assert caught.value.hint == "python manage.py rollback"


def test_a_migration_without_a_file(environment):
    with pytest.raises(RecordError, match="gone"):
        require_at(environment, ["gone"], ["c"])
