"""Writes the revision that brings the schema to the models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from alembic_manage.against import add_against_argument, chosen_sources
from alembic_manage.command import (
    BaseCommand,
    CommandParser,
    add_database_argument,
    add_json_argument,
    add_no_input_argument,
)
from alembic_manage.console import OutputWrapper, confirm, is_interactive
from alembic_manage.errors import CommandError, RefusedError, UsageError
from alembic_manage.location import display_path
from alembic_manage.questions.flags import add_answer_arguments, given_by

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.history import Revision
    from alembic_manage.questions import FixedQuestioner
    from alembic_manage.revision_report import RevisionReport
    from alembic_manage.writer import Draft, NewRevision


_KINDS = ("empty", "merge", "update", "accept-current")


class Command(BaseCommand):
    """`makemigrations [app ...]`."""

    help = "Write a migration for what changed in the models. Nothing changed: no file."
    requires_system_checks = ("settings", "apps")
    questioner: FixedQuestioner | None = None
    """Whoever answered; None before anything was compared."""
    refusal: RefusedError | None = None
    """Why the guard would not have the changes written."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags."""
        parser.add_argument("args", metavar="app", nargs="*", help="only tables of these apps; default: all")
        add_database_argument(parser)
        add_no_input_argument(parser)
        add_json_argument(parser)
        parser.add_argument("-n", "--name", help="the name after the number, instead of one made from the changes")
        parser.add_argument("--empty", action="store_true", help="a migration that does nothing yet, to fill by hand")
        parser.add_argument("--merge", action="store_true", help="join several heads in a new migration")
        parser.add_argument(
            "--update", action="store_true", help="rewrite the last migration, which must not be applied"
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would be written; -v 3 prints the file")
        parser.add_argument(
            "--check", action="store_true", dest="check_changes", help="exit 1 if something changed; write nothing"
        )
        add_against_argument(parser)
        parser.add_argument(
            "--accept-current",
            action="store_true",
            help="write the differences that there are now into a file, and leave them out from now on",
        )
        parser.add_argument("--no-header", action="store_false", dest="header", help="no id and date in the docstring")
        parser.add_argument(
            "--scriptable", action="store_true", help="only paths on standard output, the rest on standard error"
        )
        add_answer_arguments(parser)
        parser.add_argument(
            "--allow-drops", action="store_true", help="drop all tables, or most of them, if it must be"
        )

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Choose what to write, compose it, show it, write it."""
        from alembic_manage.autodetect.naming import require_slug
        from alembic_manage.environment import Environment

        self.log: OutputWrapper = self.stderr if options["scriptable"] else self.stdout
        self.options = options
        self.given = given_by(options)
        self._refuse_combinations()
        if options["accept_current"] and (app_labels or options["json"]):
            raise UsageError(
                "--accept-current is about all apps, and prints text.",
                hint="python manage.py makemigrations --accept-current",
            )
        if options["name"] is not None:
            require_slug(options["name"])
        tables = self._tables(app_labels)
        environment = Environment(self.project, options["database"])
        history = environment.history.require_sound()
        if options["merge"]:
            self._merge(environment)
            return
        head = history.require_single_head()
        if options["accept_current"]:
            self._accept_current(environment, head)
        elif options["empty"]:
            self._empty(environment, head)
        elif options["update"]:
            self._update(environment, head, tables)
        else:
            self._changes(environment, head, tables, app_labels)

    def _refuse_combinations(self) -> None:
        kinds = [f"--{kind}" for kind in _KINDS if self.options[kind.replace("-", "_")]]
        without_check = self.options["empty"] or self.options["accept_current"]
        if len(kinds) > 1 or (without_check and self.options["check_changes"]):
            raise UsageError(
                f"{' and '.join([*kinds, *['--check'] * (len(kinds) == 1)])} do not go together.",
                hint="python manage.py makemigrations --help",
            )
        if self.given and kinds not in ([], ["--update"]):
            raise UsageError(
                f"{kinds[0]} asks nothing: there is nothing that an answer could belong to.",
                hint=f"python manage.py makemigrations {kinds[0]}",
            )

    def _tables(self, app_labels: tuple[str, ...]) -> frozenset[str] | None:
        from alembic_manage.apps import app_with_label

        apps = [app_with_label(self.project.apps, label) for label in app_labels]
        return frozenset(key for app in apps for key in self.project.tables_of(app)) if apps else None

    def _changes(
        self, environment: Environment, head: Revision | None, tables: frozenset[str] | None, labels: tuple[str, ...]
    ) -> None:
        from alembic_manage.autodetect.naming import slug_for

        parents = [head.id] if head else []
        draft = self._detect(environment, parents, tables)
        if not draft.changes and not self._obstacle():
            self._no_changes(environment, labels)
            return
        self._finish(environment, draft, parents, slug_for(draft.changes, initial=head is None))

    def _detect(self, environment: Environment, ids: Sequence[str], tables: frozenset[str] | None) -> Draft:
        """The changes since the revisions `ids`, but for those that the project lives with; whoever is there was asked.

        Raises:
            UsageError: an answer on the command line fits nothing.
            UnansweredQuestionError: the person quit.
        """
        from alembic_manage.autodetect.detector import detector, first_with_changes
        from alembic_manage.autodetect.guard import Guard
        from alembic_manage.autodetect.known_differences import read_known
        from alembic_manage.questions.listing import require_used
        from alembic_manage.sources.source import read_at

        self.questioner = questioner = self._questioner(environment)
        detect = detector(environment, questioner, tables, read_known(self.project), self.given)
        guard = Guard(self.project)
        sources = chosen_sources(self.options["against"])
        drafts = read_at(environment, ids, guard.watching(detect), sources=sources, notify=self._notify)
        require_used(questioner, [change for draft in drafts for change in draft.changes])
        self.report.taken(questioner)
        self.refusal = None if self.options["allow_drops"] else guard.refusal(questioner.dropped)
        return first_with_changes(drafts)

    def _questioner(self, environment: Environment) -> FixedQuestioner:
        """Who answers: the options, then a person, if one is there and something will be written."""
        from alembic_manage.questions import FixedQuestioner
        from alembic_manage.questions.interactive import InteractiveQuestioner

        rules = environment.database.dialect
        if not (self._writes and self.options["interactive"] and is_interactive()):
            return FixedQuestioner(self.given, rules)
        # What is piped or parsed is no place for a question.
        aside = self.options["json"] or not self.log.isatty()
        return InteractiveQuestioner(self.given, rules, self.stderr if aside else self.log, self.style)

    def _notify(self, line: str) -> None:
        if self.options["verbosity"]:
            self.stderr.write(line, self.style.WARNING)

    def _accept_current(self, environment: Environment, head: Revision | None) -> None:
        """Write down the differences between the head and the models."""
        from alembic_manage.autodetect.detector import differences
        from alembic_manage.autodetect.known_differences import path_of, write_known
        from alembic_manage.sources.source import read_at

        sources = chosen_sources(self.options["against"])
        ids = [head.id] if head else []
        results = read_at(environment, ids, differences(environment), sources=sources, notify=self._notify)
        found = list(dict.fromkeys(line for lines in results for line in lines))
        path = display_path(path_of(self.project), self.project.root)
        for line in found if self.options["verbosity"] else ():
            self.log.write(f"  {line}")
        if not self.options["dry_run"]:
            write_known(self.project, found)
        if self.options["verbosity"] and not self.options["dry_run"]:
            self.log.write(f"{len(found)} known difference(s) in {path}" if found else "No differences to accept.")

    def _no_changes(self, environment: Environment, labels: tuple[str, ...]) -> None:
        if self.options["json"]:
            self._write_json(environment, None, ())
        else:
            self.report.no_changes(labels)

    def _empty(self, environment: Environment, head: Revision | None) -> None:
        from alembic_manage.writer import Draft

        self._finish(environment, Draft.empty(), [head.id] if head else [], "initial" if head is None else "custom")

    def _update(self, environment: Environment, head: Revision | None, tables: frozenset[str] | None) -> None:
        from alembic_manage.autodetect.naming import slug_for
        from alembic_manage.outline import outline_of

        last = self._updatable(head)
        self._refuse_applied(environment, last)
        draft = self._detect(environment, environment.history.parents(last.id), tables)
        if not draft.changes:
            raise CommandError(
                f"Without {last.id} the models and the migrations agree: there is nothing to update.",
                hint=f"git rm {display_path(last.path, self.project.root)}",
            )
        for change in outline_of(last.path, "upgrade"):
            if change.line not in {each.line for each in draft.changes}:
                self.log.write(f"No longer in the migration: {change.line}", self.style.WARNING)
        slug = slug_for(draft.changes, initial=not last.down_revisions)
        self._finish(environment, draft, last.down_revisions, slug, replaces=last)

    def _updatable(self, head: Revision | None) -> Revision:
        """The last revision, when makemigrations could have written all of it.

        Raises:
            CommandError: there is none, or it is a merge.
            RefusedError: it holds code that rewriting would lose.
        """
        from alembic_manage.outline import own_code

        if head is None:
            raise CommandError("There is no migration to update.", hint="python manage.py makemigrations")
        if head.is_merge:
            raise CommandError(f"{head.id} is a merge and cannot be updated.", hint="python manage.py makemigrations")
        own = own_code(head.path)
        if own or head.depends_on or head.branch_labels:
            raise RefusedError(
                f"{head.id} holds something of your own, which an update would lose: "
                f"{own or 'depends_on or branch_labels'}",
                hint="python manage.py makemigrations, for a migration after it",
            )
        return head

    def _refuse_applied(self, environment: Environment, last: Revision) -> None:
        """Raise where the database has the revision; one that cannot be asked is no obstacle."""
        from alembic_manage.errors import ConnectionFailedError
        from alembic_manage.plan import applied_ids, require_known

        history = environment.history
        try:
            applied = applied_ids(history, require_known(history, environment.recorded()))
        except ConnectionFailedError as error:
            self._notify(f"Whether {last.id} is applied is not known: {error}")
            return
        if last.id in applied:
            raise CommandError(
                f"Cannot update the migration {last.id}: it is applied to '{environment.database.alias}'.",
                hint="python manage.py rollback" + self._database_option(environment),
            )

    def _database_option(self, environment: Environment) -> str:
        alias = environment.database.alias
        return "" if alias == "default" else f" --database {alias}"

    def _merge(self, environment: Environment) -> None:
        from alembic_manage.autodetect.naming import merge_slug
        from alembic_manage.writer import Draft

        history = environment.history
        if len(history.heads) < 2:
            if self.options["json"]:
                self._write_json(environment, None, ())
            else:
                self.log.write("No conflicts detected to merge.")
            return
        self._show_branches(environment)
        if not self._may_merge():
            return
        ids = [revision.id for revision in history.heads]
        self._finish(environment, Draft.empty(), ids, merge_slug(ids))

    def _may_merge(self) -> bool:
        """Whether to go on; asked only where something will be written, and somebody may be asked."""
        if not self.options["interactive"] or not self._writes:
            return True
        self.log.write(
            "\nMerging will only work if the operations printed above do not conflict\n"
            "with each other (working on different tables or columns)."
        )
        return confirm(
            "Should these migration branches be merged?",
            hint="python manage.py makemigrations --merge --no-input",
            out=self.log,
        )

    @property
    def _writes(self) -> bool:
        return not (self.options["dry_run"] or self.options["check_changes"])

    def _show_branches(self, environment: Environment) -> None:
        from alembic_manage.outline import outline_of
        from alembic_manage.reports import change_lines

        if not self.options["verbosity"] or self.options["json"]:
            return
        history = environment.history
        shared = frozenset.intersection(*(history.ancestors([head.id]) for head in history.heads))
        self.log.write(f"Merging {self.project.title}", self.style.MIGRATE_HEADING)
        for head in history.heads:
            self.log.write(f"  Branch {head.id}", self.style.MIGRATE_LABEL)
            for revision in history.in_order(history.ancestors([head.id]) - shared):
                for line in change_lines(outline_of(revision.path, "upgrade")):
                    self.log.write(f"    {line}")

    def _finish(
        self, environment: Environment, draft: Draft, parents: Any, slug: str, replaces: Revision | None = None
    ) -> None:
        """Compose the file; then show, check or write it, as the options say."""
        from alembic_manage.autodetect.naming import make_id, message_for
        from alembic_manage.history import History
        from alembic_manage.writer import compose, write

        others = History(revision for revision in environment.history if revision != replaces)
        name = self.options["name"]
        id = make_id(others, slug if name is None else name, given=name is not None)
        new = compose(environment, draft, id, parents, message_for(id), header=self.options["header"])
        obstacle = self._obstacle()
        written = self._writes and obstacle is None
        if written:
            write(environment, new, replaces=replaces.path if replaces else None)
        if self.options["json"]:
            self._write_json(environment, new, draft.changes, written=written)
        elif written or not self._writes:
            self.report.revision(new, draft)
        if obstacle is not None and self.questioner is not None:
            self.report.obstacle(obstacle, self.questioner)
        if self.options["check_changes"]:
            merge = self.options["merge"]
            raise CommandError(
                "The history has several heads." if merge else "The models have changes that are not in a migration.",
                hint=f"python manage.py makemigrations{' --merge' * merge}",
            )

    def _obstacle(self) -> CommandError | None:
        """Why nothing may be written, though something changed."""
        from alembic_manage.revision_report import unanswered

        return self.refusal or (unanswered(self.questioner) if self.questioner else None)

    def _write_json(
        self, environment: Environment, new: NewRevision | None, changes: Any, *, written: bool = False
    ) -> None:
        self.report.as_json(environment.database.alias, new, changes, self.questioner, written=written)

    @cached_property
    def report(self) -> RevisionReport:
        """What is said about the new revision."""
        from alembic_manage.revision_report import RevisionReport

        return RevisionReport(self.project, self.stdout, self.stderr, self.style, self.options)
