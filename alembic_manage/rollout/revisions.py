"""The files of several revisions that follow one another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alembic_manage.autodetect.naming import ID_LENGTH, make_hash, make_id, message_of
from alembic_manage.environment import Environment
from alembic_manage.history import Revision
from alembic_manage.writing.draft import Draft, NewRevision
from alembic_manage.writing.writer import compose


def composed(
    environment: Environment, draft: Draft, parents: Sequence[str], slug: str, *, header: bool = True
) -> list[NewRevision]:
    """The files of a draft's parts, the first of which follows `parents`; nothing is written.

    Args:
        environment: where they go.
        draft: has parts.
        parents: the ids that the first one follows.
        slug: how their names begin; a word says what each does.
        header: whether the docstring tells id, parents and date.
    """
    found: list[NewRevision] = []
    for part in draft.parts:
        name = named(slug, part.word) if len(draft.parts) > 1 else slug
        hashes = environment.project.settings.migration_ids == "hash"
        id = part.id or (make_hash() if hashes else make_id(environment.history, name))
        new = compose(environment, part, id, parents, message_of(name), header=header)
        found.append(new)
        revision = Revision(id, new.path, tuple(parents), phase=part.phase)
        environment = environment.with_history(environment.history.with_revisions([revision]))
        parents = [id]
    return found


def named(slug: str, word: str) -> str:
    """The slug with a word behind it; the slug is cut at the end of a word where both are too long."""
    room = ID_LENGTH - len("0000_") - len(word) - 1
    if len(slug) > room:
        cut = slug[:room]
        slug = (cut.rpartition("_")[0] or cut) if slug[room] != "_" else cut
    slug = re.sub(r"(_and(_more)?)?_*$", "", slug)
    return f"{slug}_{word}"
