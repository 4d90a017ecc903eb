"""Prints the locks of a migration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_json_argument
from alembic_manage.errors import CommandError

if TYPE_CHECKING:
    from alembic_manage.lock_trace.trace import Effect


class Command(BaseCommand):
    """`locks REVISION`."""

    help = (
        "Show which locks each statement of a migration takes, and what has to wait for them. Measured on a scratch "
        "copy of the schema, which is dropped afterwards."
    )
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """Which migration, which way, and how it looks."""
        parser.add_argument("revision", help="a migration, or a unique beginning of its name; 'head' for the last one")
        add_database_argument(parser)
        parser.add_argument("--backwards", action="store_true", help="the locks of taking the migration back")
        parser.add_argument(
            "--no-server", action="store_true", help="run nothing; go by what the database's manual says"
        )
        add_json_argument(parser)

    def handle(self, **options: Any) -> None:
        """Find the migration, trace it, print."""
        from alembic_manage.environment import Environment
        from alembic_manage.lock_trace.listing import lines_of
        from alembic_manage.lock_trace.manual import said_by_manual
        from alembic_manage.lock_trace.tracer import measured
        from alembic_manage.plan import Direction, Step
        from alembic_manage.scratch import NoScratchError

        environment = Environment(self.project, options["database"])
        history = environment.history.require_sound()
        name = options["revision"]
        revision = history.require_single_head() if name == "head" else None
        step = Step(revision or history.find(name), Direction.DOWNGRADE if options["backwards"] else Direction.UPGRADE)
        try:
            trace = said_by_manual(environment, step) if options["no_server"] else measured(environment, step)
        except NoScratchError as error:
            hint = f"python manage.py locks {step.revision.id} --no-server"
            raise NoScratchError(*error.args, hint=hint) from error
        if options["json"]:
            self.stdout.write(json.dumps({"database": environment.database.alias, **trace.as_json()}, indent=2))
        else:
            for line in lines_of(trace, self._paint, whole=options["verbosity"] > 1):
                self.stdout.write(line)
        if trace.error is not None:
            raise CommandError(
                f"{step.revision.id} failed on the scratch copy, so its later statements are not known.",
                hint="a migration that needs rows: python manage.py locks REVISION --no-server",
            )

    def _paint(self, effect: Effect, text: str) -> str:
        roles = {"EVERYTHING": self.style.ERROR, "WRITES": self.style.WARNING, "NONE": self.style.SUCCESS}
        return roles[effect.name](text)
