"""System checks: each file here looks at one thing and yields problems with stable ids; the folder is the list.

A check module has TAG (its own name), NEEDS_DATABASE (whether it opens connections), DEPLOY (whether it runs with
--deploy only), and `check(project, databases)`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import CommandError, UsageError
from alembic_manage.project import Project

__all__ = ["Level", "Problem", "known_tags", "run_checks"]


def known_tags() -> tuple[str, ...]:
    """The tags of all checks, sorted."""
    # A file is called by its tag, so that only those need to be imported that are to run.
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name != "problem"))


def run_checks(
    project: Project,
    tags: Sequence[str] | str | None = None,
    databases: Sequence[str] = (),
    *,
    deploy: bool = False,
) -> list[Problem]:
    """The problems found, the most serious first.

    Args:
        project: the project to look at.
        tags: only checks with these tags; None for all.
        databases: aliases that may be connected to; checks that need a connection run for these only.
        deploy: also run the checks for production.

    Raises:
        UsageError: there is no such tag.
    """
    wanted = {tags} if isinstance(tags, str) else set(tags or known_tags())
    unknown = sorted(wanted.difference(known_tags()))
    if unknown:
        raise UsageError(
            f"There is no check with the tag '{unknown[0]}' (there are: {', '.join(known_tags())}).",
            hint="python manage.py check --list-tags",
        )
    found = [
        problem
        for module in _modules(wanted)
        if (databases or not module.NEEDS_DATABASE) and (deploy or not module.DEPLOY)
        for problem in _run(module, project, databases)
    ]
    return sorted(found, key=lambda problem: (-problem.level, problem.id))


def _run(module: ModuleType, project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """The problems of one check; what stops it is its last problem."""
    try:
        yield from module.check(project, databases)
    except CommandError as error:
        yield Problem(f"{module.TAG}.E000", Level.ERROR, str(error), error.hint)


def _modules(tags: Iterable[str]) -> tuple[ModuleType, ...]:
    return tuple(importlib.import_module(f"{__name__}.{tag}") for tag in sorted(tags))
