"""Takes the last migrations back."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from contextlib import ExitStack, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alembic_manage.command import (
    BaseCommand,
    CommandParser,
    add_database_argument,
    add_json_argument,
    add_no_input_argument,
)
from alembic_manage.errors import RecordError, UsageError
from alembic_manage.options.consent import Consent, add_consent_arguments, consent_flags
from alembic_manage.options.protection import add_confirm_argument, require_confirmed
from alembic_manage.options.run_options import add_run_arguments, policy_from
from alembic_manage.settings.alias import database_flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.runtime.migration import MigrationContext

    from alembic_manage.environment import Environment
    from alembic_manage.execution.executor import Planner
    from alembic_manage.execution.go_on import GoOn
    from alembic_manage.execution.recorded_source import RecordedSources
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
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """The target, and what to do with the plan."""
        parser.add_argument(
            "target",
            nargs="?",
            metavar="steps or revision",
            help="a number of steps (default: 1), the migration to go back to, 'zero' for all, or BRANCH@-N: N steps "
            "on the branch of a label or of a migration",
        )
        add_database_argument(parser)
        add_no_input_argument(parser)
        add_json_argument(parser)
        parser.add_argument("--batch", action="store_true", help="take back what the last run of migrate applied")
        parser.add_argument(
            "--to-time",
            type=_moment,
            metavar="TIME",
            help="take back everything applied after this time: 2026-11-25T10:00, in this machine's time zone",
        )
        parser.add_argument(
            "--from-record",
            action="store_true",
            help="take back migrations that have no file here, with the code kept in the ledger, which is shown first; "
            "default target: the newest migration that has a file",
        )
        parser.add_argument("--plan", action="store_true", help="show what would be taken back, and stop")
        add_consent_arguments(parser)
        add_confirm_argument(parser)
        add_run_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, show, ask where somebody is there, run."""
        from alembic_manage.environment import Environment
        from alembic_manage.execution.ahead import explained
        from alembic_manage.execution.recorded_source import recorded_sources
        from alembic_manage.standing.models import models_may_wait

        if options["json"] and not options["plan"]:
            raise UsageError(
                "--json goes with --plan; a run prints text.", hint="python manage.py rollback --plan --json"
            )
        self.options = options
        environment = Environment(self.project, options["database"])
        environment.history.require_sound()
        with explained(environment), models_may_wait(environment), ExitStack() as stack:
            sources = stack.enter_context(recorded_sources(environment)) if options["from_record"] else None
            self._take_back(sources.environment if sources else environment, sources)

    def _take_back(self, environment: Environment, sources: RecordedSources | None) -> None:
        """Plan, show, ask where somebody is there, run.

        Args:
            environment: its history has all that is applied.
            sources: the code of what has no file; None without --from-record.
        """
        from alembic_manage.execution.executor import Executor
        from alembic_manage.reports.run_report import RollbackReport
        from alembic_manage.reports.watch import watched

        planner = self._planner(environment, sources)
        records = environment.records()
        self._require_same_steps(records)
        plan = max((planner(recorded) for recorded in records), key=lambda each: len(each.steps))
        report = RollbackReport(self.stdout, self.style, self.options["verbosity"])

        def shown(plan: Plan) -> bool:
            """Show the recorded code that a plan runs; whether it runs any."""
            missing = sources.of(plan.revisions) if sources else ()
            report.recorded(missing)
            return bool(missing)

        if self.options["plan"]:
            if not self.options["json"]:
                shown(plan)
            self._show(environment, plan)
            return
        if plan.steps:
            require_confirmed(environment, "rollback", self.options)

        def review(plan: Plan, context: MigrationContext) -> None:
            runs_recorded_code = shown(plan)
            report.listed(plan)
            Consent(
                self._command, self.stdout, self.style, self.options, runs_recorded_code=runs_recorded_code
            ).require(plan, context)

        executor = Executor(environment, policy=policy_from(environment, self.options, self._go_on))
        with (
            sources.named() if sources else nullcontext(),
            watched(environment, report, self.stderr, self._go_on) as observer,
        ):
            executor.run(planner, observer, review=review, keep_data=self.options["keep_data"])

    def _require_same_steps(self, records: Sequence[frozenset[str]]) -> None:
        """Refuse to count steps from different places."""
        counts = self.options["target"] is not None or not self.options["from_record"]
        if len(set(records)) > 1 and counts and _STEPS.fullmatch(self._target() or ""):
            raise UsageError(
                "The schemas that env.py loops over are at different migrations, so steps would differ.",
                hint="name the migration to go back to: python manage.py rollback 0001",
            )

    @property
    def _command(self) -> str:
        """What was typed, as far as it says what is taken back."""
        target = f" {self.options['target']}" if self.options["target"] else ""
        return f"rollback{target}{self._flags}"

    @property
    def _go_on(self) -> GoOn:
        """What was typed, should a migration fail."""
        from alembic_manage.execution.go_on import GoOn

        return GoOn("rollback", self.options["target"], f"{self._flags}{consent_flags(self.options)}")

    @property
    def _flags(self) -> str:
        """The flags that say what is taken back, and where."""
        flags = [f" --{flag.replace('_', '-')}" for flag in ("batch", "from_record") if self.options[flag]]
        moment = self.options["to_time"]
        if moment is not None:
            flags.append(f" --to-time {moment.isoformat()}")
        return "".join(flags) + database_flag(self.options["database"])

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
        from alembic_manage.reports.run_report import plan_as_json, write_plan

        if self.options["json"]:
            self.stdout.write(json.dumps(plan_as_json(plan, environment.database.alias), indent=2))
        else:
            write_plan(plan, self.stdout, self.style)

    def _planner(self, environment: Environment, sources: RecordedSources | None) -> Planner:
        """What makes the plan, whatever is recorded.

        Raises:
            RecordError: the ledger names nothing that --batch could take back.
            HistoryError: the target means nothing.
        """
        from alembic_manage.plan import make_removal

        target, history = self._target(), environment.history
        if target is None:
            return self._removal(environment)
        if sources is not None and self.options["target"] is None:
            ids = sources.ids
            return lambda recorded: make_removal(history, recorded, ids)
        return self._walk(history, target)

    def _walk(self, history: History, target: str) -> Planner:
        """What makes the plan to a target."""
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
