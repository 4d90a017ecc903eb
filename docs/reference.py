"""Writes docs/commands.md from the commands' own parsers: `python docs/reference.py`; `--check` only compares.

Reads the actions of each parser, not argparse's help text, whose layout differs between Pythons and terminals.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("commands.md")
sys.path.insert(0, str(ROOT))

from alembic_manage.catalog import CommandEntry, find_commands  # noqa: E402
from alembic_manage.command import BaseCommand  # noqa: E402

PROGRAM = "manage.py"
INTRODUCTION = """\
# Commands

<!-- Written by docs/reference.py; change the commands' own help texts instead. -->

`python manage.py COMMAND`. In a folder with a `settings.py`, `alembic-manage COMMAND` and
`python -m alembic_manage COMMAND` do the same.

- `python manage.py help`, or no argument at all, lists the commands, those of your own apps too.
  `help --commands` lists their names only.
- `python manage.py help COMMAND` and `python manage.py COMMAND --help` explain one.
- `python manage.py --version` prints the version.

A migration is named by its id, by any beginning of its id that no other has, or by a branch label.
[Exit codes](errors.md) and [JSON shapes](json.md) have pages of their own.
"""


def reference() -> str:
    """The text of docs/commands.md."""
    entries = [entry for _, entry in sorted(find_commands([]).items())]
    parts = [INTRODUCTION, *_contents(entries), *_common_options()]
    for entry in entries:
        parts += _section(entry.name, entry.load())
    return "\n".join(parts).rstrip() + "\n"


def _contents(entries: Iterable[CommandEntry]) -> Iterator[str]:
    yield "| command | what it does |\n| --- | --- |"
    for entry in entries:
        yield f"| [{entry.name}](#{entry.name}) | {_cell(_first_sentence(entry.load().help))} |"
    yield ""


def _common_options() -> Iterator[str]:
    """The options that every command has, taken from a command without any of its own."""
    yield "## Options of every command\n"
    for action in _actions(BaseCommand(), common=True):
        yield _item(action)
    yield ""


def _section(name: str, command: BaseCommand) -> Iterator[str]:
    actions = _actions(command, common=False)
    arguments = [action for action in actions if not action.option_strings]
    options = [action for action in actions if action.option_strings]
    usage = [f"python {PROGRAM} {name}", *(["[options]"] if options else []), *map(_usage, arguments)]
    yield f"## {name}\n\n    {' '.join(usage)}\n\n{command.help}\n"
    for title, listed in (("Arguments", arguments), ("Options", options)):
        if listed:
            yield f"{title}:\n"
            yield from map(_item, listed)
            yield ""
    for group in _alternatives(command):
        yield f"At most one of {', '.join(f'`{_longest(action)}`' for action in group)}.\n"
    missing = [f"`{_longest(action)}`" for action in _suppressed(command)]
    if missing:
        yield f"Not for this command: {', '.join(missing)}.\n"


def _actions(command: BaseCommand, *, common: bool) -> list[argparse.Action]:
    """The command's own actions, or those of every command; without --help and what is hidden."""
    parser = command.create_parser(PROGRAM, "COMMAND")
    # BaseCommand.create_parser adds the options of every command last, as a group.
    shared = {id(action) for action in parser._action_groups[-1]._group_actions}
    return [
        action
        for action in parser._actions
        if action.dest != "help" and action.help is not argparse.SUPPRESS and (id(action) in shared) == common
    ]


def _alternatives(command: BaseCommand) -> Iterator[list[argparse.Action]]:
    for group in command.create_parser(PROGRAM, "COMMAND")._mutually_exclusive_groups:
        yield list(group._group_actions)


def _suppressed(command: BaseCommand) -> Iterator[argparse.Action]:
    """The options of every command that this one leaves out."""
    for action in command.create_parser(PROGRAM, "COMMAND")._action_groups[-1]._group_actions:
        if action.help is argparse.SUPPRESS:
            yield action


def _item(action: argparse.Action) -> str:
    names = ", ".join(f"`{name}`" for name in _names(action))
    return f"- {names}: {_explanation(action)}"


def _names(action: argparse.Action) -> list[str]:
    """The spellings of an option, the last one with its value; or the name of an argument."""
    if not action.option_strings:
        return [_metavar(action)]
    *others, last = action.option_strings
    value = "" if action.nargs == 0 else f" {_metavar(action)}"
    return [*others, f"{last}{value}"]


def _usage(action: argparse.Action) -> str:
    """An argument as the usage line shows it."""
    name = _metavar(action)
    if name.startswith("["):
        return name  # it shows by itself what may be left out
    several = " ..." if action.nargs in ("*", "+", argparse.REMAINDER) else ""
    return f"{name}{several}" if action.nargs in (None, "+") else f"[{name}{several}]"


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return f"{{{','.join(map(str, action.choices))}}}"
    return action.dest.upper() if action.option_strings else action.dest


def _longest(action: argparse.Action) -> str:
    return max(action.option_strings, key=len)


def _explanation(action: argparse.Action) -> str:
    text = (action.help or "") % {**vars(action), "prog": PROGRAM}
    return " ".join(text.split()) or "(no help)"


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].strip().rstrip(".")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the page, or compare it; the exit code."""
    parser = argparse.ArgumentParser(description="Write docs/commands.md from the commands' own parsers.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is not current")
    text = reference()
    if not parser.parse_args().check:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
        sys.stderr.write("docs/commands.md is not current. Hint: python docs/reference.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
