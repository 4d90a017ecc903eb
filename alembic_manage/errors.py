"""Every error of the suite, and the exit code that each ends with.

    CommandError                    1   the expected way to fail: one line, one hint
    ├── UsageError                  2   the command line is wrong
    │   ├── UnknownCommandError
    │   ├── UnknownDatabaseError
    │   └── UnknownAppError
    ├── SettingsError               1   the settings module is missing, raises, or holds something else than expected
    ├── ModelsError                 1   a models module cannot be imported, or holds no tables
    ├── EnvironmentFailedError      1   env.py or its surroundings cannot be run
    ├── ConnectionFailedError       1   no connection: driver, server, password or database
    ├── HistoryError                1   the revision files do not form a history
    │   ├── BrokenRevisionError         one file cannot be read as a revision
    │   ├── UnknownRevisionError        nothing has this id or prefix
    │   ├── AmbiguousRevisionError      several revisions begin with this prefix
    │   ├── MultipleHeadsError          several heads where one is needed
    │   └── HistoryStateError           the schema at a revision cannot be known
    ├── RecordError                 1   the version table does not fit the history
    │   └── MissingFileError            it holds a revision that has no file
    ├── RevisionFailedError         1   a revision raised, and was rolled back
    │   └── RevisionStoppedError    7   a revision raised partway on a database without transactional DDL
    ├── FixtureError                1   a fixture cannot be found, read, loaded or written
    ├── HookFailedError             1   a hook raised; with a CommandError of its own, the code of that
    ├── LockedError                 5   another migrator has the lock
    ├── SystemCheckError            1   checks found errors
    ├── AlreadyReportedError        *   a child process or the user's own code failed, and has said why
    ├── UnansweredQuestionError     3   nobody there to answer
    └── RefusedError                4   unsafe, or data would be lost

* whatever the child process ended with; 1 for the user's own code. Nothing is printed for it.

All of them are a CommandError, so that code written for Django (`except CommandError`) catches them.
"""

from __future__ import annotations

from enum import IntEnum

TYPE_CHECKING = False  # `help` waits for every import here
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import ClassVar


class ExitCode(IntEnum):
    """What the process ends with; the numbers are part of the public interface."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNANSWERED = 3
    REFUSED = 4
    LOCKED = 5
    DRIFT = 6
    STOPPED_PARTWAY = 7
    INTERRUPTED = 130


class CommandError(Exception):
    """The expected way for a command to fail: printed as one line, without a traceback.

    Args:
        message: one line about the user's world; never holds a password.
        returncode: the exit code of the process; the class has a default.
        hint: a command to type, or None where there is none.
    """

    default_returncode: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, *args: object, returncode: int | None = None, hint: str | None = None) -> None:
        super().__init__(*args)
        self.returncode = int(self.default_returncode if returncode is None else returncode)
        self.hint = hint


class UsageError(CommandError):
    """The command line is wrong."""

    default_returncode = ExitCode.USAGE


class UnknownCommandError(UsageError):
    """There is no command of this name."""


class UnknownDatabaseError(UsageError):
    """DATABASES has no such alias."""


class UnknownAppError(UsageError):
    """INSTALLED_APPS has no app with this label."""


class SettingsError(CommandError):
    """The settings module is missing, raises, or holds something else than expected."""


class ModelsError(CommandError):
    """A models module cannot be imported, or no tables were found."""


class EnvironmentFailedError(CommandError):
    """env.py, alembic.ini or the folder around them is missing or raises."""


class ConnectionFailedError(CommandError):
    """No connection: the driver, the server, the password or the database is missing or wrong."""


class HistoryError(CommandError):
    """The revision files do not form a history."""


class BrokenRevisionError(HistoryError):
    """One file cannot be read as a revision: syntax, id, duplicate id or missing parent."""


class UnknownRevisionError(HistoryError):
    """No revision has this id or prefix."""


class AmbiguousRevisionError(HistoryError):
    """Several revisions begin with this prefix."""


class MultipleHeadsError(HistoryError):
    """The history has several heads where one is needed."""


class HistoryStateError(HistoryError):
    """The schema at a revision cannot be known: a revision cannot be replayed, and no database can stand in."""


class RecordError(CommandError):
    """The version table holds something that the history does not know."""


class MissingFileError(RecordError):
    """The version table holds a revision that has no file: the database is ahead of this code, or beside it.

    Args:
        message: one line.
        ids: the revisions, in order.
        hint: a command to type.
    """

    def __init__(self, message: str, ids: Collection[str], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.ids = tuple(ids)


class RevisionFailedError(CommandError):
    """A revision raised; its transaction was rolled back, the revisions before it stay applied."""


class RevisionStoppedError(RevisionFailedError):
    """A revision raised after some of its statements took effect, on a database that cannot undo them."""

    default_returncode = ExitCode.STOPPED_PARTWAY


class FixtureError(CommandError):
    """A fixture cannot be found, read, loaded or written; of one that is loaded, no row was kept."""


class HookFailedError(CommandError):
    """A hook raised: what was done before it stays, and nothing is begun after it."""


class LockedError(CommandError):
    """Another migrator has the lock, and kept it for longer than this one was to wait; nothing was changed."""

    default_returncode = ExitCode.LOCKED


class SystemCheckError(CommandError):
    """The checks found errors."""


class AlreadyReportedError(CommandError):
    """What failed (pytest, the code of `shell -c`) has said why; only its exit code is handed on."""


class UnansweredQuestionError(CommandError):
    """A question was left open because nobody is there to answer it."""

    default_returncode = ExitCode.UNANSWERED


class RefusedError(CommandError):
    """Refused: it is unsafe, or would lose data."""

    default_returncode = ExitCode.REFUSED
