"""Prints the SQL that lets numbers go on behind the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Table


class Command(BaseCommand):
    """`sqlsequencereset [app ...]`."""

    help = "Print the SQL that sets each sequence to the highest value in its column."

    def add_arguments(self, parser: CommandParser) -> None:
        """Apps and --database."""
        parser.add_argument("args", metavar="app", nargs="*", help="the label of an app; default: all apps")
        add_database_argument(parser)

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Print it; nothing is changed."""
        from alembic_manage.data.tables import ProjectTables

        database = self.project.database(options["database"])
        chosen = ProjectTables(self.project).of_apps(app_labels)
        tables = database.run(lambda connection: _there(connection, chosen))
        lines = [f"{sql};" for table in tables for sql in database.dialect.reset_sequences_sql(table)]
        if lines:
            self.stdout.write("\n".join(["BEGIN;", *lines, "COMMIT;"]))
        elif options["verbosity"]:
            self.stderr.write("No sequences found.", self.style.WARNING)


def _there(connection: Connection, tables: Iterable[Table]) -> list[Table]:
    """The tables that the database has."""
    from sqlalchemy import inspect

    inspector = inspect(connection)
    return [table for table in tables if inspector.has_table(table.name, schema=table.schema)]
