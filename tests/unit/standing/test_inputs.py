"""What an answer followed from."""

import os
from pathlib import Path

import pytest

from alembic_manage.standing.inputs import are_older, environment_digest, mark_of, names_in, values_digest


def test_a_mark_differs_after_an_edit_with_size_and_times_restored(tmp_path):
    file = tmp_path / "models.py"
    file.write_text("one", encoding="utf-8")
    before, state = mark_of(str(file)), file.stat()
    while mark_of(str(file)) == before:
        file.write_text("two", encoding="utf-8")
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert file.stat().st_mtime_ns == state.st_mtime_ns
    assert mark_of(str(tmp_path / "missing")) is None


def test_a_file_that_changed_during_the_run_is_not_older(tmp_path):
    changed_ns = 100_000_000_000
    assert are_older({"a": (changed_ns, 1, 1), "b": None}, changed_ns + 3_000_000_000)
    assert not are_older({"a": (changed_ns, 1, 1)}, changed_ns + 1_000_000_000)
    assert not are_older({"a": (changed_ns, 1, 1)}, changed_ns - 5_000_000_000)


def test_a_new_module_changes_the_names_and_what_passes_does_not(tmp_path):
    before = names_in(str(tmp_path))
    (tmp_path / "db.sqlite3-journal").touch()
    (tmp_path / "__pycache__").mkdir()
    assert names_in(str(tmp_path)) == before
    (tmp_path / "module.py").touch()
    assert names_in(str(tmp_path)) != before


def test_a_variable_counts_and_one_of_the_terminal_does_not(monkeypatch):
    before = environment_digest()
    monkeypatch.setenv("SHLVL", "17")
    assert environment_digest() == before
    monkeypatch.setenv("FEATURE", "on")
    assert environment_digest() != before


VALUES = {"A": 1, "B": ["x", {"y": None}], "C": Path("/srv"), "D": {1, 2}, "E": (True, 2.5, b"z")}


@pytest.mark.parametrize(
    "other",
    [{"A": 2}, {"A": "1"}, {"A": True}, {"B": ["x", {"y": 0}]}, {"C": "/srv"}, {"D": {1}}, {"E": [True, 2.5, b"z"]}],
)
def test_every_value_counts(other):
    assert values_digest(VALUES) == values_digest(dict(VALUES))
    assert values_digest(VALUES | other) != values_digest(VALUES)


@pytest.mark.parametrize("value", [object(), [object()], {"k": object()}, {frozenset({print})}, print])
def test_what_is_no_plain_value_cannot_be_known(value):
    assert values_digest({"A": value}) is None
