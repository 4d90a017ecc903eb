"""Databases whose settings say PROTECTED: what could destroy data asks for their name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic_manage.command import CommandParser
from alembic_manage.console import ask, is_interactive
from alembic_manage.errors import CommandError, RefusedError
from alembic_manage.settings.alias import database_flag

if TYPE_CHECKING:
    from alembic_manage.environment import Environment


def add_confirm_argument(parser: CommandParser) -> None:
    """Add `--confirm`."""
    parser.add_argument(
        "--confirm",
        metavar="ALIAS",
        help="the alias of the database again, needed if its settings say PROTECTED",
    )


def require_confirmed(environment: Environment, command: str, options: Mapping[str, Any]) -> None:
    """Raise, unless the database is not protected, or its alias was given or is typed now.

    Args:
        environment: of the database.
        command: what is about to be done, for the messages.
        options: of the command: `confirm` and `interactive`.

    Raises:
        RefusedError: the alias was not given, and nobody is there to type it.
        CommandError: another name was given or typed.
    """
    alias = environment.database.alias
    if not environment.project.settings.database(alias).protected:
        return
    hint = f"python manage.py {command}{database_flag(alias)} --confirm {alias}"
    given = options["confirm"]
    if given is None:
        if not (options["interactive"] and is_interactive()):
            raise RefusedError(f"The database '{alias}' is protected: {command} needs its alias once more.", hint=hint)
        given = ask(
            f"The database '{alias}' ({environment.database.display}) is protected. Type its alias: ", hint=hint
        )
    if given != alias:
        raise CommandError(f"'{given}' is not '{alias}': nothing was changed.", hint=hint)
