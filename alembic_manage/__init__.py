"""Django's management commands for SQLAlchemy projects, backed by plain Alembic: the public names."""

from alembic_manage.errors import (
    AlreadyReportedError,
    AmbiguousRevisionError,
    BrokenRevisionError,
    CommandError,
    ConnectionFailedError,
    EnvironmentFailedError,
    ExitCode,
    FixtureError,
    HistoryError,
    HistoryStateError,
    HookFailedError,
    LockedError,
    MissingFileError,
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
from alembic_manage.version import VERSION as __version__

TYPE_CHECKING = False  # not from typing, which takes longer to import than all of this
if TYPE_CHECKING:
    from alembic_manage.command import BaseCommand, CommandParser, LabelCommand
    from alembic_manage.invocation import call_command
    from alembic_manage.project import Project
    from alembic_manage.state.historical import historical_tables

_IMPORTED_LATER = {
    "BaseCommand": "command",
    "CommandParser": "command",
    "LabelCommand": "command",
    "Project": "project",
    "call_command": "invocation",
    "historical_tables": "state.historical",
}
"""The modules of the names that cost something: `python manage.py help` needs none of them."""

__all__ = [
    "AlreadyReportedError",
    "AmbiguousRevisionError",
    "BaseCommand",
    "BrokenRevisionError",
    "CommandError",
    "CommandParser",
    "ConnectionFailedError",
    "EnvironmentFailedError",
    "ExitCode",
    "FixtureError",
    "HistoryError",
    "HistoryStateError",
    "HookFailedError",
    "LabelCommand",
    "LockedError",
    "MissingFileError",
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
    "historical_tables",
]


def __getattr__(name: str) -> object:
    """A public name that nobody has asked for before."""
    if name not in _IMPORTED_LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_IMPORTED_LATER[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, asked for or not."""
    return sorted({*globals(), *__all__})
