"""The options of migrate and rollback about other migrators, a busy database, and what stopped halfway."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic_manage.command import CommandParser

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.execution.go_on import GoOn
    from alembic_manage.execution.policy import RunPolicy


def add_run_arguments(parser: CommandParser) -> None:
    """Add them."""
    group = parser.add_argument_group("locks and timeouts")
    group.add_argument(
        "--lock-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long to wait for another migrate or rollback, then exit 5; 0: try once; default: 300",
    )
    group.add_argument(
        "--table-lock-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long a statement may wait for a locked table or row; 0: forever; default: 5",
    )
    group.add_argument(
        "--statement-timeout", type=_seconds, metavar="SECONDS", help="how long a statement may take; default: no limit"
    )
    group.add_argument(
        "--lock-retries",
        type=_count,
        metavar="N",
        help="how often to roll back and retry a migration that could not get a lock; default: 10",
    )
    _add_resume_arguments(parser)


def _add_resume_arguments(parser: CommandParser) -> None:
    group = parser.add_argument_group("after a migration that stopped halfway")
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--resume-after",
        type=_count,
        metavar="N",
        help="continue after its statement N; this one and all before it took effect",
    )
    where.add_argument(
        "--resume-at", type=_count, metavar="N", help="continue with its statement N; only those before it took effect"
    )


def policy_from(environment: Environment, options: Mapping[str, Any], go_on: GoOn) -> RunPolicy:
    """The rules of a run: what the options say, then what the settings of the database say.

    Args:
        environment: of the database.
        options: of the command.
        go_on: what was typed.
    """
    from alembic_manage.execution.policy import policy_for

    after, at = options["resume_after"], options["resume_at"]
    return policy_for(
        environment,
        lock_timeout_s=options["lock_timeout"],
        table_lock_timeout_s=options["table_lock_timeout"],
        statement_timeout_s=options["statement_timeout"],
        lock_retries=options["lock_retries"],
        resume_at=after + 1 if after is not None else at,
        go_on=go_on,
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError(f"'{text}' is no number of seconds")
    return seconds


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is no whole number")
    return int(text)
