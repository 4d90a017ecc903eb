"""Which databases record a revision."""

from dataclasses import replace

import pytest

from alembic_manage import Project
from alembic_manage.branches.recorded import read_recorded
from alembic_manage.errors import RecordError
from alembic_manage.settings.database_settings import DatabaseSettings

NOWHERE = "postgresql+psycopg://nobody:secret@127.0.0.1:1/nothing"


@pytest.fixture
def project(make_tiny_project, tmp_path):
    made = make_tiny_project(f"sqlite:///{tmp_path / 'default.sqlite3'}")
    made.revision("a")
    made.revision("b", down="a")
    made.revision("c", down="a")
    return made


def with_others(project, **urls: str) -> Project:
    databases = {"default": project.settings.databases["default"]}
    databases |= {alias: DatabaseSettings(url) for alias, url in urls.items()}
    return Project(replace(project.settings, databases=databases))


def read(project, **urls: str) -> tuple[dict[str, list[str]], list[str]]:
    said: list[str] = []
    found = read_recorded(with_others(project, **urls), "Whether b is applied", said.append)
    return {alias: sorted(ids) for alias, ids in found.applied.items()}, said


def test_each_database_tells_all_that_is_applied(project, tmp_path):
    project.migrate("b")
    other = tmp_path / "other.sqlite3"
    assert read(project, other=f"sqlite:///{other}") == ({"default": ["a", "b"], "other": []}, [])
    assert not other.exists()


def test_a_database_that_cannot_be_asked_is_said(project):
    project.migrate("c")
    applied, said = read(project, far=NOWHERE)
    assert applied == {"default": ["a", "c"]}
    assert len(said) == 1
    assert said[0].startswith("Whether b is applied to 'far' is not known: ")
    assert "secret" not in said[0]


def test_a_database_at_an_unknown_migration_is_an_error(project):
    project.migrate("b")
    (project.versions / "b.py").unlink()
    with pytest.raises(RecordError, match="'b'"):
        read(project)


def test_only_databases_with_one_of_the_ids_are_named(project):
    project.migrate("b")
    recorded = read_recorded(project.project, "", lambda line: None)
    assert recorded.among(["c", "b"]) == {"default": ("b",)}
    assert recorded.among(["c"]) == {}
