"""Takes the last migrations back."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alembic_manage.command import (
    BaseCommand,
    CommandParser,
    add_database_argument,
    add_json_argument,
    add_no_input_argument,
)
from alembic_manage.console import confirm, is_interactive
from alembic_manage.errors import CommandError, RecordError, RefusedError, UsageError
from alembic_manage.protection import add_confirm_argument, require_confirmed
from alembic_manage.run_options import add_run_arguments, policy_from

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from alembic_manage.environment import Environment
    from alembic_manage.execution.executor import Planner
    from alembic_manage.history import History
    from alembic_manage.plan import Plan

# A number of steps; with a leading zero, or with four digits and more, it is the beginning of a name.
_STEPS = re.compile(r"[1-9]\d{0,2}")


def _moment(text: str) -> datetime:
    """A time with its zone; that of this machine where none is said."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is no time; write it as 2026-11-25T10:00") from None


class Command(BaseCommand):
    """`rollback [steps or revision]`."""

    help = "Take back the last migration, a number of them, or all after a given one."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """The target, and what to do with the plan."""
        parser.add_argument(
            "target",
            nargs="?",
            metavar="steps or revision",
            help="a number of steps (default: 1), the migration to go back to, or 'zero' for all",
        )
        add_database_argument(parser)
        add_no_input_argument(parser)
        add_json_argument(parser)
        parser.add_argument("--batch", action="store_true", help="take back all that the last run of migrate applied")
        parser.add_argument(
            "--to-time",
            type=_moment,
            metavar="TIME",
            help="take back all that was applied after a time: 2026-11-25T10:00, in this machine's zone",
        )
        parser.add_argument("--plan", action="store_true", help="show what would be taken back, and stop")
        parser.add_argument(
            "--accept-data-loss", action="store_true", help="drop tables and columns that are not empty, without asking"
        )
        parser.add_argument(
            "--keep-data",
            action="store_true",
            help="keep what would be lost in tables of its own; migrate puts it back",
        )
        add_confirm_argument(parser)
        add_run_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, show, ask where somebody is there, run."""
        from alembic_manage.environment import Environment
        from alembic_manage.execution.executor import Executor
        from alembic_manage.reports import RollbackReport

        if options["json"] and not options["plan"]:
            raise UsageError(
                "--json goes with --plan; a run prints text.", hint="python manage.py rollback --plan --json"
            )
        self.options = options
        environment = Environment(self.project, options["database"])
        target = self._target()
        history = environment.history.require_sound()
        planner = self._planner(history, target) if target else self._removal(environment)
        records = environment.records()
        if len(set(records)) > 1 and _STEPS.fullmatch(target or ""):
            raise UsageError(
                "The schemas that env.py loops over are at different migrations, so steps would differ.",
                hint="name the migration to go back to: python manage.py rollback 0001",
            )
        plan = max((planner(recorded) for recorded in records), key=lambda each: len(each.steps))
        if options["plan"]:
            self._show(environment, plan)
            return
        if plan.steps:
            require_confirmed(environment, "rollback", options)
        report = RollbackReport(self.stdout, self.style, options["verbosity"])
        executor = Executor(environment, policy=policy_from(environment, options))

        def review(plan: Plan, context: MigrationContext) -> None:
            report.listed(plan)
            self._review(environment, plan, context)

        executor.run(planner, report, review=review, keep_data=options["keep_data"])

    def _target(self) -> str | None:
        """The target that was typed, one step where nothing was; None for --batch and --to-time.

        Raises:
            UsageError: there are two of them.
        """
        target, others = self.options["target"], [self.options["batch"], self.options["to_time"] is not None]
        if sum([target is not None, *others]) > 1:
            raise UsageError(
                "A target, --batch and --to-time do not go together.", hint="python manage.py rollback --batch --plan"
            )
        return None if any(others) else target or "1"

    def _removal(self, environment: Environment) -> Planner:
        """What takes back what the ledger names.

        Raises:
            RecordError: the ledger names nothing.
        """
        from alembic_manage.execution.ledger import Ledger
        from alembic_manage.plan import make_removal

        moment = self.options["to_time"]

        def read(context: MigrationContext, _: object) -> frozenset[str]:
            ledger = Ledger(context)
            return ledger.applied_after(moment) if moment is not None else ledger.last_batch()

        ids = frozenset().union(*environment.read(read))
        if not ids and moment is None:
            raise RecordError(
                "The ledger names no run of migrate whose migrations are still applied.",
                hint="python manage.py migrationlog",
            )
        history = environment.history
        return lambda recorded: make_removal(history, recorded, ids)

    def _show(self, environment: Environment, plan: Plan) -> None:
        from alembic_manage.reports import plan_as_json, plan_lines

        if self.options["json"]:
            self.stdout.write(json.dumps(plan_as_json(plan, environment.database.alias), indent=2))
        else:
            self.stdout.write("Planned operations:", self.style.MIGRATE_LABEL)
            self.stdout.write("\n".join(plan_lines(plan, self.style)) or "  No planned migration operations.")

    def _review(self, environment: Environment, plan: Plan, context: MigrationContext) -> None:
        """Say what would be lost, and ask where somebody is there.

        Raises:
            RefusedError: a migration has no way down; or data would be lost, and nobody has said that it may.
            CommandError: the answer was no.
        """
        from alembic_manage.alembic_api import connection_of
        from alembic_manage.execution.losses import losses_of
        from alembic_manage.execution.reversible import require_reversible

        require_reversible(plan)
        losses = losses_of(plan, connection_of(context))
        if losses and self.options["verbosity"]:
            self.stdout.write("Data that goes:", self.style.MIGRATE_HEADING)
            for loss in losses:
                self.stdout.write(f"  {loss.revision} {loss.line}", self.style.WARNING)
        if self.options["accept_data_loss"] or (losses and self.options["keep_data"]):
            return
        if self.options["interactive"] and is_interactive():
            question = "Take these back, and lose this data?" if losses else "Take these back?"
            if not confirm(question, hint="python manage.py rollback --no-input"):
                raise CommandError("Rollback cancelled; nothing was changed.")
        elif losses:
            raise RefusedError(
                f"This would lose data: {losses[0].line}{f', and {len(losses) - 1} more' * (len(losses) > 1)}. "
                "Nothing was taken back.",
                hint="python manage.py rollback --keep-data, to have it kept; or --accept-data-loss",
            )

    def _planner(self, history: History, target: str) -> Planner:
        """What makes the plan, whatever is recorded."""
        from alembic_manage.plan import ZERO, Direction, make_plan, require_target

        def plan(recorded: frozenset[str]) -> Plan:
            if not recorded:
                return make_plan(history, recorded, ZERO)
            made = make_plan(history, recorded, f"-{target}" if _STEPS.fullmatch(target) else target)
            if made.steps and made.direction is Direction.UPGRADE:
                heads = ", ".join(sorted(recorded)) or "none"
                raise UsageError(
                    f"{history.find(target).id} is not applied (at: {heads}): nothing to take back to it.",
                    hint=f"python manage.py migrate {target}",
                )
            return made

        # Named early: a typo is told before anything connects.
        if not _STEPS.fullmatch(target):
            require_target(history, target)
        return plan
