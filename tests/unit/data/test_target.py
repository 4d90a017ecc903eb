"""What dumpdata writes is there wholly or not at all."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.tiny_projects import TinyProject

from alembic_manage.data.layout import Layout, Layouts
from alembic_manage.data.record import Record
from alembic_manage.data.tables import ProjectTables
from alembic_manage.data.target import file_target, folder_target
from alembic_manage.errors import FixtureError, RefusedError

RECORD = Record("tags", {"name": "ä"}, {"id": 1})
EXPECTED = '{"model": "tags", "pk": 1, "fields": {"name": "ä"}}\n'


@pytest.fixture
def layout(make_tiny_project: Callable[[str], TinyProject]) -> Layout:
    """Of a table with a key and a name."""
    metadata = sa.MetaData()
    table = sa.Table("tags", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    project = make_tiny_project("sqlite://").project
    vars(project)["metadata"] = [metadata]
    return Layouts(ProjectTables(project), project.database()).of(table)


@pytest.mark.parametrize(
    ("end", "opened"), [("", open), (".gz", gzip.open), (".bz2", bz2.open), (".xz", lzma.open), (".lzma", lzma.open)]
)
def test_a_file_by_the_end_of_its_name(tmp_path: Path, layout: Layout, end: str, opened: Any) -> None:
    path = tmp_path / f"out.jsonl{end}"
    with file_target(path, "jsonl", None) as writer_for:
        writer_for(layout).write(RECORD)
    with opened(path, "rt", encoding="utf-8") as stream:
        assert stream.read() == EXPECTED
    assert [each.name for each in tmp_path.glob("out*")] == [path.name]


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path, layout: Layout, name: str) -> None:
    path = tmp_path / name
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), file_target(path, "jsonl", None) as writer_for:
        writer_for(layout).write(RECORD)
        raise KeyboardInterrupt
    assert path.read_text() == "before"
    assert len(list(tmp_path.glob("*out*"))) == 1


def test_a_folder_takes_the_place_of_the_one_before(tmp_path: Path, layout: Layout) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "tags.csv").write_text("id\n")
    with folder_target(folder, "csv", ["tags"]) as writer_for:
        writer_for(layout).write(RECORD)
    assert {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()} == {"tags.csv": "id,name\n1,ä\n"}
    assert [each.name for each in tmp_path.glob("*dump*")] == ["dump"]


def test_a_link_to_a_folder_stays_one(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "link").symlink_to("dump")
    with folder_target(tmp_path / "link", "csv", ["tags"]) as writer_for:
        writer_for(layout).write(RECORD)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "dump" / "tags.csv").exists()


def test_the_current_folder_is_not_replaced_and_nothing_is_left_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FixtureError, match=r"\. cannot be written"), folder_target(Path(), "csv", ["tags"]):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_folder_as_it_was(tmp_path: Path, layout: Layout) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "tags.csv").write_text("id\n")
    with pytest.raises(KeyboardInterrupt), folder_target(folder, "csv", ["tags"]) as writer_for:
        writer_for(layout).write(RECORD)
        raise KeyboardInterrupt
    assert (folder / "tags.csv").read_text() == "id\n"
    assert [each.name for each in tmp_path.glob("*dump*")] == ["dump"]


@pytest.mark.parametrize("name", ["models.py", "other_table.csv"])
def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(RefusedError, match=f"holds {re.escape(name)}"), folder_target(tmp_path, "csv", ["tags"]):
        pass
    assert (tmp_path / name).exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="cannot be written: No such file") as caught:  # noqa: SIM117
        with file_target(tmp_path / "no" / "out.json", "json", None):
            pass
    assert caught.value.hint == f"mkdir -p {tmp_path / 'no'}"
