"""Revisions that read or change rows, of which the history state knows nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
# How a batch operation copies the rows of a table that it rebuilds: no work on rows of its own.
# Source: Alembic 1.20, alembic/operations/batch.py, ApplyBatchImpl._create.
_COPY = re.compile(r"INSERT INTO \W?(\w+\W?\.\W?)?_alembic_tmp_")
_SHOWN = 60


@dataclass(frozen=True)
class RowWork:
    """What a revision does with rows."""

    revision: str
    statements: tuple[str, ...]
    shared: tuple[tuple[str, str], ...] = ()
    """Pairs of a table that its statements name and another branch that touches it."""

    @property
    def line(self) -> str:
        """For a person."""
        first = " ".join(self.statements[0].split())
        shown = first if len(first) <= _SHOWN else f"{first[: _SHOWN - 3]}..."
        more = f", and {len(self.statements) - 1} more" if len(self.statements) > 1 else ""
        return f"Rows: not proven: {self.revision} runs {shown}{more}; {self._others}"

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {
            "revision": self.revision,
            "statements": list(self.statements),
            "tables": sorted({table for table, _ in self.shared}),
        }

    @property
    def _others(self) -> str:
        if not self.shared:
            return "no other branch touches these tables."
        found: dict[str, list[str]] = {}
        for table, branch in self.shared:
            found.setdefault(branch, []).append(table)
        return " and ".join(f"{branch} touches {', '.join(tables)} too" for branch, tables in found.items()) + "."


def row_work(
    statements: Mapping[str, Mapping[str, Sequence[str]]], tables: Mapping[str, Collection[str]], known: Collection[str]
) -> tuple[RowWork, ...]:
    """What the revisions of each branch do with rows, and whose tables they name.

    A table counts as named where its name is a word of a statement: too often is a question too many, too seldom is a
    merge that was not asked about.

    Args:
        statements: by branch, then by revision.
        tables: by branch, those that its changes of the schema touch.
        known: all tables of the schema before and after.
    """
    own = {branch: _without_copies(revisions) for branch, revisions in statements.items()}
    words = {
        branch: {revision: _words(found) for revision, found in revisions.items()} for branch, revisions in own.items()
    }
    used = {
        branch: {table for table in known if any(_name(table) in each for each in revisions.values())}
        for branch, revisions in words.items()
    }
    return tuple(
        RowWork(revision, tuple(found), tuple(_shared(words[branch][revision], _touched(branch, tables, used))))
        for branch, revisions in own.items()
        for revision, found in revisions.items()
    )


def _without_copies(revisions: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    own = {revision: [each for each in found if not _COPY.match(each)] for revision, found in revisions.items()}
    return {revision: found for revision, found in own.items() if found}


def _touched(
    branch: str, tables: Mapping[str, Collection[str]], used: Mapping[str, Collection[str]]
) -> Mapping[str, frozenset[str]]:
    """The tables that each other branch touches, be it their schema or their rows."""
    return {other: frozenset(tables[other]) | frozenset(used.get(other, ())) for other in tables if other != branch}


def _shared(words: frozenset[str], touched: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    for other, tables in touched.items():
        yield from ((table, other) for table in sorted(tables) if _name(table) in words)


def _words(statements: Sequence[str]) -> frozenset[str]:
    return frozenset(word.lower() for statement in statements for word in _WORD.findall(statement))


def _name(table: str) -> str:
    """The table's name without its schema, as a word of a statement would be; of an odd name its first word."""
    found = _WORD.findall(table.rpartition(".")[2])
    return found[0].lower() if found else table
