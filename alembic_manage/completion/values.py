"""What a name in a command's usage line can stand for: app labels, aliases of DATABASES, migrations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from alembic_manage.completion.surroundings import Surroundings

Pair = tuple[str, str]
"""A word, and what it is."""


def values_of(metavar: str, around: Surroundings, current: str) -> Iterator[Pair]:
    """What can stand for an argument that is called so in the help: "ALIAS", "[app] [revision]".

    Args:
        metavar: the argument's name.
        around: the project; where there is none, nothing is known.
        current: what has been typed of it.
    """
    names = set(re.findall(r"[a-z]+", metavar.lower()))
    for name, values in _VALUES.items():
        if name in names:
            yield from values(around, current)


def _aliases(around: Surroundings, _: str) -> Iterator[Pair]:
    return ((alias, "database") for alias in (around.project.aliases if around.project else ()))


def _labels(around: Surroundings, _: str) -> Iterator[Pair]:
    return ((app.label, "app") for app in around.apps)


def _revisions(around: Surroundings, current: str) -> Iterator[Pair]:
    """Ids; of a range A:B the end."""
    if around.project is None:
        return
    from alembic_manage.completion.revisions import revisions_of

    start, colon, _ = current.rpartition(":")
    for id, message in revisions_of(around.project):
        yield f"{start}{colon}{id}", message
    yield f"{start}{colon}zero", "before the first migration"


def _rules(around: Surroundings, _: str) -> Iterator[Pair]:
    from alembic_manage.lint.rules import rule_ids

    return ((id, "rule") for id in rule_ids())


_VALUES: Mapping[str, Callable[[Surroundings, str], Iterator[Pair]]] = {
    "alias": _aliases,
    "app": _labels,
    "label": _labels,
    "revision": _revisions,
    "branch": _revisions,
    "rule": _rules,
}
