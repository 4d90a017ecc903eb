"""Writes the revision that brings the schema to the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser
from alembic_manage.console import OutputWrapper
from alembic_manage.errors import CommandError, RefusedError, UnansweredQuestionError
from alembic_manage.location import display_path
from alembic_manage.options.against import chosen_sources
from alembic_manage.options.revision_options import add_revision_arguments, kinds_in, refuse_combinations
from alembic_manage.questions.flags import given_by
from alembic_manage.settings.alias import database_flag

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from alembic_manage.autodetect.guard import Guard
    from alembic_manage.branches.update import Update
    from alembic_manage.environment import Environment
    from alembic_manage.history import Revision
    from alembic_manage.phased_writing import PhasedWriting
    from alembic_manage.questions import FixedQuestioner
    from alembic_manage.reports.branch_report import BranchReport
    from alembic_manage.reports.revision_report import RevisionReport
    from alembic_manage.writing.draft import Draft, NewRevision


class Command(BaseCommand):
    """`makemigrations [app ...]`."""

    help = "Write a migration for what changed in the models. If nothing did, no file is written."
    requires_system_checks = ("settings", "apps")
    questioner: FixedQuestioner | None = None
    """Whoever answered; None before anything was compared."""
    guard: Guard | None = None
    """Counts the tables that would go; None where nothing was compared."""
    refusal: RefusedError | None = None
    """Why the guard would not have the changes written."""
    more: Mapping[str, object] = MappingProxyType({})
    """What the JSON document has besides."""
    surroundings: str | None = None
    """What the comparison depends on besides models and revisions, where it was asked for."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags."""
        add_revision_arguments(parser)

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Choose what to write, compose it, show it, write it."""
        self.log: OutputWrapper = self.stderr if options["scriptable"] else self.stdout
        self.options = options
        self.given = given_by(options)
        refuse_combinations(options, app_labels, self.given)
        if options["name"] is not None:
            from alembic_manage.autodetect.naming import require_slug

            require_slug(options["name"])
        tables = self._tables(app_labels)
        if self._is_known_unchanged():
            self._no_changes(app_labels)
            return
        # Alembic is imported with it.
        from alembic_manage.environment import Environment

        environment = Environment(self.project, options["database"])
        history = environment.history.require_sound()
        if options["merge"] or options["rebase"]:
            self._join(environment)
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
            self._no_changes(labels)
            return
        self._finish(environment, draft, parents, slug_for(draft.changes, initial=head is None))

    def _detect(self, environment: Environment, ids: Sequence[str], tables: frozenset[str] | None) -> Draft:
        """The changes since the revisions `ids`, but for those that the project lives with; whoever is there was asked.

        Raises:
            UsageError: an answer on the command line fits nothing.
            UnansweredQuestionError: the person quit.
        """
        from alembic_manage.questions.listing import require_used
        from alembic_manage.sources.clean import Clean
        from alembic_manage.sources.source import read_at
        from alembic_manage.writing.draft import Draft, first_with_changes

        self.questioner = questioner = self.report.questioner(self.given, environment.database)

        def detect(context: MigrationContext) -> Draft:
            # Not needed where so little changed since the last time that it is known to be none.
            from alembic_manage.autodetect.detector import detector
            from alembic_manage.autodetect.guard import Guard
            from alembic_manage.autodetect.known_differences import read_known
            from alembic_manage.phased_writing import is_wanted

            known = read_known(self.project)
            split = self.phases.split if is_wanted(self.options, self.project.settings) else None
            found = detector(environment, questioner, tables, known, self.given, may_drop_all=True, split=split)
            self.guard = self.guard or Guard(self.project)
            return self.guard.watching(found)(context)

        clean = Clean(Draft.empty(), lambda draft: not draft.changes and not questioner.asked, self.surroundings)
        drafts = read_at(
            environment,
            ids,
            detect,
            sources=chosen_sources(self.options["against"]),
            notify=self._notify,
            clean=clean if tables is None and not self.options["update"] else None,
        )
        require_used(questioner, [change for draft in drafts for change in draft.changes])
        self.report.taken(questioner)
        if self.guard is not None and not self.options["allow_drops"]:
            self.refusal = self.guard.refusal(questioner.dropped)
        return first_with_changes(drafts)

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

    def _is_known_unchanged(self) -> bool:
        """Whether no comparison is needed: one has found nothing, and all that it depended on is what it was."""
        from alembic_manage.unchanged.check import is_unchanged
        from alembic_manage.unchanged.surroundings import surroundings_of

        if kinds_in(self.options) or self.given or self.options["against"] not in (None, "history"):
            return False
        self.surroundings = surroundings_of(self.project, self.options["database"])
        return is_unchanged(self.project, self.options["database"], self.surroundings)

    def _no_changes(self, labels: tuple[str, ...]) -> None:
        if self.options["json"]:
            self._write_json(None, ())
        else:
            self.report.no_changes(labels)

    def _empty(self, environment: Environment, head: Revision | None) -> None:
        from alembic_manage.writing.draft import Draft

        self._finish(environment, Draft.empty(), [head.id] if head else [], "initial" if head is None else "custom")

    def _update(self, environment: Environment, head: Revision | None, tables: frozenset[str] | None) -> None:
        from alembic_manage.branches.kept_renames import with_kept_renames
        from alembic_manage.branches.kept_values import with_kept_values
        from alembic_manage.branches.update import Update
        from alembic_manage.phased_writing import is_wanted

        update = Update(self.project, environment.history, head)
        update.require_unrecorded(self._notify)
        self.given = with_kept_renames(self.given, update.renames, update.apart, update.dropped)
        if is_wanted(self.options, self.project.settings):
            self.given = with_kept_values(self.given, update)
        last = update.last
        draft = self._detect(environment, environment.history.parents(last.id), tables)
        if not draft.changes and not self._obstacle():
            raise CommandError(
                f"Without {last.id} the models and the migrations agree: there is nothing to update.",
                hint=f"git rm {display_path(last.path, self.project.root)}",
            )
        self._finish(environment, draft, last.down_revisions, "", update)

    def _join(self, environment: Environment) -> None:
        """Make one head of several."""
        several = len(environment.history.heads) > 1
        if self.options["rebase"]:
            self._rebase(environment) if several else self.branches.nothing()
        elif several:
            self._merge(environment)
        elif self.options["json"]:
            self.more = self.branches.merge_json(None)
            self._write_json(None, ())
        else:
            self.log.write("No conflicts detected to merge.")

    def _merge(self, environment: Environment) -> None:
        from alembic_manage.autodetect.naming import merge_slug
        from alembic_manage.branches.merge import Merge
        from alembic_manage.writing.draft import Draft

        merge = Merge(environment)
        self.branches.merge(merge)
        self.more = self.branches.merge_json(merge)
        try:
            parents = merge.parents()
            goes_on = self.branches.may_merge(merge)
        except (RefusedError, UnansweredQuestionError):
            if self.options["json"]:
                self._write_json(None, ())
            raise
        if goes_on:
            self._finish(environment, Draft.empty(), parents, merge_slug(head.id for head in environment.history.heads))

    def _rebase(self, environment: Environment) -> None:
        from alembic_manage.branches.moves import mentions, write_moves
        from alembic_manage.branches.rebase import find_rebase

        named = self.options["rebase"] if self.options["rebase"] is not True else None
        rebase = find_rebase(environment, named, self.options["onto"], self._notify, self.branches.which)
        moves, root = rebase.moves(), self.project.root
        self.branches.rebase(rebase)
        if not self.branches.may_rebase(rebase, moves):
            return
        if self.report.writes:
            write_moves(moves, root)
        self.branches.moved(rebase, moves, mentions(moves, root) if self.report.writes else ())
        if self.options["check_changes"]:
            raise CommandError(
                "The history has several heads.", hint=f"python manage.py makemigrations --rebase {rebase.branch.name}"
            )

    def _finish(
        self, environment: Environment, draft: Draft, parents: Any, slug: str, update: Update | None = None
    ) -> None:
        """Compose the files; then show, check or write them, as the options say."""
        from alembic_manage.autodetect.naming import slug_for

        written = self.report.writes and self._obstacle() is None
        if draft.parts:
            slug = slug or slug_for(draft.changes, initial=not parents)
            new = self.phases.finish(environment, draft, parents, slug, may_write=written, update=update)
            if self.options["json"]:
                self.more = {"revisions": self.report.parts_as_json(new, draft.parts)}
        else:
            new = [self._finish_one(environment, draft, parents, slug, update, may_write=written)]
        self._tell(new, draft, written=written)

    def _finish_one(
        self,
        environment: Environment,
        draft: Draft,
        parents: Any,
        slug: str,
        update: Update | None,
        *,
        may_write: bool,
    ) -> NewRevision:
        """Compose the file that holds the whole draft, and write it where nothing stands in the way."""
        from alembic_manage.writing.writer import compose, without_text, write

        id, message = self._identity(environment, draft, slug, update)
        only_checks = self.options["check_changes"] and update is None and self.options["verbosity"] < 3
        if only_checks and not self.options["json"]:
            new = without_text(environment, draft, id, parents, message)
        else:
            new = compose(environment, draft, id, parents, message, header=self.options["header"])
        if update is not None:
            new = update.in_place(new)
            update.require_nothing_lost(new)
            gone = update.no_longer(new, draft.changes) if self._obstacle() is None else ()
            self.report.say(f"No longer in the migration: {line}" for line in gone)
        if may_write:
            write(environment, new, replaces=update.last.path if update else None)
        return new

    def _tell(self, new: Sequence[NewRevision], draft: Draft, *, written: bool) -> None:
        """Report the files, and what stands in their way; fail where it was only to be checked, or where a hook did."""
        failure = self._hooked(new) if written else None
        obstacle = self._obstacle()
        if self.options["json"]:
            self._write_json(new[0], draft.changes, written=written)
        elif written or not self.report.writes:
            self.report.revisions(list(zip(new, draft.parts or [draft], strict=True)))
        if obstacle is not None and self.questioner is not None:
            self.report.obstacle(obstacle, self.questioner)
        if written and draft.changes and self.options["verbosity"]:
            self._judge([each.id for each in new])
        if failure is not None:
            raise failure
        if self.options["check_changes"]:
            merge, on = self.options["merge"], database_flag(self.options["database"])
            raise CommandError(
                "The history has several heads." if merge else "The models have changes that are not in a migration.",
                hint=f"python manage.py makemigrations{' --merge' * merge}{on}",
            )

    def _hooked(self, new: Sequence[NewRevision]) -> CommandError | None:
        """Run the post_write_hooks on the new files; why one failed."""
        from alembic_manage.environment import Environment
        from alembic_manage.writing.writer import run_hooks

        return run_hooks(Environment(self.project, self.options["database"]), new)

    def _judge(self, ids: Sequence[str]) -> None:
        """Say what the linter says about the new files."""
        from alembic_manage.environment import Environment
        from alembic_manage.reports.lint_report import about_new

        self.report.say(about_new(Environment(self.project, self.options["database"]), ids))

    def _identity(self, environment: Environment, draft: Draft, slug: str, update: Update | None) -> tuple[str, str]:
        """The id of the new revision, and the first line of its docstring."""
        from alembic_manage.autodetect.naming import make_hash, make_id, message_for, message_of

        name, hashes = self.options["name"], self.project.settings.migration_ids == "hash"
        if update is not None and name is None:
            id = update.id_for(draft.changes)
            return id, update.last.message if hashes else message_for(id)
        if draft.id is not None or hashes:
            return draft.id or make_hash(), message_of(slug if name is None else name)
        others = update.others if update else environment.history
        id = make_id(others, slug if name is None else name, given=name is not None)
        return id, message_for(id)

    def _obstacle(self) -> CommandError | None:
        """Why nothing may be written, though something changed."""
        from alembic_manage.reports.revision_report import unanswered

        return self.refusal or (unanswered(self.questioner) if self.questioner else None)

    def _write_json(self, new: NewRevision | None, changes: Any, *, written: bool = False) -> None:
        database = self.options["database"]
        self.report.as_json(database, new, changes, self.questioner, written=written, more=self.more)

    @cached_property
    def branches(self) -> BranchReport:
        """What is said and asked about several heads."""
        from alembic_manage.reports.branch_report import BranchReport

        log = self.stderr if self.options["json"] else self.log
        return BranchReport(self.project, self.stdout, log, self.style, self.options)

    @cached_property
    def phases(self) -> PhasedWriting:
        """Whoever writes a change as several migrations."""
        from alembic_manage.phased_writing import PhasedWriting

        return PhasedWriting(self.report, self.options)

    @cached_property
    def report(self) -> RevisionReport:
        """What is said about the new revision."""
        from alembic_manage.reports.revision_report import RevisionReport

        return RevisionReport(self.project, self.stdout, self.stderr, self.style, self.options)
