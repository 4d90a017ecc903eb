"""Writing many files: all or none, and over nothing."""

import pytest

from alembic_manage.scaffold.template import File
from alembic_manage.scaffold.tree import in_the_way, write_tree

FILES = [File("manage.py", b"#!/usr/bin/env python\n"), File("a/b/c.py", b"1"), File("a/d.py", b"\xff")]


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_files_are_written_with_their_folders(tmp_path):
    write_tree(tmp_path / "new" / "project", FILES)
    assert everything(tmp_path / "new" / "project") == ["a", "a/b", "a/b/c.py", "a/d.py", "manage.py"]
    assert (tmp_path / "new/project/a/d.py").read_bytes() == b"\xff"


def test_a_script_is_executable_and_nothing_else(tmp_path):
    write_tree(tmp_path, FILES)
    assert (tmp_path / "manage.py").stat().st_mode & 0o111
    assert not (tmp_path / "a/d.py").stat().st_mode & 0o111


def test_what_is_there_is_found_whatever_it_is(tmp_path):
    (tmp_path / "manage.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a").write_text("a file where a folder would be", encoding="utf-8")
    assert in_the_way(tmp_path, FILES) == ["a", "manage.py"]
    assert in_the_way(tmp_path / "new", FILES) == []


def test_a_file_in_the_place_of_the_project_is_found(tmp_path):
    path = tmp_path / "file"
    path.touch()
    assert in_the_way(path, FILES) == ["."]


def test_a_file_that_comes_meanwhile_is_not_touched_and_the_others_go(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "d.py").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_tree(tmp_path, FILES)
    assert everything(tmp_path) == ["a", "a/d.py"]
    assert (tmp_path / "a" / "d.py").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_at_any_file_leaves_nothing(tmp_path, monkeypatch, error):
    import os

    opened = os.fdopen
    for good in range(len(FILES)):
        left = iter([opened] * good)

        def fdopen(*args, left=left):
            for function in left:
                return function(*args)
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("os.fdopen", fdopen)
            with pytest.raises(type(error)):
                write_tree(tmp_path / "new", FILES)
        assert everything(tmp_path) == []
