"""A rule: its id, its severity, and what it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from alembic_manage.dialects import dialect_named
from alembic_manage.lint.finding import Concern, Severity

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect
    from alembic_manage.lint.context import Context
    from alembic_manage.lint.revision_view import RevisionView
    from alembic_manage.lint.silences import Silence
    from alembic_manage.lint.statement import Statement

ANY = "any"
"""The folder of rules that hold for every database."""


@dataclass(frozen=True)
class Rule:
    """One file of rules/.

    The module has TITLE (one line: what is wrong), SEVERITY, BY_SIZE (whether the table's size moves it), perhaps
    SQUAWK (the rules of squawk that it stands for), and one or more of `check_statement(statement, view)`,
    `check_revision(view)`, `check_history(context)` and `check_silence(silence)`, each giving concerns.
    """

    id: str
    """The file's name, with dashes; no two rules have the same."""
    database: str
    """The folder: a name of the kind of database, or "any"."""
    module: ModuleType

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        return str(self.module.TITLE)

    @property
    def severity(self) -> Severity:
        """How serious its findings are where the table's size is not known."""
        return Severity(self.module.SEVERITY)

    @property
    def by_size(self) -> bool:
        """Whether the size of the table moves the severity."""
        return bool(self.module.BY_SIZE)

    def applies_to(self, rules: Dialect) -> bool:
        """Whether it is about this kind of database."""
        return self.database == ANY or self.database in rules.names

    def of_statement(self, statement: Statement, view: RevisionView) -> Iterator[Concern]:
        """What it says about a statement."""
        if hasattr(self.module, "check_statement"):
            yield from self.module.check_statement(statement, view)

    def of_revision(self, view: RevisionView) -> Iterator[Concern]:
        """What it says about a migration as a whole."""
        if hasattr(self.module, "check_revision"):
            yield from self.module.check_revision(view)

    def of_history(self, context: Context) -> Iterator[Concern]:
        """What it says about the history as a whole."""
        if hasattr(self.module, "check_history"):
            yield from self.module.check_history(context)

    def of_silence(self, silence: Silence) -> Iterator[Concern]:
        """What it says about a place where findings are ignored."""
        if hasattr(self.module, "check_silence"):
            yield from self.module.check_silence(silence)

    @property
    def squawk(self) -> tuple[str, ...]:
        """The rules of squawk that it stands for; empty where there is none."""
        return tuple(getattr(self.module, "SQUAWK", ()))

    @property
    def strong_migrations(self) -> tuple[str, ...]:
        """The checks of strong_migrations that say the same; empty where there is none."""
        return tuple(getattr(self.module, "STRONG_MIGRATIONS", ()))

    @property
    def facts(self) -> str:
        """Whom it concerns and how serious it is, in one line."""
        name = "Every database" if self.database == ANY else dialect_named(self.database).title
        weight = ", more or less by the size of the table" if self.by_size else ""
        return f"{name}. Severity: {self.severity.word}{weight}."

    @property
    def page(self) -> Path:
        """The page that explains it: in a checkout among the docs, else beside the rules."""
        name = f"{self.id}.md"
        installed = Path(__file__).parent / "pages" / name
        return installed if installed.exists() else Path(__file__).parents[2] / "docs" / "rules" / name

    @property
    def page_text(self) -> str:
        """The text of its page; its title where there is none."""
        return self.page.read_text(encoding="utf-8") if self.page.exists() else f"{self.title}."
