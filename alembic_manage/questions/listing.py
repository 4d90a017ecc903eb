"""Questions in print: what was taken, what is open and with which options it is answered, and the shape of --json."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from alembic_manage.errors import UsageError
from alembic_manage.outline.change import Change
from alembic_manage.questions.answer import Renamed
from alembic_manage.questions.fixed import FixedQuestioner
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.typed import as_typed


def open_lines(questions: Iterable[Question]) -> Iterator[str]:
    """Each question, and below it a line for each choice: the option that makes it, and what it means."""
    for question in questions:
        yield question.text
        flags = _with_options(question.choices)
        width = max(len(flag) for flag, _ in flags)
        for flag, choice in flags:
            yield f"  {flag:<{width}}   {_meaning(choice)}"


def taken_lines(questions: Iterable[Question]) -> Iterator[str]:
    """A line for each question: its safe answer, and the options for the others."""
    for question in questions:
        others = [each for each in question.choices if each.answer != question.safe_answer]
        flags = " or ".join(flag for flag, _ in _with_options(_without_other_renames(others)))
        yield f"{question.taken_text} Otherwise: {flags}"


def questions_as_json(questioner: FixedQuestioner) -> list[Mapping[str, Any]]:
    """The stable shape that --json prints: every question that came up, in order."""
    return [
        {
            "path": question.path,
            "kind": question.name,
            "text": question.text,
            "choices": [
                {"flag": as_typed(each.flag), "text": _meaning(each)}
                for each in question.choices
                if each.flag is not None
            ],
            "answered": question not in questioner.open,
        }
        for question in questioner.asked
    ]


def require_used(questioner: FixedQuestioner, changes: Collection[Change]) -> None:
    """Raise where an option answered nothing: what was meant to be answered would go unnoticed.

    Args:
        questioner: after everything was asked.
        changes: what came of it; the nearest path is looked for here, too.

    Raises:
        UsageError: an option is left over.
    """
    gone = {_path_of(change) for change in changes if change.symbol == "-"}
    known = {question.path for question in questioner.asked} | {_path_of(change) for change in changes}
    for option, path in questioner.given.unused(gone):
        raise UsageError(
            f"{as_typed(option)} answers nothing: {_why(path, known, questioner)}. Nothing was written.",
            hint="python manage.py makemigrations --dry-run",
        )


def _why(path: str, known: Collection[str], questioner: FixedQuestioner) -> str:
    """Why an option about `path` answered nothing."""
    renames = questioner.given.renames
    tables = [f"{new}{path[len(old) :]}" for old, new in renames.items() if path.startswith(f"{old}.")]
    asked = next((each for each in [path, *tables] if each in known), None)
    if asked is None or (asked != path and path not in renames):
        near = [asked] if asked else get_close_matches(path, sorted(known), n=1)
        return f"nothing called {path} is gone or asked about" + "".join(f"; nearest: {each}" for each in near)
    if path not in renames:
        return f"nothing is asked about {path} that it answers"
    come = [new for question in questioner.asked if question.path == asked for new in _candidates(question)]
    near = get_close_matches(renames[path], come, n=1)
    return f"nothing called {renames[path]} has come in its place" + "".join(f"; nearest: {each}" for each in near)


def _candidates(question: Question) -> list[str]:
    """What a question offers as the new name; empty where it is about no rename."""
    return [choice.answer.to for choice in question.choices if isinstance(choice.answer, Renamed)]


def _path_of(change: Change) -> str:
    names = [change.schema, change.table, change.name if change.name != change.table else ""]
    return ".".join(name for name in names if name)


def _with_options(choices: Iterable[Choice]) -> list[tuple[str, Choice]]:
    """The choices that an option makes, with that option as it is typed."""
    return [(as_typed(choice.flag), choice) for choice in choices if choice.flag is not None]


def _meaning(choice: Choice) -> str:
    """A choice's text where no value is typed next."""
    return choice.text if choice.answer is not None else choice.text.replace(", which you type next", "")


def _without_other_renames(choices: list[Choice]) -> list[Choice]:
    """The choices but for further candidates of a rename, which would make a line long."""
    return [each for each in choices if not (each.flag or "").startswith("--rename ")] or choices
