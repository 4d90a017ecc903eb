"""The database's own command-line client: psql, mariadb, sqlite3."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_manage.errors import CommandError
from alembic_manage.shell.child_process import run_child

if TYPE_CHECKING:
    from alembic_manage.database import Database
    from alembic_manage.dialects import ShellCall


def run_client(database: Database, parameters: Sequence[str] = ()) -> None:
    """Run the client on `database` until the user leaves it.

    Args:
        database: the one to open.
        parameters: more arguments for the client.

    Raises:
        CommandError: there is no client for this database, it is not installed, or it ended with another code than 0,
            which then is the error's `returncode`.
    """
    call = client_call(database, parameters)
    code = run_child(call.argv, call.env)
    if code:
        raise CommandError(f'"{shlex.join(call.argv)}" returned non-zero exit status {code}.', returncode=code)


def client_call(database: Database, parameters: Sequence[str] = ()) -> ShellCall:
    """The command line of the client that is installed.

    Raises:
        CommandError: there is no client for this database, or it is not installed.
    """
    query = dict(_texts(database.options.get("connect_args", {})))
    call = database.dialect.shell_call(database.url.update_query_dict(query), parameters)
    if call is None and database.dialect.is_file:
        raise CommandError(
            f"Database '{database.alias}' ({database.display}) lives in the memory of the process that opens it: "
            "another program cannot see it.",
            hint="python manage.py shell",
        )
    if call is None:
        raise CommandError(
            f"No command-line client is known for {database.dialect.title} (database '{database.alias}').",
            hint="python manage.py shell",
        )
    for program in (call.argv[0], *call.other_programs):
        if shutil.which(program):
            return replace(call, argv=(program, *call.argv[1:]))
    names = "' or '".join((call.argv[0], *call.other_programs))
    raise CommandError(f"The program '{names}' is not installed, or not on the PATH.", hint=call.install)


def _texts(arguments: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The driver's arguments as they would stand in a URL's query: {"ssl": {"ca": "x"}} is ssl_ca=x."""
    for name, value in arguments.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{prefix}{name}_")
        elif isinstance(value, str | int):
            yield f"{prefix}{name}", str(value)
