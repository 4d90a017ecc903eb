"""What importing models touches."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from alembic_manage.standing import watch as watching
from alembic_manage.standing.watch import touched


def watch(tmp_path: Path, work) -> object:
    with touched(tmp_path, "settings") as found:
        work()
    return found


def test_files_and_folders_are_named(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("", encoding="utf-8")
    found = watch(tmp_path, lambda: (file.read_text(encoding="utf-8"), list(tmp_path.iterdir())))
    assert found.files == {str(file)}
    assert found.folders == {str(tmp_path)}
    assert found.is_knowable


def test_nothing_is_named_afterwards(tmp_path):
    found = watch(tmp_path, lambda: None)
    (tmp_path / "words.txt").write_text("", encoding="utf-8")
    assert not found.files
    assert found.is_knowable


def test_files_are_opened_in_silence_while_python_ends(tmp_path, monkeypatch):
    watch(tmp_path, lambda: None)
    said = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    monkeypatch.setattr(watching, "_watching", None)  # as Python leaves a module's names
    (tmp_path / "words.txt").write_text("", encoding="utf-8")
    assert not said


@pytest.mark.parametrize(
    "work",
    [
        lambda folder: subprocess.run(["true"], check=True),
        lambda folder: os.system("true"),
        lambda folder: socket.socket().bind(("127.0.0.1", 0)),
        lambda folder: sqlite3.connect(":memory:").close(),
        lambda folder: (folder / "written").write_text("", encoding="utf-8"),
        lambda folder: os.close(os.open(folder / "written", os.O_CREAT | os.O_WRONLY)),
        lambda folder: create_engine("sqlite://").connect().close(),
    ],
    ids=["process", "shell", "socket", "sqlite3", "writes", "writes by number", "connects"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_cannot_be_looked_at_again_is_told(tmp_path, work):
    assert not watch(tmp_path, lambda: work(tmp_path)).is_knowable


def test_modules_of_the_project_from_before_are_named(tmp_path, write_module, monkeypatch):
    path = write_module("earlier_module.py", "x = 1\n")
    __import__("earlier_module")
    with touched(Path(path).parent, "settings") as found:
        pass
    assert str(path) in found.before
