"""Questions in print: what was taken, what is open and with which options it is answered, and the shape of --json."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from alembic_manage.change import Change
from alembic_manage.errors import UsageError
from alembic_manage.questions.fixed import FixedQuestioner
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.typed import as_typed


def open_lines(questions: Iterable[Question]) -> Iterator[str]:
    """Each question, and below it a line for each choice: the option that makes it, and what it means."""
    for question in questions:
        yield question.text
        flags = [as_typed(choice.flag) for choice in question.choices]
        width = max(len(flag) for flag in flags)
        for flag, choice in zip(flags, question.choices, strict=True):
            yield f"  {flag:<{width}}   {_meaning(choice)}"


def taken_lines(questions: Iterable[Question]) -> Iterator[str]:
    """A line for each question: its safe answer, and the options for the others."""
    for question in questions:
        others = [each for each in question.choices if each.answer != question.safe_answer]
        flags = " or ".join(as_typed(choice.flag) for choice in _without_other_renames(others))
        yield f"{question.taken_text} Otherwise: {flags}"


def questions_as_json(questioner: FixedQuestioner) -> list[Mapping[str, Any]]:
    """The stable shape that --json prints: every question that came up, in order."""
    return [
        {
            "path": question.path,
            "kind": question.name,
            "text": question.text,
            "choices": [{"flag": as_typed(each.flag), "text": _meaning(each)} for each in question.choices],
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
    paths = {question.path for question in questioner.asked} | {_path_of(change) for change in changes}
    for option, path in questioner.given.unused(gone):
        near = get_close_matches(path, [each for each in sorted(paths) if each != path], n=1)
        if path in paths:
            why = f"nothing is asked about {path} that it answers"
        else:
            why = f"nothing called {path} is gone or asked about" + (f"; nearest: {near[0]}" if near else "")
        raise UsageError(
            f"{as_typed(option)} answers nothing: {why}. Nothing was written.",
            hint="python manage.py makemigrations --dry-run",
        )


def _path_of(change: Change) -> str:
    parent = ".".join(name for name in (change.schema, change.table) if name)
    return parent if change.name == change.table else f"{parent}.{change.name}"


def _meaning(choice: Choice) -> str:
    """A choice's text where no value is typed next."""
    return choice.text if choice.answer is not None else choice.text.replace(", which you type next", "")


def _without_other_renames(choices: list[Choice]) -> list[Choice]:
    """The choices but for further candidates of a rename, which would make a line long."""
    return [each for each in choices if not each.flag.startswith("--rename ")] or choices
