"""Findings that a project lives with."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_manage.errors import CommandError
from alembic_manage.lint.baseline import read_baseline, without_known, write_baseline
from alembic_manage.lint.finding import Finding, Severity

FINDING = Finding("a-rule", Severity.ERROR, "m", "0001", None, 3, "orders.note")
HISTORY = Finding("several-heads", Severity.ERROR, "m", "", None, None)


def test_what_is_written_is_known_whatever_line_it_moves_to(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    assert write_baseline(path, [FINDING, HISTORY, FINDING]) == 2
    moved = Finding("a-rule", Severity.NOTICE, "another text", "0001", None, 9, "orders.note")
    assert without_known([moved, HISTORY], read_baseline(path)) == []


def test_another_object_is_new(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    write_baseline(path, [FINDING])
    other = Finding("a-rule", Severity.ERROR, "m", "0001", None, 3, "orders.total")
    assert without_known([other], read_baseline(path)) == [other]


def test_comments_and_blanks_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    path.write_text("# a comment\n\n0001   a-rule  orders.note \n")
    assert read_baseline(path) == {"0001 a-rule orders.note"}


def test_no_file_knows_nothing(tmp_path: Path) -> None:
    assert read_baseline(tmp_path / "none.txt") == frozenset()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="cannot be read"):
        read_baseline(path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        write_baseline(tmp_path / "none" / "baseline.txt", [FINDING])
