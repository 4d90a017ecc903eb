"""The renames of a revision that is written anew: they are answers already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from alembic_manage.outline import Change, outline_of
from alembic_manage.questions import Given
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of


def renames_in(path: Path) -> Mapping[str, str]:
    """What a revision's upgrade() renames, as --rename would say it: the first name of each thing, and its last one.

    Columns and tables, also in SQL, and the values of named types. Indexes and constraints are left out: renaming them
    loses nothing, so nobody is asked.
    """
    first: dict[str, str] = {}
    for change in outline_of(path, "upgrade"):
        for old, new in _renames(change):
            first[new] = first.pop(old, old)
    return {old: new for new, old in first.items() if old != new}


def with_kept(given: Given, kept: Mapping[str, str]) -> Given:
    """The answers of the command line, and those of the revision where they do not contradict.

    What the revision renamed and the command line renames again is one rename from the first name to the last.
    """
    renames = dict(kept)
    used = set(kept)
    first = {new: old for old, new in kept.items()}
    for old, new in given.renames.items():
        begun = first.get(old)
        if begun is not None and old not in kept:
            renames[begun] = new
        else:
            renames[old] = new
            used.discard(old)
    renames = {old: new for old, new in renames.items() if old not in given.not_renamed}
    return Given(renames, given.not_renamed, given.values, given.later, given.proceed, used)


def _renames(change: Change) -> Iterator[tuple[str, str]]:
    prefix = f"{change.schema}." if change.schema else ""
    if change.kind == "rename_table":
        yield f"{prefix}{change.table}", f"{prefix}{change.new_name}"
    elif change.kind == "alter_column" and change.new_name:
        yield f"{prefix}{change.table}.{change.name}", f"{prefix}{change.table}.{change.new_name}"
    elif change.statement:
        yield from _of_sql(list(tokens_of(change.statement)))


def _of_sql(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """ALTER TABLE a RENAME [COLUMN b] TO c; ALTER TYPE a RENAME VALUE 'b' TO 'c'."""
    words = [token.text.upper() if token.kind is TokenKind.WORD else "" for token in tokens]
    if words[:1] != ["ALTER"] or words[1:2] not in (["TABLE"], ["TYPE"]) or "RENAME" not in words:
        return
    place = words.index("RENAME")
    path = "".join(token.value for token in tokens[2:place])
    rest = [token for token in tokens[place + 1 :] if token.text != ";"]
    kind = rest[0].text.upper() if rest else ""
    named = {"TABLE": "COLUMN", "TYPE": "VALUE"}[words[1]]
    if kind == named and len(rest) == 4 and rest[2].text.upper() == "TO":
        yield f"{path}.{rest[1].value}", f"{path}.{rest[3].value}"
    elif kind == "TO" and len(rest) == 2 and words[1] == "TABLE":
        schema = path.rpartition(".")[0]
        yield path, f"{schema}.{rest[1].value}" if schema else rest[1].value
