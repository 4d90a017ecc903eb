"""Prints the SQL of migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.errors import UsageError

if TYPE_CHECKING:
    from alembic_manage.history import History
    from alembic_manage.plan import Plan


class Command(BaseCommand):
    """`sqlmigrate [app] REVISION` and `sqlmigrate A:B`."""

    help = "Print the SQL of a migration or a range of them."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """What to print, and for which database."""
        parser.add_argument(
            "args",
            metavar="[app] REVISION | A:B",
            nargs="+",
            help="a migration, or a range: from after A up to B, or back from A to B; 'zero' and 'head' may stand for "
            "either; an app label may stand before it",
        )
        add_database_argument(parser)
        parser.add_argument("--backwards", action="store_true", help="the SQL that undoes the migration")
        parser.add_argument(
            "--dialect", metavar="NAME", help="a dialect other than the database's: postgresql, mysql, sqlite, ..."
        )

    def handle(self, *args: str, **options: Any) -> None:
        """Plan without a record, print."""
        from alembic_manage.environment import Environment
        from alembic_manage.execution.sql import require_dialect, sql_of
        from alembic_manage.standing.models import models_may_wait

        target = self._target(args)
        if options["dialect"]:
            require_dialect(options["dialect"])
        environment = Environment(self.project, options["database"])
        history = environment.history.require_sound()
        if ":" in target:
            start, plan = self._range(history, target, options["backwards"])
        else:
            start, plan = self._single(history, target, backwards=options["backwards"])
        if not plan.steps:
            self.stderr.write("No operations found.")
            return
        with models_may_wait(environment):
            self.stdout.write(sql_of(environment, plan, start, options["dialect"]))

    def _target(self, args: tuple[str, ...]) -> str:
        from alembic_manage.apps import app_with_label

        if len(args) > 2:
            raise UsageError(
                f"sqlmigrate takes one migration or range, not {' '.join(args)}.",
                hint="python manage.py sqlmigrate --help",
            )
        if len(args) == 2:
            app_with_label(self.project.apps, args[0])
        return args[-1]

    def _single(self, history: History, target: str, *, backwards: bool) -> tuple[list[str], Plan]:
        """One migration, on a database that is just before it (or just after, backwards)."""
        from alembic_manage.plan import Direction, Plan, Step

        revision = history.require_single_head() if target == "head" else history.find(target)
        if revision is None:
            return [], Plan(target, ())
        if backwards:
            return [revision.id], Plan(target, (Step(revision, Direction.DOWNGRADE),))
        return list(history.parents(revision.id)), Plan(target, (Step(revision, Direction.UPGRADE),))

    def _range(self, history: History, target: str, backwards: bool) -> tuple[list[str], Plan]:
        """From after A up to B; from A back to B where A follows B."""
        from alembic_manage.plan import HEAD, ZERO, make_plan

        first, _, last = target.partition(":")
        if backwards:
            first, last = last or HEAD, first or ZERO
        start = self._start(history, first)
        return start, make_plan(history, frozenset(start), last or HEAD)

    def _start(self, history: History, name: str) -> list[str]:
        from alembic_manage.plan import HEAD, HEADS, ZERO

        if name in ("", ZERO, "base"):
            return []
        if name == HEAD:
            head = history.require_single_head()
            return [head.id] if head else []
        return [head.id for head in history.heads] if name == HEADS else [history.find(name).id]
