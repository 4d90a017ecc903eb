"""What a name in a command's usage line can stand for: app labels, aliases of DATABASES, migrations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from alembic_manage.completion.revisions import revisions_of
from alembic_manage.project import Project

Pair = tuple[str, str]
"""A word, and what it is."""


def values_of(metavar: str, project: Project | None, current: str) -> Iterator[Pair]:
    """What can stand for an argument that is called so in the help: "ALIAS", "[app] [revision]".

    Args:
        metavar: the argument's name.
        project: None outside of one: nothing is known there.
        current: what has been typed of it.
    """
    if project is None:
        return
    names = set(re.findall(r"[a-z]+", metavar.lower()))
    for name, values in _VALUES.items():
        if name in names:
            yield from values(project, current)


def _aliases(project: Project, _: str) -> Iterator[Pair]:
    return ((alias, "database") for alias in project.aliases)


def _labels(project: Project, _: str) -> Iterator[Pair]:
    return ((app.label, "app") for app in project.apps)


def _revisions(project: Project, current: str) -> Iterator[Pair]:
    """Ids; of a range A:B the end."""
    start, colon, _ = current.rpartition(":")
    for id, message in revisions_of(project):
        yield f"{start}{colon}{id}", message
    yield f"{start}{colon}zero", "before the first migration"


_VALUES: Mapping[str, Callable[[Project, str], Iterator[Pair]]] = {
    "alias": _aliases,
    "app": _labels,
    "label": _labels,
    "revision": _revisions,
    "branch": _revisions,
}
