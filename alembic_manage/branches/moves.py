"""What becomes of the files of a branch that goes behind another head: other ids, other names, the same operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.branches.files import Replacement, replace_files
from alembic_manage.branches.fork import Branch
from alembic_manage.branches.identifiers import ComputedIdentifierError, NewIds, with_ids
from alembic_manage.branches.numbering import number_of, with_number
from alembic_manage.errors import CommandError, RefusedError
from alembic_manage.history import History, Revision
from alembic_manage.location import display_path

_MERGE = "python manage.py makemigrations --merge"


@dataclass(frozen=True)
class Move:
    """What becomes of one revision."""

    old: Revision
    id: str
    path: Path
    parent: str
    """Its new `down_revision`."""

    def as_json(self, root: Path) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {
            "old": self.old.id,
            "new": self.id,
            "old_path": display_path(self.old.path, root),
            "path": display_path(self.path, root),
            "down_revision": self.parent,
        }

    @property
    def new(self) -> Revision:
        """The revision afterwards, but for `depends_on`."""
        return Revision(
            self.id, self.path, (self.parent,), self.old.depends_on, self.old.branch_labels, self.old.message
        )


def moves_of(history: History, branch: Branch, onto: Revision, root: Path) -> tuple[Move, ...]:
    """How the branch follows `onto`, revision by revision; nothing is written.

    A number at the beginning of an id is counted on from the highest of the others; an id without one stays as it is.

    Args:
        history: a sound history.
        branch: what moves.
        onto: another head.
        root: the project's folder, for messages.

    Raises:
        RefusedError: it is no single chain of revisions, or another revision depends on it.
    """
    if not branch.revisions:
        raise RefusedError(f"{onto.id} depends on {branch.name}, which therefore cannot follow it.", hint=_MERGE)
    _require_chain(history, branch)
    _require_independent(history, branch, root)
    moves: list[Move] = []
    others = [revision.id for revision in history if revision.id not in branch.ids]
    number = max((number_of(id) for id in others), default=0)
    parent = onto.id
    for revision in branch.revisions:
        number += number_of(revision.id) > 0
        id = with_number(revision.id, number)
        moves.append(Move(revision, id, _path(revision, id), parent))
        parent = id
    _require_sound(history, branch, onto, moves)
    return tuple(moves)


def write_moves(moves: Sequence[Move], root: Path) -> None:
    """Write all files of the branch anew, or none.

    Raises:
        RefusedError: an id in a file is computed.
        CommandError: a file cannot be written, or a name is taken; everything is as it was.
    """
    renamed = {move.old.id: move.id for move in moves if move.id != move.old.id}
    replacements = [Replacement(move.old.path, move.path, _content(move, renamed, root)) for move in moves]
    try:
        replace_files(replacements)
    except OSError as error:
        shown = display_path(Path(str(error.filename or moves[0].path)), root)
        raise CommandError(
            f"{shown} cannot be written: {error.strerror}. Nothing was changed.",
            hint=f"ls -ld {display_path(moves[0].path.parent, root)}",
        ) from error


def mentions(moves: Sequence[Move], root: Path) -> Iterator[str]:
    """Where a file of the branch still names an old id, a line each: in texts and comments nothing is changed."""
    for move in moves:
        for other in moves:
            if other.id == other.old.id:
                continue
            pattern = re.compile(rf"(?<!\w){re.escape(other.old.id)}(?!\w)")
            lines = move.path.read_text(encoding="utf-8", errors="replace").splitlines()
            for number, line in enumerate(lines, start=1):
                if pattern.search(line):
                    place = f"{display_path(move.path, root)}:{number}"
                    yield f"{place} still names {other.old.id}, which is {other.id} now."


def _require_chain(history: History, branch: Branch) -> None:
    merges = [revision.id for revision in branch.revisions if revision.is_merge]
    apart = [
        revision.id
        for revision, before in zip(branch.revisions, _before(branch), strict=True)
        if set(revision.down_revisions) & branch.ids != before
    ]
    if merges or apart:
        why = f"{merges[0]} is a merge" if merges else f"{apart[0]} branches off"
        raise RefusedError(f"The branch of {branch.name} is no single line of migrations: {why}.", hint=_MERGE)
    for revision in branch.revisions:
        followers = sorted(set(history.followers(revision.id)) - branch.ids)
        if followers:
            raise RefusedError(
                f"{revision.id} is followed by {', '.join(followers)} too, which does not move.", hint=_MERGE
            )


def _before(branch: Branch) -> list[set[str]]:
    """What each revision of a single line has before it in the branch."""
    return [set(), *({revision.id} for revision in branch.revisions[:-1])]


def _require_independent(history: History, branch: Branch, root: Path) -> None:
    """Raise where a revision that stays names one that moves."""
    for revision in history:
        needed = set(history.parents(revision.id)) & branch.ids
        if needed and revision.id not in branch.ids:
            raise RefusedError(
                f"{display_path(revision.path, root)} depends on {', '.join(sorted(needed))}, which would move.",
                hint=_MERGE,
            )


def _require_sound(history: History, branch: Branch, onto: Revision, moves: Sequence[Move]) -> None:
    """Raise unless the history afterwards has the other heads and the moved one."""
    renamed = {move.old.id: move.id for move in moves}
    moved = [
        Revision(
            new.id, new.path, new.down_revisions, tuple(renamed.get(id, id) for id in new.depends_on), new.branch_labels
        )
        for new in (move.new for move in moves)
    ]
    after = History([*(revision for revision in history if revision.id not in branch.ids), *moved])
    expected = {head.id for head in history.heads} - {onto.id, branch.name} | {moves[-1].id}
    others = sorted({head.id for head in after.heads} ^ expected)
    if after.problems or others or len(after) != len(history):
        why = after.problems[0].message if after.problems else f"nothing would follow {', '.join(others)} then."
        raise RefusedError(f"The branch of {branch.name} cannot follow {onto.id}: {why}", hint=_MERGE)


def _path(revision: Revision, id: str) -> Path:
    """The file's new name, where it is named after the id."""
    if not revision.path.name.startswith(revision.id):
        return revision.path
    return revision.path.with_name(id + revision.path.name.removeprefix(revision.id))


def _content(move: Move, renamed: Mapping[str, str], root: Path) -> bytes:
    new = NewIds(
        move.old.id,
        move.id,
        next(iter(move.old.down_revisions), None),
        move.parent,
        {old: renamed[old] for old in move.old.depends_on if old in renamed},
    )
    try:
        return with_ids(move.old.path.read_bytes(), new)
    except ComputedIdentifierError as error:
        raise RefusedError(
            f"{display_path(move.old.path, root)} computes its {error}, which cannot be changed from outside.",
            hint=f"write it as a literal there, or join the branches: {_MERGE}",
        ) from error
