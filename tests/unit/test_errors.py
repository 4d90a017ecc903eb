"""Errors: their tree and their exit codes."""

import inspect
import re

import pytest

from alembic_manage import CommandError, errors
from alembic_manage.errors import ExitCode

CLASSES = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, CommandError)]


def test_the_tree_in_the_docstring_names_every_error_with_its_exit_code():
    drawn = re.findall(r"(\w+Error)(?:\s+(\d|\*))?", errors.__doc__.partition("All of them")[0])
    assert {name for name, _ in drawn} == {found.__name__ for found in CLASSES}
    for name, code in drawn:
        if code.isdigit():
            assert getattr(errors, name)("x").returncode == int(code)


def test_every_error_is_a_command_error_of_the_package():
    import alembic_manage

    assert {found.__name__ for found in CLASSES} <= set(alembic_manage.__all__)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DONE", 0),
        ("FAILED", 1),
        ("USAGE", 2),
        ("UNANSWERED", 3),
        ("REFUSED", 4),
        ("LOCKED", 5),
        ("DRIFT", 6),
        ("STOPPED_PARTWAY", 7),
        ("INTERRUPTED", 130),
    ],
)
def test_exit_codes_are_fixed(name, code):
    assert ExitCode[name] == code


def test_the_exit_code_of_one_error_can_be_chosen():
    assert CommandError("x", returncode=9).returncode == 9
    assert CommandError("x").returncode == 1
    assert CommandError("x", returncode=0).returncode == 0


def test_a_hint_is_optional():
    assert CommandError("x").hint is None
    assert str(CommandError("x", hint="y")) == "x"
