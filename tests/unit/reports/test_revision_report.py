"""What makemigrations says, and who answers."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alembic_manage import Project
from alembic_manage.console import OutputWrapper, Style
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import RefusedError, UnansweredQuestionError
from alembic_manage.questions import FixedQuestioner, Given, Question, RenameQuestion
from alembic_manage.questions.interactive import InteractiveQuestioner
from alembic_manage.reports.revision_report import RevisionReport, unanswered
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.settings.settings import Settings
from alembic_manage.writing.draft import Draft, NewRevision

RENAME = RenameQuestion("orders.placed", "column", (("orders.placed_at", ""),))
DATABASE: Any = SimpleNamespace(dialect=dialect_named("postgresql"))
INDEX = RenameQuestion("orders.ix_a", "index", (("orders.ix_b", ""),))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Said:
    """A report, and what it wrote."""

    def __init__(self, root: Path, out: io.StringIO | None = None, **options: Any) -> None:
        settings = Settings(
            "settings", root, {"default": DatabaseSettings("sqlite://")}, (), root / "alembic_database", True, (), {}
        )
        self.streams = out or io.StringIO(), io.StringIO()
        defaults = {"verbosity": 1, "dry_run": False, "check_changes": False, "json": False, "scriptable": False}
        first, second = map(OutputWrapper, self.streams)
        chosen = {**defaults, "interactive": True, **options}
        self.report = RevisionReport(Project(settings), first, second, Style(False), chosen)

    @property
    def out(self) -> str:
        return self.streams[0].getvalue()

    @property
    def err(self) -> str:
        return self.streams[1].getvalue()


def asked(*questions: Question) -> FixedQuestioner:
    questioner = FixedQuestioner()
    for question in questions:
        questioner.ask(question)
    return questioner


def test_no_question_is_no_error() -> None:
    assert unanswered(asked(INDEX)) is None


def test_open_questions_are_counted() -> None:
    other = RenameQuestion("orders.sent", "column", (("orders.sent_at", ""),))
    assert str(unanswered(asked(RENAME))).startswith("1 question is open, ")
    assert str(unanswered(asked(RENAME, other))).startswith("2 questions are open, ")


def test_open_question_stops_a_run_that_writes(tmp_path: Path) -> None:
    said, questioner = Said(tmp_path), asked(RENAME)
    error = unanswered(questioner)
    assert error is not None
    with pytest.raises(UnansweredQuestionError):
        said.report.obstacle(error, questioner)
    assert said.err.splitlines()[1] == "  --rename orders.placed:orders.placed_at   yes, renamed"


@pytest.mark.parametrize("option", ["dry_run", "check_changes"])
def test_open_question_is_listed_by_a_run_that_does_not_write(tmp_path: Path, option: str) -> None:
    said, questioner = Said(tmp_path, **{option: True}), asked(RENAME)
    error = unanswered(questioner)
    assert error is not None
    said.report.obstacle(error, questioner)
    assert said.err.startswith("Open questions; the changes are what one of the answers gives:\nWas the column")


def test_refusal_is_said_by_a_run_that_does_not_write(tmp_path: Path) -> None:
    said = Said(tmp_path, dry_run=True)
    said.report.obstacle(RefusedError("Too much.", hint="stop"), asked())
    assert said.err == "This would be refused. Too much.\nHint: stop\n"


def test_questions_are_in_the_document_and_not_beside_it(tmp_path: Path) -> None:
    said, questioner = Said(tmp_path, json=True), asked(RENAME)
    with pytest.raises(RefusedError):
        said.report.obstacle(RefusedError("Too much."), questioner)
    said.report.as_json("default", None, (), questioner, written=False)
    assert said.err == ""
    assert [question["path"] for question in json.loads(said.out)["questions"]] == ["orders.placed"]


def test_taken_answers_go_to_standard_error(tmp_path: Path) -> None:
    said = Said(tmp_path)
    said.report.taken(asked(INDEX, RENAME))
    assert (said.out, said.err.count("\n")) == ("", 1)
    silent = Said(tmp_path, verbosity=0)
    silent.report.taken(asked(INDEX))
    assert silent.err == ""


def test_file_is_shown_with_its_changes_and_its_text_where_that_is_asked_for(tmp_path: Path) -> None:
    new = NewRevision("0001_a", tmp_path / "versions" / "0001_a.py", "TEXT\n")
    draft = Draft('op.drop_table("a")', "pass")
    said = Said(tmp_path, dry_run=True, verbosity=3)
    said.report.revisions([(new, draft)])
    assert said.out.splitlines()[1:] == [
        "  versions/0001_a.py",
        "    - Drop table a",
        "Full migrations file '0001_a.py':",
        "TEXT",
    ]


def test_only_the_path_goes_to_standard_output_for_a_script(tmp_path: Path) -> None:
    said = Said(tmp_path, scriptable=True)
    said.report.revisions([(NewRevision("0001_a", tmp_path / "0001_a.py", ""), Draft.empty())])
    assert (said.out, "0001_a.py" in said.err) == ("0001_a.py\n", True)


# Who answers


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())


@pytest.mark.usefixtures("at_terminal")
def test_person_is_asked_on_the_terminal(tmp_path: Path) -> None:
    said = Said(tmp_path, Terminal())
    questioner = said.report.questioner(Given(), DATABASE)
    assert isinstance(questioner, InteractiveQuestioner)
    assert questioner.out is said.report.out


@pytest.mark.usefixtures("at_terminal")
@pytest.mark.parametrize(("out", "options"), [(None, {}), (Terminal(), {"json": True}), (None, {"scriptable": True})])
def test_person_is_asked_beside_what_is_piped_or_parsed(
    tmp_path: Path, out: io.StringIO | None, options: dict[str, Any]
) -> None:
    said = Said(tmp_path, out, **options)
    questioner = said.report.questioner(Given(), DATABASE)
    assert isinstance(questioner, InteractiveQuestioner)
    assert questioner.out is said.report.err


@pytest.mark.usefixtures("at_terminal")
@pytest.mark.parametrize("options", [{"interactive": False}, {"dry_run": True}, {"check_changes": True}])
def test_nobody_is_asked_where_that_is_not_wanted(tmp_path: Path, options: dict[str, Any]) -> None:
    assert type(Said(tmp_path, Terminal(), **options).report.questioner(Given(), DATABASE)) is FixedQuestioner


def test_nobody_is_asked_without_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert type(Said(tmp_path, Terminal()).report.questioner(Given(), DATABASE)) is FixedQuestioner


def test_value_must_suit_every_kind_of_database_of_the_project(tmp_path: Path) -> None:
    questioner = Said(tmp_path).report.questioner(Given(), DATABASE)
    assert [rules.title for rules in questioner.kinds] == ["PostgreSQL", "SQLite"]
