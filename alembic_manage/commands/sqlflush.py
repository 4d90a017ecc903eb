"""Prints the SQL of flush."""

from __future__ import annotations

from typing import Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument


class Command(BaseCommand):
    """`sqlflush`."""

    help = "Print the SQL that flush runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """--database and --allow-cascade."""
        add_database_argument(parser)
        parser.add_argument(
            "--allow-cascade", action="store_true", help="also empty tables outside the models that refer to them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; nothing is changed."""
        from alembic_manage.data.flush import plan_flush
        from alembic_manage.data.tables import ProjectTables

        database, tables = self.project.database(options["database"]), ProjectTables(self.project)
        flush = database.run(
            lambda connection: plan_flush(connection, database, tables, allow_cascade=options["allow_cascade"])
        )
        if not flush.statements:
            self.stderr.write("No tables found.", self.style.WARNING)
            return
        # TRUNCATE of a database that commits each DDL statement belongs to no transaction.
        lines = [f"{statement};" for statement in flush.statements]
        self.stdout.write("\n".join(["BEGIN;", *lines, "COMMIT;"] if database.dialect.empties_whole else lines))
