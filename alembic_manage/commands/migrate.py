"""Brings a database to a revision."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from alembic_manage.command import (
    BaseCommand,
    CommandParser,
    add_database_argument,
    add_json_argument,
    add_no_input_argument,
)
from alembic_manage.errors import CommandError, RefusedError, UsageError
from alembic_manage.history.revision_file import PHASES
from alembic_manage.options.consent import Consent, add_consent_arguments, consent_flags
from alembic_manage.options.protection import add_confirm_argument, require_confirmed
from alembic_manage.options.run_options import add_run_arguments, policy_from
from alembic_manage.quantity import counted
from alembic_manage.settings.alias import database_flag

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from alembic_manage.environment import Environment
    from alembic_manage.execution.executor import Planner
    from alembic_manage.execution.fake import FakePolicy
    from alembic_manage.execution.go_on import GoOn
    from alembic_manage.initial import InitialFake
    from alembic_manage.plan import Plan
    from alembic_manage.reports.run_report import RunReport
    from alembic_manage.standing.outlook import Outlook
    from alembic_manage.standing.watch import Touched

_WITHOUT_EFFECT = frozenset(
    (
        *("verbosity", "settings", "traceback", "no_color", "force_color", "skip_checks"),
        *("stdout", "stderr", "database", "interactive", "strict", "lock_timeout", "table_lock_timeout"),
        *("statement_timeout", "lock_retries"),
    )
)
"""Options that change nothing where nothing is to be done."""
_CHANGES = (
    "  Your models have changes that are not yet reflected in a migration, and so won't be applied.\n"
    "  Run 'python manage.py makemigrations' to make new migrations, and then re-run "
    "'python manage.py migrate' to apply them."
)
_NOT_COMPARED = (
    "  Your models were not compared with the migrations: the first time, that takes a while.\n"
    "  Run 'python manage.py makemigrations --check' to see whether they have changes."
)


class Command(BaseCommand):
    """`migrate [app] [revision]`."""

    help = "Apply migrations, or go up or down to a given one."
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and --sql."""
        parser.add_argument(
            "args",
            metavar="[app] [revision]",
            nargs="*",
            help="a migration or a unique beginning of its name, 'head' (default), 'heads', 'zero', +N, -N or "
            "BRANCH@-N; an app label may stand before it, though all apps share one history",
        )
        add_database_argument(parser)
        add_no_input_argument(parser)
        add_json_argument(parser)
        parser.add_argument(
            "--phase",
            choices=PHASES,
            help="expand: only what the old code can live with; contract: the rest, once the old code no longer runs",
        )
        parser.add_argument("--plan", action="store_true", help="show what would run, and stop")
        parser.add_argument(
            "--check", action="store_true", dest="check_unapplied", help="exit 1 if something would run, and stop"
        )
        parser.add_argument("--fake", action="store_true", help="record the migrations without running them")
        parser.add_argument(
            "--fake-initial",
            action="store_true",
            help="record a first migration without running it if the database already has its tables, columns and "
            "types; exit 6 if they differ",
        )
        parser.add_argument(
            "--prune", action="store_true", help="forget applied migrations that have no file, and stop"
        )
        parser.add_argument("--sql", action="store_true", help="print the SQL that would run, and stop")
        parser.add_argument(
            "--strict", action="store_true", help="refuse to run if the file of an applied migration was changed"
        )
        add_consent_arguments(parser)
        add_confirm_argument(parser)
        add_run_arguments(parser)

    def handle(self, *args: str, **options: Any) -> None:
        """Look whether all is known to be done; else run the checks, read the target, then plan, print or run."""
        self._began_ns = time.time_ns()
        self.options = options
        known = None if args else self._known_outlook()
        if known is not None:
            self._say_done(known)
            return
        self._is_in_order = not options.get("skip_checks") and not self.check(tags=("settings", "apps"))
        self._named_app, self._word = self._named(args)
        from alembic_manage.environment import Environment
        from alembic_manage.execution.ahead import explained
        from alembic_manage.plan import HEAD, require_target

        environment = Environment(self.project, options["database"])
        history = environment.history.require_sound()
        if options["prune"]:
            self._refuse_with_prune(self._word)
            self._prune(environment, self._word)
            return
        target = require_target(history, HEAD if self._word is None else self._word)
        with explained(environment):
            self._plan_or_run(environment, target)

    def _plan_or_run(self, environment: Environment, target: str) -> None:
        """Plan, then print or run.

        Raises:
            MissingFileError: a recorded migration has no file.
        """
        from alembic_manage.standing.models import models_may_wait

        if self.options["plan"] or self.options["check_unapplied"] or self.options["sql"]:
            # Of several records (env.py loops over schemas) the one that is furthest from the target.
            with models_may_wait(environment):
                plans = [(self._plan(environment, target, recorded), recorded) for recorded in environment.records()]
                self._show(environment, *max(plans, key=lambda each: len(each[0].steps)))
        elif self.options["json"]:
            raise UsageError(
                "--json goes with --plan; a run prints text.", hint="python manage.py migrate --plan --json"
            )
        else:
            self._run(environment, target)

    def _plan(self, environment: Environment, target: str, recorded: frozenset[str]) -> Plan:
        """What is to run on a database whose record is known: with --phase, only that of the phase."""
        from alembic_manage.plan import in_phase, make_plan

        return in_phase(make_plan(environment.history, recorded, target), self.options["phase"])

    def _named(self, args: tuple[str, ...]) -> tuple[str, str | None]:
        """The app and the revision that the words name; "" and None where they name none.

        Only an app that stands before a revision counts as named.
        """
        words = list(args)
        if len(words) == 2:
            from alembic_manage.apps import app_with_label

            return app_with_label(self.project.apps, words[0]).label, words[1]
        if len(words) > 2:
            raise UsageError(
                f"migrate takes at most an app and a migration, not {' '.join(words)}.",
                hint="python manage.py migrate --help",
            )
        is_app = bool(words) and words[0] in {app.label for app in self.project.apps}
        return "", None if is_app or not words else words[0]

    def _show(self, environment: Environment, plan: Plan, recorded: frozenset[str]) -> None:
        """Print the plan as the options want it.

        Raises:
            CommandError: with --check, there is something to run.
        """
        from alembic_manage.execution.sql import sql_of
        from alembic_manage.reports.run_report import plan_as_json, write_plan

        alias = environment.database.alias
        if self.options["sql"]:
            self.stdout.write(sql_of(environment, plan, sorted(recorded)))
        elif self.options["json"]:
            self.stdout.write(json.dumps(plan_as_json(plan, alias), indent=2))
        elif self.options["plan"]:
            write_plan(plan, self.stdout, self.style)
        if self.options["check_unapplied"]:
            self._refuse_steps(plan, alias)

    def _refuse_steps(self, plan: Plan, alias: str) -> None:
        from alembic_manage.plan import HEAD, Direction

        if not plan.steps:
            return
        what = "not applied to" if plan.direction is Direction.UPGRADE else "to be taken back from"
        target = "" if plan.target == HEAD else f" {plan.target}"
        phase = f" --phase {self.options['phase']}" if self.options["phase"] else ""
        raise CommandError(
            f"{counted(len(plan.steps), 'migration')} {what} database '{alias}': "
            f"{', '.join(revision.id for revision in plan.revisions)}.",
            hint=f"python manage.py migrate{target}{database_flag(alias)}{phase}",
        )

    def _run(self, environment: Environment, target: str) -> None:
        """Apply, take back or record what the target asks for; at the end, say what the models have besides."""
        from alembic_manage.execution.executor import Executor
        from alembic_manage.plan import HEAD
        from alembic_manage.reports.run_report import RunReport
        from alembic_manage.reports.watch import watched
        from alembic_manage.standing.models import models_may_wait

        options = self.options
        report = RunReport(self.stdout, self.style, options["verbosity"])
        report.heading(environment.history, target, self.project.title)
        if options["fake"] or options["fake_initial"]:
            require_confirmed(environment, "migrate --fake", options)
        initial = self._initial_fake(environment)

        def planner(recorded: frozenset[str]) -> Plan:
            plan = self._plan(environment, target, recorded)
            self._refuse_other_apps(plan)
            return plan

        def review(plan: Plan, context: MigrationContext) -> None:
            self._review_changed(environment, context)
            if initial is not None:
                initial.review(plan, context)
            if not options["fake"]:
                self._review_downgrade(environment, plan, context, report)

        self._lint(environment, planner)
        executor = Executor(environment, policy=policy_from(environment, options, self._go_on))
        with (
            models_may_wait(environment) as models,
            watched(environment, report, self.stderr, self._go_on, is_fake=options["fake"]) as observer,
        ):
            fake = self._fake_policy(initial)
            executor.run(planner, observer, fake=fake, review=review, keep_data=options["keep_data"])
        if report.steps or target != HEAD or options["phase"] == PHASES[0]:
            return
        self._remind(environment, models)

    @property
    def _go_on(self) -> GoOn:
        """What was typed, should a migration fail."""
        from alembic_manage.execution.go_on import GoOn

        phase = f" --phase {self.options['phase']}" if self.options["phase"] else ""
        flags = f"{database_flag(self.options['database'])}{phase}{consent_flags(self.options)}"
        return GoOn("migrate", self._word, flags)

    def _initial_fake(self, environment: Environment) -> InitialFake | None:
        """What --fake-initial asks for; None without it, and where --fake records everything anyhow."""
        if not self.options["fake_initial"] or self.options["fake"]:
            return None
        from alembic_manage.initial import InitialFake

        return InitialFake(environment, self._warn)

    def _fake_policy(self, initial: InitialFake | None) -> FakePolicy:
        from alembic_manage.execution.fake import fake_all, run_all

        return fake_all if self.options["fake"] else initial or run_all

    def _lint(self, environment: Environment, planner: Planner) -> None:
        """Judge what is about to run, where the settings want that.

        Raises:
            RefusedError: there is an error among the findings, and the settings refuse those.
        """
        is_faked = self.options["fake"] or self.options["fake_initial"]
        if self.project.settings.lint.on_migrate == "off" or is_faked:
            return
        from alembic_manage.reports.lint_report import review_run

        review_run(environment, planner, self._warn)

    def _known_outlook(self) -> Outlook | None:
        """What is known if nothing has changed since a run had nothing to do; without Alembic and the models."""
        from alembic_manage.standing.standing import stands_at_head

        alias = self.options["database"]
        if any(value for name, value in self.options.items() if name not in _WITHOUT_EFFECT):
            return None
        echoes = self.project.settings.database(alias).options.get("echo")
        return None if echoes else stands_at_head(self.project, alias)

    def _say_done(self, outlook: Outlook) -> None:
        """Report a run that has nothing to do."""
        from alembic_manage.history import History
        from alembic_manage.plan import HEAD, Plan
        from alembic_manage.reports.run_report import RunReport
        from alembic_manage.standing.outlook import Outlook

        report = RunReport(self.stdout, self.style, self.options["verbosity"])
        report.heading(History(()), HEAD, self.project.title)
        report.planned(Plan(HEAD, ()))
        if outlook is Outlook.NOT_COMPARED and self.options["verbosity"]:
            self.stdout.write(_NOT_COMPARED)

    def _remind(self, environment: Environment, models: Touched | None) -> None:
        """Django's reminder, once there is nothing left to apply; what is known is kept for the next `migrate`."""
        from alembic_manage.sources.reminder import have_changes, known_outlook
        from alembic_manage.standing.outlook import Outlook
        from alembic_manage.standing.standing import remember

        is_told = bool(self.options["verbosity"])
        try:
            outlook = known_outlook(environment, may_be_kept=models is not None)
            has_changes = outlook is None and is_told and have_changes(environment)
        except CommandError as error:
            # The migration is done, and this is only a reminder.
            if self.project.metadata:
                self._warn(f"  The models could not be compared with the migrations: {error}")
            return
        if has_changes:
            self.stdout.write(_CHANGES, self.style.NOTICE)
        if outlook is Outlook.NOT_COMPARED and is_told:
            self.stdout.write(_NOT_COMPARED)
        if outlook is not None and models is not None and self._is_in_order:
            remember(environment, models, self._began_ns, outlook)

    def _review_changed(self, environment: Environment, context: MigrationContext) -> None:
        """Tell of files that were changed after they ran.

        Raises:
            RefusedError: there is one, and --strict was said.
        """
        from alembic_manage.execution.changed import changed_since
        from alembic_manage.execution.ledger import Ledger
        from alembic_manage.location import display_path

        changed = list(changed_since(environment.history, Ledger(context).applied(), self.project.root))
        for revision in changed:
            shown = display_path(revision.path, self.project.root)
            self._warn(f"{shown} does something else now than when it was applied.")
        if changed and self.options["strict"]:
            raise RefusedError(
                f"{counted(len(changed), 'applied migration', ('was', 'were'))} changed, the first is {changed[0].id}. "
                "Nothing was run.",
                hint=f"git log -p -- {display_path(changed[0].path, self.project.root)}",
            )

    def _warn(self, text: str) -> None:
        self.stderr.write(text, self.style.WARNING)

    def _review_downgrade(
        self, environment: Environment, plan: Plan, context: MigrationContext, report: RunReport
    ) -> None:
        """Treat a plan that leads down as rollback does: list it, count what goes, and ask.

        Raises:
            RefusedError: a migration has no way down; or data would be lost, and nobody has said that it may.
            CommandError: the answer was no.
        """
        from alembic_manage.plan import Direction

        if plan.direction is not Direction.DOWNGRADE:
            return
        report.undone(plan)
        require_confirmed(environment, "migrate", self.options)
        command = f"migrate {plan.target}{database_flag(environment.database.alias)}"
        Consent(command, self.stdout, self.style, self.options).require(plan, context)

    def _refuse_other_apps(self, plan: Plan) -> None:
        """Refuse what Django's `migrate blog zero` does not do: to take back every app."""
        from alembic_manage.plan import Direction

        if self._named_app and plan.direction is Direction.DOWNGRADE and plan.steps and len(self.project.apps) > 1:
            raise RefusedError(
                f"All apps share one history: this would take back {counted(len(plan.steps), 'migration')} of "
                f"all, not only of '{self._named_app}'.",
                hint=f"for all apps, without the label: python manage.py migrate {plan.target}",
            )

    def _refuse_with_prune(self, target: str | None) -> None:
        others = [flag for flag in ("plan", "check_unapplied", "sql", "json", "fake_initial") if self.options[flag]]
        if others or (target is None) == self.options["fake"]:
            raise UsageError(
                "--prune stands alone, or with --fake and the migration that the database is at.",
                hint="python manage.py migrate REVISION --fake --prune",
            )

    def _prune(self, environment: Environment, target: str | None) -> None:
        from alembic_manage.execution.prune import prune

        location = target if self.options["fake"] else None
        gone = prune(environment, location)
        if not self.options["verbosity"]:
            return
        self.stdout.write("Pruning migrations:", self.style.MIGRATE_HEADING)
        for id in gone:
            self.stdout.write(f"  Pruning {id} {self.style.SUCCESS('OK')}")
        if not gone:
            self.stdout.write("  No migrations to prune.")
        elif location:
            self.stdout.write(f"  Recorded {location} {self.style.SUCCESS('FAKED')}")
