"""Commands called from Python, as Django's `call_command` does."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alembic_manage.catalog import find_command
from alembic_manage.command import BaseCommand


def call_command(command_name: str | BaseCommand, *args: object, **options: Any) -> Any:
    """Run a command from Python, as Django's function of this name does.

    Args:
        command_name: its name, or a command object.
        args: arguments as on the command line ("0002", "--plan").
        options: options by their name in Python (`plan=True`, `verbosity=0`), and `stdout` / `stderr` streams.

    Returns:
        What the command's `handle` returned.

    Raises:
        UnknownCommandError: there is no such command.
        TypeError: the command has no such option.
        CommandError: the command failed; `returncode` is what the process would have ended with.
    """
    if isinstance(command_name, BaseCommand):
        command, name = command_name, type(command_name).__module__.rpartition(".")[2]
    else:
        name = command_name
        command = find_command(name, options.get("settings")).load()
    command.settings_module = options.get("settings")
    parser = command.create_parser("manage.py", name)
    actions = list(_actions(parser))
    named = {_by_destination(actions, option): value for option, value in options.items()}
    _refuse_unknown(name, named, [*(action.dest for action in actions), *command.stealth_options, *_STREAMS])
    words = [str(word) for arg in args for word in (arg if isinstance(arg, list | tuple) else [arg])]
    parsed = vars(command.parse(parser, [*words, *_required_words(parser, actions, named)]))
    positional = parsed.pop("args", ())
    return command.execute(*positional, **{**parsed, "skip_checks": True, **named})


_STREAMS = ("stdout", "stderr", "skip_checks")


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser and of its sub-parsers."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _actions(child)
        if action.dest not in ("help", argparse.SUPPRESS):
            yield action


def _by_destination(actions: Iterable[argparse.Action], option: str) -> str:
    """The destination of an option that is given by it, or by its flag: `check` for --check."""
    for action in actions:
        if option in (flag.lstrip("-").replace("-", "_") for flag in action.option_strings):
            return action.dest
    return option


def _required_words(
    parser: argparse.ArgumentParser, actions: Iterable[argparse.Action], named: dict[str, Any]
) -> list[str]:
    """The named options that the parser would miss, as words of a command line."""
    groups = [group for group in parser._mutually_exclusive_groups if group.required]
    required = {id(action) for group in groups for action in group._group_actions}
    words: list[str] = []
    for action in actions:
        chosen = action.dest in named and action.option_strings and (action.required or id(action) in required)
        # Of two flags with one destination, the one that stands for the value.
        if chosen and (action.nargs != 0 or getattr(action, "const", None) == named[action.dest]):
            words += [min(action.option_strings), *(_texts(named[action.dest]) if action.nargs != 0 else ())]
    return words


def _refuse_unknown(name: str, options: dict[str, Any], known: Sequence[str]) -> None:
    unknown = sorted(set(options).difference(known))
    if unknown:
        raise TypeError(f"{name} has no option {', '.join(unknown)}; it has: {', '.join(sorted(set(known)))}.")


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
