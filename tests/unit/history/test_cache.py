"""What is kept of revision files never makes a difference but in time: laws over edits of every kind."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alembic_manage.cache_folder import FOLDER
from alembic_manage.history import GraphCache, History, read_history
from alembic_manage.history import cache as cache_module
from alembic_manage.history import reader as reader_module

NAMES = ("a", "b", "c", "d", "e")
names = st.sampled_from(NAMES)


def source(id: str, down: str | None, about: str = "one") -> str:
    return f'"""{about}"""\nrevision = "{id}"\ndown_revision = {down!r}\n\n\ndef upgrade():\n    pass\n'


def said(history: History) -> object:
    """All that a history says."""
    revisions = [
        (each.id, str(each.path), each.down_revisions, each.depends_on, each.branch_labels, each.message)
        for each in history.by_id.values()
    ]
    order = [] if history.problems else [revision.id for revision in history]
    return revisions, order, [head.id for head in history.heads], history.problems


@pytest.fixture
def young_counts(monkeypatch):
    """Files that were written just now count as old, so that what is kept of them is believed."""
    monkeypatch.setattr(cache_module, "_OLD_ENOUGH_NS", -60_000_000_000)


class Edits(RuleBasedStateMachine):
    """A folder of revisions, edited at will, and read with the cache and without.

    Files that were written just now count as old, so that what is kept of them is believed. As they could change again
    within the same tick of the clock then, each edit waits for the next one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp()).resolve()
        self.versions = self.root / "versions"
        self.versions.mkdir()
        self.kept: dict[str, str] = {}
        self.real = cache_module._OLD_ENOUGH_NS
        cache_module._OLD_ENOUGH_NS = -60_000_000_000

    def teardown(self) -> None:
        cache_module._OLD_ENOUGH_NS = self.real
        shutil.rmtree(self.root)

    def path(self, name: str) -> Path:
        return self.versions / f"{name}.py"

    def write(self, path: Path, text: str) -> None:
        self.tick()
        if path.is_symlink() and not path.exists():
            path.unlink()  # a link to nothing, or in a circle
        path.write_text(text, encoding="utf-8")

    def tick(self) -> None:
        """Wait until the file system's clock has moved on."""
        probe = self.root / "probe"
        probe.write_text("")
        before = probe.stat().st_ctime_ns
        while probe.stat().st_ctime_ns == before:
            probe.write_text("")

    @initialize()
    def begin(self) -> None:
        self.write(self.path("a"), source("a", None))
        self.write(self.path("b"), source("b", "a"))

    @rule(name=names, id=names, down=st.none() | names, about=st.sampled_from(("one", "two")))
    def edit(self, name, id, down, about):
        self.write(self.path(name), source(id, down, about))

    @rule(name=names, id=names)
    def edit_with_the_times_and_the_size_restored(self, name, id):
        path = self.path(name)
        if path.exists():
            before = path.stat()
            text = path.read_text(encoding="utf-8")
            self.write(path, text.replace('revision = "', f'revision = "{id}', 1)[: len(text)])
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(name=names)
    def touch(self, name):
        if self.path(name).exists():
            os.utime(self.path(name))

    @rule(name=names)
    def delete(self, name):
        self.path(name).unlink(missing_ok=True)

    @rule(name=names, other=names)
    def rename(self, name, other):
        if self.path(name).exists():
            self.tick()
            self.path(name).replace(self.path(other))

    @rule(name=names, other=names)
    def swap(self, name, other):
        first, second = self.path(name), self.path(other)
        if first.exists() and second.exists() and name != other:
            self.tick()
            first.rename(self.root / "aside")
            second.rename(first)
            (self.root / "aside").rename(second)

    @rule(name=names)
    def break_the_syntax(self, name):
        self.write(self.path(name), "def upgrade(:\n")

    @rule(name=names)
    def compute_the_id(self, name):
        self.write(self.path(name), f'revision = "".join(["{name}"])\ndown_revision = None\n')

    @rule(name=names, other=names)
    def link(self, name, other):
        if self.path(other).exists() and name != other:
            self.tick()
            self.path(name).unlink(missing_ok=True)
            self.path(name).symlink_to(self.path(other))

    @rule()
    def keep_the_branch(self):
        self.kept = {
            path.name: path.read_text(encoding="utf-8") for path in self.versions.glob("*.py") if path.is_file()
        }

    @rule()
    def check_the_branch_out(self):
        self.tick()
        for path in self.versions.glob("*.py"):
            path.unlink()
        for name, text in self.kept.items():
            (self.versions / name).write_text(text, encoding="utf-8")

    @rule(at=st.integers(0, 2000), byte=st.integers(0, 255))
    def damage_the_cache(self, at, byte):
        for path in self.cache_files():
            data = bytearray(path.read_bytes())
            data[at % len(data)] = byte
            path.write_bytes(data)

    @rule(length=st.integers(0, 200))
    def cut_the_cache(self, length):
        for path in self.cache_files():
            path.write_bytes(path.read_bytes()[:length])

    @rule()
    def delete_the_cache(self):
        shutil.rmtree(self.root / FOLDER, ignore_errors=True)

    @rule()
    def put_a_folder_in_the_place_of_the_cache(self):
        for path in self.cache_files():
            path.unlink()
            path.mkdir()

    @rule(tag=st.sampled_from(("cpython-311", "cpython-312")))
    def switch_python(self, tag):
        sys.implementation.cache_tag, self.tag = tag, sys.implementation.cache_tag
        try:
            self.the_cache_makes_no_difference()
        finally:
            sys.implementation.cache_tag = self.tag

    def cache_files(self) -> list[Path]:
        return [path for path in (self.root / FOLDER).glob("*.graph") if path.is_file()]

    @invariant()
    def the_cache_makes_no_difference(self):
        folders = [self.versions]
        for _ in range(2):
            cache = GraphCache(self.root, folders, recursive=False)
            assert said(read_history(folders, cache=cache)) == said(read_history(folders))


Edits.TestCase.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
TestEdits = Edits.TestCase


@pytest.fixture
def folder(tmp_path):
    versions = tmp_path / "versions"
    versions.mkdir()
    for number in range(1, 4):
        text = source(f"r{number}", f"r{number - 1}" if number > 1 else None)
        (versions / f"r{number}.py").write_text(text, encoding="utf-8")
    return versions


@pytest.fixture
def parsed(monkeypatch):
    """The files that were parsed."""
    found = []
    real = reader_module.plain_revision
    monkeypatch.setattr(
        reader_module, "plain_revision", lambda content, path: found.append(path.name) or real(content, path)
    )
    return found


def read(folder: Path) -> History:
    return read_history([folder], cache=GraphCache(folder.parent, [folder], recursive=False))


def test_a_file_is_parsed_once(folder, parsed, young_counts):
    read(folder)
    assert parsed == ["r1.py", "r2.py", "r3.py"]
    read(folder)
    assert len(parsed) == 3


def test_only_what_changed_is_parsed_again(folder, parsed, young_counts):
    read(folder)
    (folder / "r2.py").write_text(source("r2", "r1", "another"), encoding="utf-8")
    assert read(folder).by_id["r2"].message == "another"
    assert parsed[3:] == ["r2.py"]


def test_a_file_that_was_touched_is_known_by_its_content(folder, parsed, young_counts):
    read(folder)
    os.utime(folder / "r2.py")
    (folder / "r3.py").rename(folder / "renamed.py")
    read(folder)
    assert len(parsed) == 3


def test_a_young_file_is_read_again_for_it_may_change_within_the_same_tick(folder, monkeypatch):
    read(folder)
    contents = []
    real = reader_module.file_content
    monkeypatch.setattr(reader_module, "file_content", lambda path: contents.append(path.name) or real(path))
    read(folder)
    assert contents == ["r1.py", "r2.py", "r3.py"]


def test_nothing_is_read_where_nothing_changed(folder, young_counts, monkeypatch):
    read(folder)
    monkeypatch.setattr(reader_module, "file_content", None)
    assert [head.id for head in read(folder).heads] == ["r3"]


def test_a_computed_id_is_asked_each_time(folder, young_counts, monkeypatch):
    (folder / "r4.py").write_text('import os\nrevision = os.environ["ID"]\ndown_revision = "r3"\n', encoding="utf-8")
    monkeypatch.setenv("ID", "first")
    assert [head.id for head in read(folder).heads] == ["first"]
    monkeypatch.setenv("ID", "second")
    assert [head.id for head in read(folder).heads] == ["second"]


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_no_hindrance(folder, monkeypatch, code):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert said(read(folder)) == said(read_history([folder]))
    assert not list((folder.parent / FOLDER).glob("*.graph"))


def test_a_file_in_the_place_of_the_folder_is_no_hindrance(folder, young_counts):
    (folder.parent / FOLDER).write_text("", encoding="utf-8")
    assert said(read(folder)) == said(read_history([folder]))


def test_two_processes_at_once_agree(folder):
    code = (
        "import sys; from pathlib import Path; from alembic_manage.history import GraphCache, read_history\n"
        "folder = Path(sys.argv[1])\n"
        "for _ in range(30):\n"
        "    history = read_history([folder], cache=GraphCache(folder.parent, [folder], recursive=False))\n"
        "    assert [head.id for head in history.heads] == ['r3'], history.problems\n"
    )
    root = Path(__file__).resolve().parents[3]
    running = [subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=root) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
