"""The rules: one a file, in the folder of the database that it is about; the folders are the list."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from alembic_manage.lint.rule import Rule


def rule_ids() -> tuple[str, ...]:
    """The ids of all rules, sorted; no rule is imported."""
    return tuple(sorted(found.name.replace("_", "-") for folder in _folders() for found in _files(folder)))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id."""
    rules = [
        Rule(found.name.replace("_", "-"), folder, importlib.import_module(f"{__name__}.{folder}.{found.name}"))
        for folder in _folders()
        for found in _files(folder)
    ]
    return tuple(sorted(rules, key=lambda rule: rule.id))


def _folders() -> list[str]:
    return [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]


def _files(folder: str) -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules([f"{path}/{folder}" for path in __path__]))


def rule_named(id: str) -> Rule | None:
    """The rule with an id; None where there is none."""
    return next((rule for rule in all_rules() if rule.id == id), None)
