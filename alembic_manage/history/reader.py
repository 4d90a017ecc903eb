"""Reads the history that lies in folders; with a cache, only the files that have changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic_manage.errors import BrokenRevisionError
from alembic_manage.history.cache import Fresh, GraphCache, Identifiers, Kept, Shape, digest_of
from alembic_manage.history.history import History
from alembic_manage.history.listing import Listing, list_revisions
from alembic_manage.history.revision import Problem, Revision
from alembic_manage.history.revision_file import file_content, plain_revision, run_revision
from alembic_manage.location import display_path


def read_history(folders: Sequence[Path], *, recursive: bool = False, cache: GraphCache | None = None) -> History:
    """The history in the version folders; what is wrong with files is in its `problems`.

    Args:
        folders: absolute paths; a missing one is a problem.
        recursive: whether folders below them count.
        cache: of the same folders; None to read every file.
    """
    listing = list_revisions(folders, recursive=recursive)
    kept = cache.load() if cache is not None else None
    if kept is not None and kept.shape is not None and not listing.problems and kept.is_of(listing):
        return _known(listing, kept.files, kept.shape)
    reading = _Reading(listing, kept)
    history = reading.history()
    if cache is not None and reading.has_news:
        cache.save(listing, reading.fresh, _shape(history, reading))
    return history


class _Reading:
    """Reads the files of a listing one by one.

    Args:
        listing: the files.
        kept: what is known of them; None for nothing.
    """

    def __init__(self, listing: Listing, kept: Kept | None) -> None:
        self.listing = listing
        self.kept = kept
        self.fresh = Fresh()
        self.problems: list[Problem] = list(listing.problems)
        self.has_news = kept is None or not kept.is_of(listing)

    def history(self) -> History:
        """The history, with its problems."""
        found: dict[str, Revision] = {}
        for index, path in enumerate(self.listing.paths):
            try:
                revision = self._revision(index, path)
            except BrokenRevisionError as error:
                self.problems.append(Problem("unreadable", str(error), error.hint or ""))
                continue
            other = found.setdefault(revision.id, revision)
            if other is not revision:
                self.problems.append(_duplicate(other, revision))
        return History(found.values(), self.problems)

    def _revision(self, index: int, path: str) -> Revision:
        """The revision in a file; `fresh` grows by what may be kept of it.

        Raises:
            BrokenRevisionError: it is none.
        """
        known = self._unchanged(index, path)
        if known is not None:
            return self._keep(*known, path)
        self.fresh.digests.append(b"\0" * len(digest_of(b"")))
        self.fresh.files.append(None)
        content = file_content(Path(path))
        digest = digest_of(content)
        known_at = self.kept.by_digest.get(digest) if self.kept is not None else None
        if self.kept is not None and known_at is not None:
            identifiers = self.kept.files[known_at]
            assert identifiers is not None
        else:
            revision = plain_revision(content, Path(path))
            if revision is None:
                return run_revision(Path(path))
            identifiers = _identifiers(revision)
        self.fresh.digests.pop()
        self.fresh.files.pop()
        return self._keep(digest, identifiers, path)

    def _keep(self, digest: bytes, identifiers: Identifiers, path: str) -> Revision:
        self.fresh.digests.append(digest)
        self.fresh.files.append(identifiers)
        return _revision(identifiers, path)

    def _unchanged(self, index: int, path: str) -> tuple[bytes, Identifiers] | None:
        """Digest and identifiers of a file that is as it was when they were kept."""
        mark = self.listing.mark(index)
        if self.kept is None or mark is None:
            return None
        at = self.kept.by_mark.get((path, mark))
        identifiers = self.kept.files[at] if at is not None else None
        return (self.kept.digest(at), identifiers) if at is not None and identifiers is not None else None


def _known(listing: Listing, files: Sequence[Identifiers | None], shape: Shape) -> History:
    """The history that is known to be sound."""
    revisions = [_revision(file, path) for file, path in zip(files, listing.paths, strict=True) if file is not None]
    return History.sound(revisions, [revisions[at] for at in shape.order], shape.heads)


def _shape(history: History, reading: _Reading) -> Shape | None:
    if history.problems or None in reading.fresh.files:
        return None
    numbers = {file[0]: number for number, file in enumerate(reading.fresh.files) if file is not None}
    order = tuple(numbers[revision.id] for revision in history)
    return Shape(tuple(revision.id for revision in history.heads), order)


def _revision(identifiers: Identifiers, path: str) -> Revision:
    id, down_revisions, depends_on, branch_labels, message, phase = identifiers
    return Revision(id, Path(path), down_revisions, depends_on, branch_labels, message, phase)


def _identifiers(revision: Revision) -> Identifiers:
    names = revision.down_revisions, revision.depends_on, revision.branch_labels
    return revision.id, *names, revision.message, revision.phase


def _duplicate(first: Revision, second: Revision) -> Problem:
    shown = display_path(second.path)
    return Problem(
        "duplicate",
        f"{display_path(first.path)} and {shown} have the same revision id '{second.id}'.",
        f"delete one of them, or give it another id: {shown}",
    )
