"""The options that answer questions: what they look like, and what they say."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alembic_manage.errors import UsageError
from alembic_manage.questions.given import Given
from alembic_manage.questions.typed import as_typed

_SHAPES = {
    "rename": ("OLD:NEW", "orders.placed:orders.placed_at"),
    "no_rename": ("PATH", "orders.placed"),
    "default": ("PATH=VALUE", "orders.total=0"),
    "later": ("PATH", "orders.total"),
    "proceed": ("PATH", "orders.total"),
}


def add_answer_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that answer a question beforehand; each may be repeated."""
    group = parser.add_argument_group("answers")
    helps = {
        "rename": "this was renamed: orders.placed:orders.placed_at; also tables, indexes, enum values",
        "no_rename": "this was not renamed; drop it, with its data",
        "default": "the value for existing rows: orders.total=0, 'orders.placed=now()'",
        "later": "leave this out of the migration for now",
        "proceed": "go ahead; rows that do not fit stop the migration, or are converted, as the question says",
    }
    for name, text in helps.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            action="append",
            default=[],
            metavar=_SHAPES[name][0],
            help=f"{text}; may be repeated",
        )
    group.add_argument("--allow-drops", action="store_true", help="allow dropping all tables, or most of them")


def given_by(options: Mapping[str, Any]) -> Given:
    """The answers in a command's parsed options.

    Raises:
        UsageError: one has the wrong shape, or two contradict one another.
    """
    renames = _pairs(options, "rename", ":")
    given = Given(
        renames={old: _with_parent(old, new) for old, new in renames},
        not_renamed=frozenset(_paths(options, "no_rename")),
        values=dict(_pairs(options, "default", "=")),
        later=frozenset(_paths(options, "later")),
        proceed=frozenset(_paths(options, "proceed")),
    )
    for one, other in _contradictions(options, given):
        raise UsageError(f"{one} and {other} contradict one another.", hint="leave out one of them")
    return given


def _with_parent(old: str, new: str) -> str:
    """The new path, to which the table (or schema) of the old one belongs where it names none."""
    parent = old.rpartition(".")[0]
    return f"{parent}.{new}" if parent and "." not in new else new


def _pairs(options: Mapping[str, Any], name: str, separator: str) -> list[tuple[str, str]]:
    pairs = []
    for text in options.get(name) or ():
        first, found, second = text.partition(separator)
        first, second = first.strip(), second.strip()
        is_name = name != "rename" or (second and separator not in second and _with_parent(first, second) != first)
        if not (first and found and is_name):
            raise _wrong_shape(name, text)
        pairs.append((first, second))
    return pairs


def _paths(options: Mapping[str, Any], name: str) -> list[str]:
    paths: Sequence[str] = options.get(name) or ()
    for path in paths:
        if not path.strip() or path.startswith(".") or path.endswith((".", ":", "=")):
            raise _wrong_shape(name, path)
    return [path.strip() for path in paths]


def _wrong_shape(name: str, text: str) -> UsageError:
    shape, example = _SHAPES[name]
    flag = f"--{name.replace('_', '-')}"
    return UsageError(
        f"{as_typed(f'{flag} {text}')} is not of the form {flag} {shape}.",
        hint=f"python manage.py makemigrations {flag} {example}",
    )


def _contradictions(options: Mapping[str, Any], given: Given) -> Iterator[tuple[str, str]]:
    """Pairs of options that cannot both be meant."""
    renames = [(old, _with_parent(old, new)) for old, new in _pairs(options, "rename", ":")]
    values = _pairs(options, "default", "=")
    for position, (old, new) in enumerate(renames):
        for other, target in renames[:position]:
            if (other == old) != (target == new):
                yield f"--rename {other}:{target}", f"--rename {old}:{new}"
        if old in given.not_renamed:
            yield f"--rename {old}:{new}", f"--no-rename {old}"
    for path, typed in values:
        if given.values[path] != typed:
            yield f"--default {path}={typed}", f"--default {path}={given.values[path]}"
        if path in given.later:
            yield f"--default {path}={typed}", f"--later {path}"
    for path in sorted(given.later & given.proceed):
        yield f"--later {path}", f"--proceed {path}"
