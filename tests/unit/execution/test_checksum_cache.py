"""What is kept of checksums never stands in for a file that says something else."""

import os
import time
from pathlib import Path

import pytest

from alembic_manage.execution import checksum_cache
from alembic_manage.execution.checksum import checksum_of
from alembic_manage.execution.checksum_cache import ChecksumCache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "0001_a.py"
    path.write_text("x = 1\n")
    return path


@pytest.fixture
def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() + 3_600_000_000_000)
    monkeypatch.setattr(checksum_cache.CacheFile, "clock_ns", lambda _: time.time_ns())


def of(path: Path) -> str | None:
    return ChecksumCache(path.parent).of([path])[str(path)]


def test_it_is_the_checksum_of_the_file(path: Path) -> None:
    assert of(path) == of(path) == checksum_of(path)


@pytest.mark.usefixtures("an_hour_later")
def test_a_file_that_is_as_it_was_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(path)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read"))
    assert of(path) == before


@pytest.mark.usefixtures("an_hour_later")
def test_a_change_of_the_same_length_with_the_old_times_is_seen(path: Path) -> None:
    before, found = of(path), path.stat()
    path.write_text("x = 2\n")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert of(path) == checksum_of(path) != before


def test_a_file_that_was_young_when_it_was_read_is_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, found = of(path), checksum_cache._mark(str(path))
    path.write_text("x = 2\n")
    monkeypatch.setattr(checksum_cache, "_mark", lambda _: found)
    assert of(path) != before


def test_a_known_content_is_not_parsed_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(path)
    path.rename(path.with_name("0002_b.py"))
    monkeypatch.setattr(checksum_cache, "checksum_of_source", lambda _: pytest.fail("parsed"))
    assert of(path.with_name("0002_b.py")) == before


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_what_is_damaged_counts_for_nothing(path: Path, content: bytes) -> None:
    before = of(path)
    for kept in path.parent.glob(".alembic_manage_cache/*.checksums"):
        kept.write_bytes(content)
    assert of(path) == before


def test_the_ends_of_lines_do_not_count(path: Path) -> None:
    path.write_bytes(b'x = """a\r\nb"""\r\n')
    assert of(path) == checksum_of(path)


def test_what_is_no_python_has_none(path: Path) -> None:
    path.write_text("x = (")
    assert of(path) is None
    path.unlink()
    assert of(path) is None
