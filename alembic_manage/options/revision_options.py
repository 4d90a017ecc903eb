"""The options of makemigrations, and which of them go together."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from typing import Any

from alembic_manage.command import CommandParser, add_database_argument, add_json_argument, add_no_input_argument
from alembic_manage.errors import UsageError
from alembic_manage.options.against import add_against_argument
from alembic_manage.questions.flags import add_answer_arguments

_KINDS = ("empty", "merge", "rebase", "update", "accept-current")
_JOINS = (["--merge"], ["--rebase"])


def add_revision_arguments(parser: CommandParser) -> None:
    """Add every option of makemigrations: Django's, and ours."""
    parser.add_argument("args", metavar="app", nargs="*", help="only tables of these apps; default: all")
    add_database_argument(parser)
    add_no_input_argument(parser)
    add_json_argument(parser)
    parser.add_argument("-n", "--name", help="the name after the number; default: made from the changes")
    parser.add_argument("--empty", action="store_true", help="write an empty migration, to fill in by hand")
    parser.add_argument("--merge", action="store_true", help="join several heads with a new migration")
    parser.add_argument(
        "--rebase",
        nargs="?",
        const=True,
        metavar="BRANCH",
        help="move a branch behind the other head, giving its files new ids and names; default: your own, which is "
        "neither in git's main branch nor applied to a database",
    )
    parser.add_argument("--onto", metavar="BRANCH", help="with --rebase: the branch that stays")
    parser.add_argument(
        "--allow-conflicts",
        action="store_true",
        help="with --merge and --rebase: go on even if the order of the branches matters, or may matter",
    )
    parser.add_argument("--update", action="store_true", help="rewrite the last migration, if it is not applied yet")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written; -v 3 prints the file")
    parser.add_argument(
        "--check", action="store_true", dest="check_changes", help="write nothing; exit 1 if something changed"
    )
    add_against_argument(parser)
    parser.add_argument(
        "--accept-current",
        action="store_true",
        help="record the current differences in a file, and ignore them from now on",
    )
    parser.add_argument(
        "--zero-downtime",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="write the change as several migrations that the application can run through; see migrate --phase",
    )
    parser.add_argument(
        "--no-header", action="store_false", dest="header", help="leave id and date out of the docstring"
    )
    parser.add_argument(
        "--scriptable",
        action="store_true",
        help="print only paths on standard output, all else on standard error",
    )
    add_answer_arguments(parser)


def kinds_in(options: Mapping[str, Any]) -> list[str]:
    """The flags among `options` that ask for something else than what changed; of one use only one makes sense."""
    return [f"--{kind}" for kind in _KINDS if options[kind.replace("-", "_")]]


def refuse_combinations(options: Mapping[str, Any], labels: Collection[str], given: object) -> None:
    """Refuse options that contradict one another.

    Args:
        options: as they were parsed.
        labels: the apps that are named.
        given: the answers to questions among them; false for none.

    Raises:
        UsageError: two of them do not go together.
    """
    kinds = kinds_in(options)
    without_check = options["empty"] or options["accept_current"]
    if len(kinds) > 1 or (without_check and options["check_changes"]):
        raise UsageError(
            f"{' and '.join([*kinds, *['--check'] * (len(kinds) == 1)])} do not go together.",
            hint="python manage.py makemigrations --help",
        )
    rebases = kinds == ["--rebase"]
    for option, fits in (("onto", rebases), ("name", not rebases), ("allow_conflicts", kinds in _JOINS)):
        if options[option] and not fits:
            raise UsageError(
                f"--{option.replace('_', '-')} does not go with {kinds[0] if kinds else 'new changes'}.",
                hint="python manage.py makemigrations --help",
            )
    if given and kinds not in ([], ["--update"]):
        raise UsageError(
            f"{kinds[0]} asks nothing: there is nothing that an answer could belong to.",
            hint=f"python manage.py makemigrations {kinds[0]}",
        )
    if options["accept_current"] and (labels or options["json"]):
        raise UsageError(
            "--accept-current is about all apps, and prints text.",
            hint="python manage.py makemigrations --accept-current",
        )
