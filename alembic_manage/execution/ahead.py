"""A database that is ahead of this code, or beside it, in words: which revisions, when, by whom, and what to type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, MissingFileError
from alembic_manage.execution.ledger import Ledger
from alembic_manage.execution.missing import FAKE, MissingRevision, get_the_code, missing_revisions


@contextmanager
def explained(environment: Environment) -> Iterator[None]:
    """Add to a MissingFileError that is raised inside what the ledger knows.

    Raises:
        MissingFileError: the one from inside, with more words.
    """
    try:
        yield
    except MissingFileError as error:
        raise _explained(environment, error) from error


def read_missing(environment: Environment) -> tuple[MissingRevision, ...]:
    """What is applied to a database and has no file here, parents first; nothing is written or run.

    Of several records (env.py loops over schemas) the first one that knows of a revision counts.

    Raises:
        ConnectionFailedError: there is no connection.
        EnvironmentFailedError: env.py raises, or the ledger may not be read.
    """
    history = environment.history
    read = environment.read(lambda context, heads: missing_revisions(history, Ledger(context), heads))
    found: dict[str, MissingRevision] = {}
    for missing in (each for several in read for each in several):
        if missing.id not in found or found[missing.id].entry is None:
            found[missing.id] = missing
    return tuple(found.values())


def way_back(missing: Sequence[MissingRevision], alias: str) -> str:
    """The hint for revisions without a file: what to type."""
    database = "" if alias == "default" else f" --database {alias}"
    where = get_the_code([each.id for each in missing])
    if any(each.objection for each in missing):
        return f"{where}; or {FAKE}{database}"
    return f"{where}; or take it back with its recorded code: python manage.py rollback --from-record{database}"


def _explained(environment: Environment, error: MissingFileError) -> MissingFileError:
    try:
        missing = read_missing(environment)
    except CommandError:
        return error  # the ledger cannot be read: what is known without it
    if not missing:
        return error  # another process has taken it back meanwhile
    names = ", ".join(repr(id) for id in error.ids)
    lines = "\n".join(f"  {each.line}" for each in missing)
    return MissingFileError(
        f"The database is at migration {names}, which has no file here: it is ahead of this code, or another branch is "
        f"checked out.\n{lines}",
        error.ids,
        hint=way_back(missing, environment.database.alias),
    )
