"""Django's management commands for SQLAlchemy projects, backed by plain Alembic: the public names."""

from alembic_manage.catalog import call_command
from alembic_manage.command import BaseCommand, CommandParser, LabelCommand
from alembic_manage.errors import (
    AmbiguousRevisionError,
    BrokenRevisionError,
    CommandError,
    ConnectionFailedError,
    EnvironmentFailedError,
    ExitCode,
    HistoryError,
    ModelsError,
    MultipleHeadsError,
    RecordError,
    RefusedError,
    RevisionFailedError,
    RevisionStoppedError,
    SettingsError,
    SystemCheckError,
    UnansweredQuestionError,
    UnknownAppError,
    UnknownCommandError,
    UnknownDatabaseError,
    UnknownRevisionError,
    UsageError,
)
from alembic_manage.project import Project
from alembic_manage.version import VERSION as __version__

__all__ = [
    "AmbiguousRevisionError",
    "BaseCommand",
    "BrokenRevisionError",
    "CommandError",
    "CommandParser",
    "ConnectionFailedError",
    "EnvironmentFailedError",
    "ExitCode",
    "HistoryError",
    "LabelCommand",
    "ModelsError",
    "MultipleHeadsError",
    "Project",
    "RecordError",
    "RefusedError",
    "RevisionFailedError",
    "RevisionStoppedError",
    "SettingsError",
    "SystemCheckError",
    "UnansweredQuestionError",
    "UnknownAppError",
    "UnknownCommandError",
    "UnknownDatabaseError",
    "UnknownRevisionError",
    "UsageError",
    "__version__",
    "call_command",
]
