"""Writes migrations as a page for people to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.errors import CommandError

if TYPE_CHECKING:
    from alembic_manage.review.card import Review

FORMATS = ("html", "markdown")
_ENDINGS = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}


class Command(BaseCommand):
    """`review [A:B]`."""

    help = (
        "Write a page for reviewing migrations: what changes, the tables before and after, the SQL for each database, "
        "locks, findings, and what is lost."
    )
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """Which migrations, and how the page is written."""
        parser.add_argument(
            "range",
            nargs="?",
            metavar="REVISION | A:B",
            help="one migration, or from after A up to B, or 'all'; default: those that are not in git's base branch "
            "or not applied",
        )
        add_database_argument(parser)
        parser.add_argument(
            "--format", choices=FORMATS, help="default: by the name of the file; without a file markdown"
        )
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to this file instead of printing")
        parser.add_argument(
            "--locks", action="store_true", help="measure the locks: run each migration on a scratch database"
        )

    def handle(self, **options: Any) -> None:
        """Choose, review, write."""
        from alembic_manage.environment import Environment
        from alembic_manage.review.reviewer import Reviewer
        from alembic_manage.review.selection import chosen

        environments = {alias: Environment(self.project, alias) for alias in self.project.aliases}
        alias = self.project.database(options["database"]).alias
        verbose = options["verbosity"] > 1
        reviewer = Reviewer(
            environments[alias],
            tuple(environments.values()),
            measures_locks=options["locks"],
            progress=(lambda text: self.stderr.write(f"{text} ...")) if verbose else (lambda text: None),
        )
        review = reviewer.review(chosen(environments[alias], options["range"]))
        if not review.cards:
            raise CommandError("There is no migration to review.", hint="python manage.py showmigrations")
        self._write(review, options["output"], options["format"])

    def _write(self, review: Review, path: Path | None, form: str | None) -> None:
        from alembic_manage.atomic_file import write_atomically
        from alembic_manage.quantity import counted
        from alembic_manage.review.html import html
        from alembic_manage.review.markdown import markdown

        ending = path.suffix.lower() if path else ".md"
        form = form or _ENDINGS.get(ending, FORMATS[0])
        text = html(review) if form == "html" else markdown(review)
        if path is None:
            self.stdout.write_utf8()
            self.stdout.write(text)
            return
        try:
            write_atomically(path, text)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", hint=f"ls -ld {path.parent}") from error
        self.stderr.write(f"Wrote {path}: {counted(len(review.cards), 'migration')}, {review.scope}.")
