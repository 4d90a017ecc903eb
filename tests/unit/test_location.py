"""Where in the user's code an exception came from."""

import importlib
from pathlib import Path

import pytest

from alembic_manage.location import display_path, is_ours, location_of, one_line, passes_through


def caught(call, *args) -> Exception:
    try:
        call(*args)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_the_line_that_raised_is_named_relative_to_the_project(write_module, module_folder):
    write_module("broken.py", "x = 1\n1 / 0\n")
    assert location_of(caught(importlib.import_module, "broken"), module_folder) == "broken.py:2"


def test_of_several_lines_the_innermost_of_the_project_counts(write_module, module_folder):
    write_module("outer.py", "import inner")
    write_module("inner.py", "\nimport json\njson.loads('{')")
    assert location_of(caught(importlib.import_module, "outer"), module_folder) == "inner.py:3"


def test_a_line_of_the_project_wins_over_one_elsewhere(write_module, module_folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "library.py").write_text("def fail():\n    raise ValueError\n", encoding="utf-8")
    write_module("user.py", f"import sys\nsys.path.append({str(elsewhere)!r})\nimport library\nlibrary.fail()\n")
    error = caught(importlib.import_module, "user")
    assert location_of(error, module_folder) == "user.py:4"
    assert location_of(error) == f"{elsewhere / 'library.py'}:2"


def test_a_syntax_error_counts_with_the_place_that_it_names(write_module, module_folder):
    write_module("broken.py", "x = 1\ndef (\n")
    assert location_of(caught(importlib.import_module, "broken"), module_folder) == "broken.py:2"


def test_an_error_outside_of_the_users_code_has_no_place():
    assert location_of(ValueError("never raised")) == ""


def test_a_path_is_shown_relative_to_the_project_else_to_the_current_folder(tmp_path, monkeypatch):
    assert display_path(tmp_path / "a" / "b.py", tmp_path) == "a/b.py"
    monkeypatch.chdir(tmp_path)
    assert display_path(tmp_path / "b.py", Path("/nowhere")) == "b.py"
    assert display_path(Path("/nowhere/b.py"), tmp_path) == "/nowhere/b.py"
    assert display_path(tmp_path) == display_path(tmp_path, tmp_path) == "."


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("a\nb"), "ValueError: a"),
        (ValueError(), "ValueError"),
        (ValueError("  \n"), "ValueError"),
        (SyntaxError("bad", ("f.py", 1, 1, "x")), "SyntaxError: bad"),
    ],
)
def test_an_error_is_told_in_one_line(error, line):
    assert one_line(error) == line


def test_an_error_raised_by_the_suite_is_ours_and_one_by_the_user_is_not(write_module, module_folder):
    write_module("broken.py", "1 / 0")
    assert not is_ours(caught(importlib.import_module, "broken"))
    assert is_ours(caught(location_of, 7))


def test_an_error_passes_through_the_packages_on_its_way():
    error = caught(importlib.import_module, "no_such_module")
    assert passes_through(error, "importlib")
    assert not passes_through(error, "sqlalchemy")
