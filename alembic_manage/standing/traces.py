"""What importing models leaves behind where revisions might meet it: listeners, compilers, patches."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from sqlalchemy import dialects
from sqlalchemy.event.base import _registrars

from alembic_manage.alembic_api import registered
from alembic_manage.hooks import connected
from alembic_manage.standing.listeners import listeners_of

_OURS = ("sqlalchemy", "alembic", "alembic_manage")
_NAMED = (type, FunctionType, BuiltinFunctionType, MethodType)
_CODE = (FunctionType, classmethod, staticmethod, property)


def traces() -> dict[str, Any]:
    """All of it as it is now, to be compared with what it is at another time.

    Only what is called where no model is meant counts: a listener at a class of SQLAlchemy's, not one at a model.
    """
    return {
        "environment": dict(os.environ),
        "paths": (list(sys.path), list(sys.meta_path)),
        "warnings": [each for each in warnings.filters if each[0] == "error"],
        "hooks": connected(),
        "alembic": registered(),
        "dialects": set(dialects.registry.impls),
        "listeners": list(_listeners()),
        "compilers": list(_compilers()),
        "code": dict(_code()),
    }


def are_left(before: Mapping[str, Any]) -> bool:
    """Whether something is there, or is something else, that was not so when `before` was taken."""
    now = traces()
    code, code_before = now.pop("code"), before["code"]
    if any(now[name] != before[name] for name in now):
        return True
    return any(code.get(name) is not each for name, each in code_before.items())


def name_a_driver(modules: Iterable[ModuleType], drivers: Collection[str]) -> bool:
    """Whether one of the modules has something of a database's driver by name, and may have told it anything.

    Args:
        modules: those that the models are made of.
        drivers: names of the driver's packages.
    """
    values = (value for module in modules for value in list(vars(module).values()))
    return any(_package_of(value) in drivers for value in values)


def _listeners() -> Iterator[object]:
    """Who is told of what happens to any object of a class of SQLAlchemy's."""
    for events in {each for found in _registrars.values() for each in found}:
        found = listeners_of(events.dispatch)
        yield from (each for each in found if _is_ours(each[1]) and not _is_ours(each[2]))


def _code() -> Iterator[tuple[tuple[str, ...], object]]:
    """What stands for code in the modules of SQLAlchemy and Alembic and in their classes, by its place."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            for key, value in list(vars(module).items()):
                if isinstance(value, _CODE):
                    yield (name, key), value
    for kind in _classes():
        for key, value in list(vars(kind).items()):
            if isinstance(value, _CODE):
                yield (kind.__module__, kind.__qualname__, key), value


def _compilers() -> Iterator[object]:
    """Who else compiles elements of SQLAlchemy's own."""
    for kind in _classes():
        found = vars(kind).get("_compiler_dispatcher")
        if found is not None:
            yield from ((kind, dialect, each) for dialect, each in found.specs.items() if not _is_ours(each))


def _classes() -> Iterator[type]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            found = [each for each in vars(module).values() if isinstance(each, type)]
            yield from (each for each in found if each.__module__ == name)


def _is_ours(value: Any) -> bool:
    return _package_of(value) in _OURS


def _package_of(value: Any) -> str:
    """The package that a value comes from; of one written in C (_sqlite3) the one that hands it on."""
    if isinstance(value, ModuleType):
        name = value.__name__
    else:
        # Of an object its class is asked: a proxy, as Flask's current_app, raises where it is asked too early.
        name = str((value if isinstance(value, _NAMED) else type(value)).__module__)
    return name.partition(".")[0].lstrip("_")
