"""What makemigrations says about the revision that it makes: to a person, to a script, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from alembic_manage.console import OutputWrapper, Style, is_interactive
from alembic_manage.database import Database
from alembic_manage.errors import CommandError, RefusedError, UnansweredQuestionError
from alembic_manage.location import display_path
from alembic_manage.outline.change import Change
from alembic_manage.project import Project
from alembic_manage.questions.fixed import FixedQuestioner
from alembic_manage.questions.given import Given
from alembic_manage.questions.interactive import InteractiveQuestioner
from alembic_manage.questions.listing import open_lines, questions_as_json, taken_lines

if TYPE_CHECKING:
    # Alembic is imported with it, which a run that finds no changes needs not.
    from alembic_manage.writing.draft import Draft, NewRevision


def unanswered(questioner: FixedQuestioner) -> UnansweredQuestionError | None:
    """The error for open questions; None where none is open."""
    count = len(questioner.open)
    if not count:
        return None
    return UnansweredQuestionError(
        f"{count} question{'s are' if count > 1 else ' is'} open, and a guess could lose data; nothing was written.",
        hint="python manage.py makemigrations with an option for each question; or answer on a terminal",
    )


def writes(options: Mapping[str, Any]) -> bool:
    """Whether makemigrations writes a file if all goes well."""
    return not (options["dry_run"] or options["check_changes"])


class RevisionReport:
    """Prints what comes of one run.

    Args:
        project: for titles and paths.
        out: standard output.
        err: standard error.
        style: the colours of standard output.
        options: the command's: verbosity, json, scriptable, dry_run, check_changes.
    """

    def __init__(
        self, project: Project, out: OutputWrapper, err: OutputWrapper, style: Style, options: Mapping[str, Any]
    ) -> None:
        self.project = project
        self.out = out
        self.err = err
        self.style = style
        self.options = options
        self.log = err if options.get("scriptable") else out
        """Where the text for people goes."""

    @property
    def writes(self) -> bool:
        """Whether a file is written if all goes well."""
        return writes(self.options)

    def questioner(self, given: Given, database: Database) -> FixedQuestioner:
        """Who answers: the options, then a person, if one is there and a file will be written.

        Args:
            given: what the options say.
            database: the one of the comparison.
        """
        project = self.project
        others = (project.database(alias).dialect for alias in project.aliases)
        kinds = list({rules.title: rules for rules in (database.dialect, *others)}.values())
        if not (self.writes and self.options["interactive"] and is_interactive()):
            return FixedQuestioner(given, kinds)
        # What is piped or parsed is no place for a question.
        aside = self.options["json"] or not self.log.isatty()
        return InteractiveQuestioner(given, kinds, self.err if aside else self.log, self.style)

    def say(self, lines: Iterable[str]) -> None:
        """Lines on standard error, unless nothing is to be said."""
        for line in lines if self.options["verbosity"] else ():
            self.err.write(line, self.style.WARNING)

    def taken(self, questioner: FixedQuestioner) -> None:
        """The safe answers that were taken, and how to answer otherwise."""
        self.say(taken_lines(questioner.taken))

    def no_changes(self, labels: Sequence[str]) -> None:
        """Nothing to write."""
        names = ", ".join(f"'{label}'" for label in labels)
        where = f" in app{'s' * (len(labels) > 1)} {names}" if labels else ""
        if self.options["verbosity"]:
            self.log.write(f"No changes detected{where}")

    def revisions(self, pairs: Sequence[tuple[NewRevision, Draft]]) -> None:
        """The files and their changes, in order; the whole texts where that was asked for."""
        if self.options["verbosity"]:
            self.log.write(f"Migrations for '{self.project.title}':", self.style.MIGRATE_HEADING)
        for new, draft in pairs:
            self._file(new, draft)

    def parts_as_json(self, new: Sequence[NewRevision], parts: Sequence[Draft]) -> list[Mapping[str, object]]:
        """What the document has of each of several files."""
        return [
            {
                "revision": revision.id,
                "path": display_path(revision.path, self.project.root),
                "phase": part.phase,
                "changes": [change.as_json() for change in part.changes],
            }
            for revision, part in zip(new, parts, strict=True)
        ]

    def _file(self, new: NewRevision, draft: Draft) -> None:
        path = display_path(new.path, self.project.root)
        if self.options["verbosity"]:
            phase = f" ({draft.phase})" if draft.phase else ""
            self.log.write(f"  {self.style.MIGRATE_LABEL(path)}{phase}")
            for change in draft.changes:
                self.log.write(f"    {change.line}")
        if self.options["dry_run"] and self.options["verbosity"] >= 3:
            self.log.write(f"Full migrations file '{new.path.name}':", self.style.MIGRATE_HEADING)
            self.log.write(new.text)
        if self.options["scriptable"] and self.writes:
            self.out.write(path)

    def obstacle(self, error: CommandError, questioner: FixedQuestioner) -> None:
        """What stands in the way of writing: as lines where nothing would be written anyway, else raised.

        Args:
            error: what is raised.
            questioner: its open questions are listed first, unless the JSON document has them.

        Raises:
            CommandError: `error`.
        """
        questions = () if self.options["json"] else list(open_lines(questioner.open))
        if self.writes:
            for line in questions:
                self.err.write(line)
            raise error
        if isinstance(error, RefusedError):
            self.say([f"This would be refused. {error}", f"Hint: {error.hint}"])
        if questions:
            self.say(["Open questions; the changes are what one of the answers gives:", *questions])

    def as_json(
        self,
        database: str,
        new: NewRevision | None,
        changes: Iterable[Change],
        questioner: FixedQuestioner | None,
        *,
        written: bool,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """The document; `more` are fields that only some documents have."""
        document = {
            "database": database,
            "revision": new.id if new else None,
            "path": display_path(new.path, self.project.root) if new else None,
            "written": written,
            "changes": [change.as_json() for change in changes],
            "questions": questions_as_json(questioner) if questioner else [],
            **more,
        }
        self.out.write(json.dumps(document, indent=2))
