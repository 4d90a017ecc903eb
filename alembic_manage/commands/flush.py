"""Empties the tables of the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_no_input_argument
from alembic_manage.console import ask
from alembic_manage.options.protection import add_confirm_argument, require_confirmed
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.data.flush import Flush
    from alembic_manage.database import Database


class Command(BaseCommand):
    """`flush`."""

    help = "Delete all rows of the models' tables, and restart their sequences. The tables themselves stay."
    requires_system_checks = ("settings", "apps")
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, --allow-cascade and --confirm."""
        add_no_input_argument(parser)
        add_database_argument(parser)
        parser.add_argument(
            "--allow-cascade", action="store_true", help="also empty tables outside the models that refer to them"
        )
        add_confirm_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, and empty the tables."""
        from alembic_manage.data.flush import plan_flush, run_flush
        from alembic_manage.data.tables import ProjectTables
        from alembic_manage.environment import Environment

        database, tables = self.project.database(options["database"]), ProjectTables(self.project)
        flush = database.run(
            lambda connection: plan_flush(connection, database, tables, allow_cascade=options["allow_cascade"])
        )
        require_confirmed(Environment(self.project, database.alias), "flush", options)
        if options["interactive"] and not options["confirm"] and not self._agreed(database, flush):
            self.stdout.write("Flush cancelled.")
            return
        database.run(lambda connection: run_flush(connection, database, flush))
        if options["verbosity"]:
            self.stdout.write(f"Emptied {counted(len(flush.tables), 'table')}.", self.style.SUCCESS)

    def _agreed(self, database: Database, flush: Flush) -> bool:
        alias = "" if database.alias == "default" else f" --database {database.alias}"
        self.stdout.write(
            f"This deletes all rows of {counted(len(flush.tables), 'table')} in the database '{database.alias}' "
            f"({database.display}). There is no way back.",
            self.style.WARNING,
        )
        answer = ask("Type 'yes' to go on, or 'no' to cancel: ", hint=f"python manage.py flush --no-input{alias}")
        return answer == "yes"
