"""Where fixtures are found, and how their files are opened."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from alembic_manage.apps import App
from alembic_manage.data.fixture import Finder, fixture_of_stdin
from alembic_manage.errors import FixtureError, UsageError

TEXT = '[{"model": "a"}]'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with two apps, which is the current one."""
    for app in ("shop", "blog"):
        (tmp_path / app / "fixtures").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def finder(place: Path, format_: str | None = None, folders: Sequence[Path] = ()) -> Finder:
    apps = [App(name, name, place / name) for name in ("shop", "blog")]
    return Finder(apps, folders, place, "default", format_)


def found(place: Path, name: str, format_: str | None = None) -> list[str]:
    return [fixture.shown for fixture in finder(place, format_).find(name)]


@pytest.mark.parametrize("end", ["", ".json", ".json.gz"])
def test_a_name_with_and_without_its_endings(place: Path, end: str) -> None:
    (place / "shop/fixtures/first.json.gz").write_bytes(gzip.compress(TEXT.encode()))
    assert found(place, f"first{end}") == ["shop/fixtures/first.json.gz"]


def test_every_app_that_has_the_name_counts(place: Path) -> None:
    for app in ("shop", "blog"):
        (place / app / "fixtures/first.yaml").write_text("[]")
    assert found(place, "first") == ["shop/fixtures/first.yaml", "blog/fixtures/first.yaml"]


def test_a_path_and_a_folder_of_the_settings(place: Path) -> None:
    (place / "more").mkdir()
    (place / "more/first.json").write_text(TEXT)
    assert found(place, "more/first.json") == found(place, str(place / "more/first")) == ["more/first.json"]
    assert [each.shown for each in finder(place, folders=[place / "more"]).find("first")] == ["more/first.json"]


def test_a_fixture_for_one_database(place: Path) -> None:
    (place / "first.default.json").write_text(TEXT)
    (place / "first.other.json").write_text(TEXT)
    assert found(place, "first") == found(place, "first.json") == ["first.default.json"]


def test_a_folder_of_csv_files(place: Path) -> None:
    (place / "dump").mkdir()
    for name in ("shop.orders.csv", "tags.csv", "README.md"):
        (place / "dump" / name).write_text("id\n1\n")
    assert [each.model for each in finder(place).find("dump")] == ["shop.orders", "tags"]


def test_two_of_one_name_in_a_folder(place: Path) -> None:
    for end in ("json", "yaml"):
        (place / f"first.{end}").write_text("[]")
    with pytest.raises(FixtureError, match=r"Several fixtures are named 'first' in \.: first\.json and first\.yaml"):
        found(place, "first")
    assert found(place, "first", "yaml") == ["first.yaml"]


def test_none_of_the_name(place: Path) -> None:
    with pytest.raises(FixtureError, match="No fixture named 'first' found") as caught:
        found(place, "first")
    assert caught.value.hint == "ls shop/fixtures blog/fixtures ."


def test_a_name_without_an_ending_and_a_format(place: Path) -> None:
    (place / "first.dump").write_text(TEXT)
    assert [record.model for record in finder(place, "json").find("first.dump")[0].records()] == ["a"]


def test_an_archive_of_one_file(place: Path) -> None:
    with zipfile.ZipFile(place / "first.json.zip", "w") as archive:
        archive.writestr("first.json", TEXT)
    assert [record.model for record in finder(place).find("first")[0].records()] == ["a"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("first.json", b"\xff["),
        ("first.json.gz", gzip.compress(TEXT.encode(), mtime=0)[:20]),
        ("first.json.gz", b"plain"),
        ("first.json.xz", b"plain"),
        ("first.json.bz2", b"plain"),
        ("first.json.zip", b"plain"),
    ],
)
def test_a_file_that_cannot_be_read(place: Path, name: str, content: bytes) -> None:
    (place / name).write_bytes(content)
    with pytest.raises(FixtureError, match=f"{name} cannot be read: "):
        list(finder(place).find(name)[0].records())


def test_standard_input_can_be_read_twice() -> None:
    with fixture_of_stdin(io.BytesIO(TEXT.encode()), "json") as fixture:
        assert [str(record.place) for _ in range(2) for record in fixture.records()] == ["stdin:1", "stdin:1"]


def test_the_format_of_standard_input_must_be_said() -> None:
    with pytest.raises(UsageError), fixture_of_stdin(io.BytesIO(), None):
        pass


def test_a_byte_order_mark_is_no_part_of_the_text(place: Path) -> None:
    (place / "first.json").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert [record.model for record in finder(place).find("first")[0].records()] == ["a"]
