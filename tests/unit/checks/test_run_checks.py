"""Running checks: which of them, and in what order."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from alembic_manage import UsageError, checks
from alembic_manage.checks import Level, Problem, known_tags, run_checks
from alembic_manage.errors import CommandError


class Check:
    """A check of the test's own."""

    def __init__(self, tag: str, *problems: Problem, needs_database: bool = False, deploy: bool = False) -> None:
        self.TAG, self.NEEDS_DATABASE, self.DEPLOY = tag, needs_database, deploy
        self.problems = problems

    def check(self, project, databases):
        for problem in self.problems:
            if isinstance(problem, Exception):
                raise problem
            yield problem


WARNING = Problem("one.W001", Level.WARNING, "odd")
ERROR = Problem("two.E001", Level.ERROR, "bad", "mend it")


@pytest.fixture
def only(monkeypatch):
    """Lets these be the only checks."""

    def use(*found: object) -> None:
        monkeypatch.setattr(checks, "known_tags", lambda: sorted(each.TAG for each in found))
        monkeypatch.setattr(checks, "_modules", lambda tags: [each for each in found if each.TAG in tags])

    return use


def test_the_folder_is_the_list():
    files = {found.name for found in pkgutil.iter_modules(checks.__path__)} - {"problem"}
    assert set(known_tags()) == {importlib.import_module(f"alembic_manage.checks.{name}").TAG for name in files}
    assert list(known_tags()) == sorted(known_tags())


def test_two_checks_never_give_the_same_id():
    ids: list[str] = []
    for path in Path(checks.__file__).parent.glob("*.py"):
        if path.stem != "problem":
            ids += set(re.findall(r'"(\w+\.[EW]\d{3})"', path.read_text(encoding="utf-8")))
    assert len(ids) > 10
    assert len(ids) == len(set(ids))


def test_the_most_serious_problem_comes_first(only):
    only(Check("one", WARNING), Check("two", ERROR))
    assert run_checks(None) == [ERROR, WARNING]


def test_a_tag_chooses(only):
    only(Check("one", WARNING), Check("two", ERROR))
    assert run_checks(None, tags="one") == [WARNING]
    assert run_checks(None, tags=["one", "two"]) == [ERROR, WARNING]


def test_an_unknown_tag_is_wrong_usage(only):
    only(Check("one"))
    with pytest.raises(UsageError, match=r"'nope'.*one") as caught:
        run_checks(None, tags=["nope"])
    assert caught.value.hint == "python manage.py check --list-tags"


def test_checks_that_need_a_database_run_for_named_databases_only(only):
    only(Check("one", ERROR, needs_database=True))
    assert run_checks(None) == []
    assert run_checks(None, databases=["default"]) == [ERROR]


def test_checks_for_production_run_on_demand(only):
    only(Check("one", ERROR, deploy=True))
    assert run_checks(None) == []
    assert run_checks(None, deploy=True) == [ERROR]


def test_what_stops_a_check_is_a_problem_and_the_others_go_on(only):
    only(Check("one", WARNING, CommandError("stopped", hint="try")), Check("two", ERROR))
    assert run_checks(None) == [
        Problem("one.E000", Level.ERROR, "stopped", "try"),
        ERROR,
        WARNING,
    ]


def test_a_problem_reads_as_text_and_as_json():
    assert ERROR.as_text() == "ERROR: (two.E001) bad\n    Hint: mend it"
    assert WARNING.as_text() == "WARNING: (one.W001) odd"
    assert ERROR.as_json() == {"id": "two.E001", "level": "ERROR", "message": "bad", "hint": "mend it"}


def test_levels_are_those_of_django():
    assert {level.name: level.value for level in Level} == {
        "DEBUG": 10,
        "INFO": 20,
        "WARNING": 30,
        "ERROR": 40,
        "CRITICAL": 50,
    }
