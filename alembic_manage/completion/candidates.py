"""The words that can come next on a command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from alembic_manage.catalog import CommandEntry, find_commands
from alembic_manage.completion.surroundings import Surroundings
from alembic_manage.errors import CommandError

HELP = "help"
_SIGNS = ("=", ":")


class Candidate(NamedTuple):
    """A word that a shell may offer."""

    word: str
    about: str = ""
    """What it is, in one line."""

    @property
    def line(self) -> str:
        """For the shells: the word, a tab, what it is."""
        return f"{self.word}\t{' '.join(self.about.split())}".rstrip()


def candidates(words: Sequence[str], around: Surroundings) -> list[Candidate]:
    """The words that can stand where the last one stands.

    Args:
        words: after the program's name, up to the cursor; the last one is the one that is being typed, perhaps empty.
        around: the project, if there is one.

    Returns:
        Those that begin with the last word, in the order in which a person looks for them. Empty where anything may
        stand, as a file's name.
    """
    # bash makes three words of "--database=default", and of "0001:0002".
    *before, current = [word for word in words if word not in _SIGNS] or [""]
    if words and words[-1] in _SIGNS:
        before, current = [*before, current], ""
    entries = find_commands(around.apps)
    if before in ([], [HELP]):
        # Only of these: what a command does is read from its file.
        entries = {name: entry for name, entry in entries.items() if name.startswith(current)}
        found = _commands(entries)
    else:
        found = _arguments(entries, before, current, around)
    return [candidate for candidate in found if candidate.word.startswith(current)]


def settings_named(words: Sequence[str]) -> str | None:
    """The settings module that a command line names, if it does."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, _, value = word.partition("=")
        if name == "--settings":
            return value or following.removeprefix("=") or None
    return None


def _commands(entries: dict[str, CommandEntry]) -> Iterator[Candidate]:
    yield from (Candidate(name, entry.summary) for name, entry in sorted(entries.items()))
    yield Candidate(HELP, "List the commands, or explain one")


def _arguments(
    entries: dict[str, CommandEntry], before: Sequence[str], current: str, around: Surroundings
) -> Iterator[Candidate]:
    if before[0] not in entries or "--" in before:
        return
    try:
        parser = entries[before[0]].load().create_parser("manage.py", before[0])
    except CommandError:
        return
    options = {flag: action for action in parser._actions for flag in action.option_strings}
    name, equals, _ = current.partition("=")
    if equals and name in options:
        yield from (Candidate(f"{name}={each.word}", each.about) for each in _values(options[name], around))
    elif before[-1] in options and _takes_value(options[before[-1]]):
        yield from _values(options[before[-1]], around)
    elif current.startswith("-"):
        yield from _flags(parser._actions, used=before, all_spellings=not current.startswith("--"))
    else:
        for action in parser._actions:
            if not action.option_strings:
                yield from _values(action, around, current)


def _takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def _flags(actions: Iterable[argparse.Action], used: Sequence[str], *, all_spellings: bool) -> Iterator[Candidate]:
    for action in actions:
        if action.help is argparse.SUPPRESS or set(action.option_strings) & set(used):
            continue
        long = [flag for flag in action.option_strings if flag.startswith("--")]
        for flag in action.option_strings if all_spellings else long[:1]:
            yield Candidate(flag, action.help or "")


def _values(action: argparse.Action, around: Surroundings, current: str = "") -> Iterator[Candidate]:
    if action.choices is not None:
        yield from (Candidate(str(choice)) for choice in action.choices)
        return
    from alembic_manage.completion.values import values_of

    metavar = action.metavar if isinstance(action.metavar, str) else action.dest
    with suppress(CommandError, OSError):
        yield from (Candidate(word, about) for word, about in values_of(metavar, around, current))
