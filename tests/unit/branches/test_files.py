"""Several files are replaced, or none."""

import os
from pathlib import Path

import pytest

from alembic_manage.branches.files import Replacement, replace_files


@pytest.fixture
def folder(tmp_path):
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(name)
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def replacement(folder: Path, old: str, new: str) -> Replacement:
    return Replacement(folder / old, folder / new, f"new {new}".encode())


def test_files_get_new_names_and_contents(folder):
    replace_files([replacement(folder, "a.py", "x.py"), replacement(folder, "b.py", "b.py")])
    assert contents(folder) == {"x.py": "new x.py", "b.py": "new b.py", "c.py": "c.py"}


def test_a_file_may_take_the_name_of_one_that_moves_too(folder):
    replace_files([replacement(folder, "a.py", "b.py"), replacement(folder, "b.py", "c2.py")])
    assert contents(folder) == {"b.py": "new b.py", "c2.py": "new c2.py", "c.py": "c.py"}


def test_a_name_that_is_taken_stops_all(folder):
    before = contents(folder)
    with pytest.raises(FileExistsError):
        replace_files([replacement(folder, "a.py", "x.py"), replacement(folder, "b.py", "c.py")])
    assert contents(folder) == before


@pytest.mark.parametrize("failing", range(1, 6))
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_whichever_step_fails_all_files_are_there_again(folder, monkeypatch, failing, error):
    before, calls, real = contents(folder), [], Path.replace

    def failing_replace(self, target):
        calls.append(self)
        if len(calls) == failing:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing_replace)
    moves = [replacement(folder, "a.py", "b.py"), replacement(folder, "b.py", "x.py")]
    if failing == 5:
        replace_files(moves)
        assert len(calls) == 4
        return
    with pytest.raises(type(error)):
        replace_files(moves)
    assert contents(folder) == before


def test_a_file_that_cannot_be_written_leaves_nothing_behind(folder, monkeypatch):
    before = contents(folder)
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        replace_files([replacement(folder, "a.py", "x.py")])
    assert contents(folder) == before


def test_the_mode_of_a_file_stays(folder):
    (folder / "a.py").chmod(0o640)
    replace_files([replacement(folder, "a.py", "x.py")])
    assert (folder / "x.py").stat().st_mode & 0o777 == 0o640
