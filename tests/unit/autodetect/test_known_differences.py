"""The differences that a project lives with."""

import pytest

from alembic_manage import CommandError
from alembic_manage.autodetect.known_differences import path_of, read_known, write_known


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    return make_tiny_project(sqlite_url).project


def test_no_file_is_no_differences(project):
    assert read_known(project) == frozenset()


def test_what_is_written_is_read_again(project):
    path = write_known(project, ["op.b()", "op.a('ü')"])
    assert path == path_of(project) == project.migrations_dir / "known_differences.txt"
    assert read_known(project) == {"op.a('ü')", "op.b()"}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["op.a('ü')", "op.b()"]
    assert all(line.startswith("#") for line in lines[:-2])


def test_no_differences_leave_no_file(project):
    write_known(project, ["op.a()"])
    write_known(project, [])
    write_known(project, [])
    assert not path_of(project).exists()


def test_comments_and_empty_lines_do_not_count(project):
    path_of(project).write_text("# op.a()\n\n  op.b()  \n", encoding="utf-8")
    assert read_known(project) == {"op.b()"}


def test_a_file_that_cannot_be_read_is_one_line(project):
    path_of(project).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CommandError, match=r"known_differences\.txt cannot be read") as caught:
        read_known(project)
    assert caught.value.hint.startswith("git checkout")


def test_a_file_that_cannot_be_written_is_one_line(project):
    path_of(project).mkdir()
    with pytest.raises(CommandError, match="cannot be written"):
        write_known(project, ["op.a()"])
