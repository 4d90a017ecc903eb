"""How a run behaves towards others: what the settings and the options of migrate and rollback say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_manage.execution.go_on import GoOn

if TYPE_CHECKING:
    from alembic_manage.environment import Environment

LOCK_TIMEOUT_S = 300.0
TABLE_LOCK_TIMEOUT_S = 5.0
LOCK_RETRIES = 10


@dataclass(frozen=True)
class RunPolicy:
    """The rules of one run."""

    lock: str = "session"
    """"session", "row" or "off"; see locks/."""
    lock_timeout_s: float = LOCK_TIMEOUT_S
    """How long to wait for another migrator, in seconds."""
    table_lock_timeout_s: float | None = None
    """How long one statement waits for a lock that others hold, in seconds; 0 for ever; None for 5, unless env.py or
    the server says something else."""
    statement_timeout_s: float | None = None
    """How long one statement may take, in seconds; None for what env.py or the server says."""
    lock_retries: int = LOCK_RETRIES
    """How often a revision is tried again that could not get a lock in time."""
    resume_at: int | None = None
    """With which statement a revision goes on that stopped halfway; None for the one that its journal tells."""
    application_version: str | None = None
    """What the ledger says about the application."""
    go_on: GoOn = field(default_factory=GoOn)
    """What was typed, for the hint of a failure."""


def policy_for(environment: Environment, **options: Any) -> RunPolicy:
    """The rules that the settings of a database give, and the options of a command where they are said.

    Args:
        environment: of the database.
        options: fields of RunPolicy by name; None for what is not said.
    """
    project = environment.project
    settings = project.settings.database(environment.database.alias)
    said = {
        "lock": settings.migration_lock,
        "lock_timeout_s": settings.migration_lock_timeout_s,
        "table_lock_timeout_s": settings.lock_timeout_s,
        "statement_timeout_s": settings.statement_timeout_s,
        "lock_retries": settings.lock_retries,
        "application_version": project.settings.application_version,
        **{name: value for name, value in options.items() if value is not None},
    }
    return RunPolicy(**{name: value for name, value in said.items() if value is not None})
