"""What is known without a comparison, whatever happens to the files and to the folder in which it is kept."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.tiny_projects import TinyProject

from alembic_manage.cache_folder import FOLDER
from alembic_manage.unchanged.check import is_unchanged, remember_unchanged
from alembic_manage.unchanged.models import fingerprints_of
from alembic_manage.unchanged.surroundings import surroundings_of

pytestmark = pytest.mark.usefixtures("no_strangers")


def models(*names: str) -> sa.MetaData:
    metadata = sa.MetaData()
    for name in names:
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


class Kept:
    """A project of which a comparison that found nothing is kept."""

    def __init__(self, tiny: TinyProject) -> None:
        self.tiny = tiny
        self.project = tiny.project
        self.cache = tiny.root / FOLDER
        self.use("a", "b")
        tiny.revision("one")
        tiny.revision("two", down="one")
        self.keep()

    def use(self, *names: str) -> None:
        self.project.__dict__["metadata"] = [models(*names)]

    def keep(self, files: Sequence[Path] = ()) -> None:
        from alembic_manage.unchanged.digest import digest_of_file

        fingerprints = fingerprints_of(self.project.metadata, self.project.database().url.get_dialect()())
        read = {str(path.relative_to(self.tiny.root)): digest_of_file(path) for path in files}
        versions, around = [self.tiny.versions], surroundings_of(self.project, "default")
        remember_unchanged(
            self.project, around, folders=versions, recursive=False, files=read, fingerprints=fingerprints
        )

    @property
    def is_unchanged(self) -> bool:
        return is_unchanged(self.project, "default")


@pytest.fixture
def kept(make_tiny_project, sqlite_url):
    return Kept(make_tiny_project(sqlite_url))


def test_the_same_is_known(kept):
    kept.use("a", "b")
    assert kept.is_unchanged


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c"), ("a", "c"), ()])
def test_other_models_are_not_known(kept, names):
    kept.use(*names)
    assert not kept.is_unchanged


def edit(kept: Kept) -> None:
    (kept.tiny.versions / "one.py").write_text("# something else\n", encoding="utf-8")


def edit_behind_the_clock(kept: Kept) -> None:
    """Another content of the same size and age."""
    path = kept.tiny.versions / "two.py"
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("pass", "PASS"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def rename(kept: Kept) -> None:
    (kept.tiny.versions / "one.py").rename(kept.tiny.versions / "another.py")


def delete(kept: Kept) -> None:
    (kept.tiny.versions / "two.py").unlink()


def add(kept: Kept) -> None:
    kept.tiny.revision("three", down="two")


def reorder(kept: Kept) -> None:
    kept.tiny.revision("two")
    kept.tiny.revision("one", down="two")


def change_env(kept: Kept) -> None:
    kept.tiny.change_env("compare_server_default,", "compare_server_default ,")


def write_baseline(kept: Kept) -> None:
    (kept.tiny.folder / "baseline.py").write_text("def upgrade(): ...\n", encoding="utf-8")


def write_known_differences(kept: Kept) -> None:
    (kept.tiny.folder / "known_differences.txt").write_text("op.drop_table('b')\n", encoding="utf-8")


def write_ini(kept: Kept) -> None:
    (kept.tiny.root / "alembic.ini").write_text("[alembic]\n", encoding="utf-8")


def damage(kept: Kept) -> None:
    for path in kept.cache.glob("*.unchanged"):
        path.write_bytes(path.read_bytes()[:-3] + b"abc")


def cut(kept: Kept) -> None:
    for path in kept.cache.glob("*.unchanged"):
        path.write_bytes(path.read_bytes()[:20])


def forget(kept: Kept) -> None:
    shutil.rmtree(kept.cache)


def put_folders_there(kept: Kept) -> None:
    for path in list(kept.cache.glob("*.unchanged")):
        path.unlink()
        path.mkdir()


STEPS: list[Callable[[Kept], None]] = [
    edit,
    edit_behind_the_clock,
    rename,
    delete,
    add,
    reorder,
    change_env,
    write_baseline,
    write_known_differences,
    write_ini,
    damage,
    cut,
    forget,
    put_folders_there,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_after_any_of_these_it_is_not_known(kept, step):
    assert kept.is_unchanged
    step(kept)
    assert not kept.is_unchanged


def test_a_touched_file_is_the_same(kept):
    os.utime(kept.tiny.versions / "one.py")
    assert kept.is_unchanged


def test_another_branch_and_back_again(kept):
    text = (kept.tiny.versions / "two.py").read_text(encoding="utf-8")
    edit_behind_the_clock(kept)
    kept.keep()
    assert kept.is_unchanged
    (kept.tiny.versions / "two.py").write_text(text, encoding="utf-8")
    assert kept.is_unchanged


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
def test_whatever_happens_only_what_was_kept_is_known(tmp_path_factory, sqlite_url, steps):
    kept = Kept(TinyProject(tmp_path_factory.mktemp("kept"), sqlite_url))
    for step in steps:
        if step in (rename, delete, edit, edit_behind_the_clock) and len(list(kept.tiny.versions.iterdir())) < 2:
            continue
        if step in (damage, cut, forget, put_folders_there) and not kept.cache.is_dir():
            continue
        try:
            step(kept)
        except (FileNotFoundError, AssertionError, FileExistsError, IsADirectoryError):
            continue  # an earlier step has left nothing to do
        assert not kept.is_unchanged
    kept.use("a", "b")
    assert not kept.is_unchanged


@pytest.mark.parametrize(
    "other", [{"installed_apps": ("x",)}, {"metadata": ("m:n",)}, {"migration_types": "implementation"}]
)
def test_other_settings_are_not_known(kept, other):
    from dataclasses import replace

    kept.project.settings = replace(kept.project.settings, **other)
    assert not kept.is_unchanged


def test_another_version_of_python_or_of_a_package_is_not_known(kept, tmp_path, monkeypatch):
    with monkeypatch.context() as other_python:
        other_python.setattr("sys.version", "4.0")
        assert not kept.is_unchanged
    assert kept.is_unchanged
    installed = tmp_path / "site"
    (installed / "sqlalchemy-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(installed))
    assert not kept.is_unchanged


def test_a_file_that_a_revision_reads_counts(kept):
    path = kept.tiny.root / "tables.sql"
    path.write_text("CREATE TABLE a (id INTEGER)", encoding="utf-8")
    forget(kept)
    kept.keep([path])
    assert kept.is_unchanged
    path.write_text("CREATE TABLE b (id INTEGER)", encoding="utf-8")
    assert not kept.is_unchanged


def test_where_nothing_can_be_kept_nothing_is_known_and_nothing_fails(make_tiny_project, sqlite_url):
    tiny = make_tiny_project(sqlite_url)
    (tiny.root / FOLDER).write_text("a file where the folder would be", encoding="utf-8")
    assert not Kept(tiny).is_unchanged
