"""What the project's models modules define: mapped classes, declarative bases and plain tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Mapper, class_mapper, registry
from sqlalchemy.orm.exc import UnmappedClassError

from alembic_manage.apps import import_models
from alembic_manage.metadata import named_metadata

if TYPE_CHECKING:
    from alembic_manage.project import Project


def model_modules(project: Project) -> list[ModuleType]:
    """The models modules of the apps, in order, then the modules that METADATA names; imported.

    Raises:
        ModelsError: a module raises while it is imported.
        SettingsError: an app or a name of METADATA is not there.
    """
    modules = [module for app in project.apps for module in import_models(app, project.root)]
    named = project.settings.metadata
    if named_metadata(named, project.root):
        modules += [sys.modules[name.partition(":")[0]] for name in named]
    return list({module.__name__: module for module in modules}.values())


def mapped_classes(modules: Iterable[ModuleType]) -> dict[str, type]:
    """The mapped classes by name: those that the modules hold, then the others of the same registries.

    Of two classes with one name the first counts. No mapper is configured, so that a relationship that cannot be
    resolved stays unnoticed here.
    """
    found: dict[str, type] = {}
    registries: list[registry] = []
    for value in _values(modules):
        mapper = _mapper_of(value)
        if mapper is not None:
            found.setdefault(mapper.class_.__name__, mapper.class_)
            registries.append(mapper.registry)
        elif is_declarative_base(value):
            registries.append(vars(value)["registry"])
        elif isinstance(value, registry):
            registries.append(value)
    others = {mapper.class_ for each in registries for mapper in each.mappers}
    for other in sorted(others, key=lambda cls: (cls.__module__, cls.__qualname__)):
        found.setdefault(other.__name__, other)
    return found


def plain_tables(modules: Iterable[ModuleType]) -> dict[str, tuple[str, Table]]:
    """The Table objects by the name of their variable, each with the name of the module that holds it."""
    found: dict[str, tuple[str, Table]] = {}
    for module in modules:
        for name, value in list(vars(module).items()):
            if isinstance(value, Table) and not name.startswith("_"):
                found.setdefault(name, (module.__name__, value))
    return found


def declarative_bases(modules: Iterable[ModuleType]) -> list[type]:
    """The declarative bases that the modules hold, each once, in order."""
    classes = (value for value in _values(modules) if isinstance(value, type))
    return list(dict.fromkeys(cls for cls in classes if is_declarative_base(cls)))


def is_declarative_base(value: object) -> bool:
    """Whether `value` is a class that others inherit from to be mapped: it has a registry of its own and no table."""
    return isinstance(value, type) and isinstance(vars(value).get("registry"), registry) and _mapper_of(value) is None


def _values(modules: Iterable[ModuleType]) -> Iterator[object]:
    for module in modules:
        yield from list(vars(module).values())


def _mapper_of(value: object) -> Mapper[object] | None:
    if not isinstance(value, type):
        return None
    try:
        return class_mapper(value, configure=False)
    except (UnmappedClassError, ArgumentError):
        return None
