"""Finding the MetaData of a project: named by the METADATA setting, or collected from the models modules."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import MetaData, Table

from alembic_manage.apps import App, import_models
from alembic_manage.errors import ModelsError, SettingsError
from alembic_manage.location import location_of, one_line


def named_metadata(names: Sequence[str], root: Path) -> tuple[MetaData, ...]:
    """The MetaData objects that the METADATA setting names, in its order.

    Args:
        names: "module:attribute" strings; the attribute may be dotted, and is a MetaData or something with `.metadata`.
            A module alone is imported, for the tables that it adds to the others.
        root: the project's folder, for file names in messages.

    Raises:
        SettingsError: a name is malformed, or what it names has no MetaData.
        ModelsError: the module cannot be imported.
    """
    for name in names:
        if ":" not in name:
            _imported(name, name, root)
    found = tuple(_distinct(_named(name, root) for name in names if ":" in name))
    if names and not found:
        raise SettingsError(
            f"METADATA names '{names[0]}', which is not of the form module:attribute.",
            hint='METADATA = "myproject.models:Base"',
        )
    return found


def collected_metadata(apps: Iterable[App], root: Path) -> tuple[MetaData, ...]:
    """The MetaData objects with tables in the apps' models modules, in order of their first appearance.

    Raises:
        ModelsError: a models module cannot be imported.
    """
    found = (metadata for app in apps for module in import_models(app, root) for metadata in metadata_in(module))
    return tuple(metadata for metadata in list(_distinct(found)) if metadata.tables)


def metadata_in(module: ModuleType) -> Iterator[MetaData]:
    """Every MetaData that a name of `module` is, or leads to: a Table, a mapped class, a registry, a `db` object."""
    for value in list(vars(module).values()):
        yield from _metadata_of(value)


def tables_of(app: App, root: Path) -> frozenset[str]:
    """The keys ("schema.table" or "table") of the tables that the app's own models modules define.

    A mapped class belongs to the module that defines it; a plain Table to the first app whose models module holds it.
    """
    keys: set[str] = set()
    for module in import_models(app, root):
        for value in list(vars(module).values()):
            table = getattr(value, "__table__", None) if isinstance(value, type) else value
            foreign = isinstance(value, type) and not value.__module__.startswith(f"{app.name}.")
            if isinstance(table, Table) and not foreign:
                keys.add(table.key)
    return frozenset(keys)


def _named(name: str, root: Path) -> MetaData:
    module_name, _, path = name.partition(":")
    if not module_name or not path:
        raise SettingsError(
            f"METADATA names '{name}', which is not of the form module:attribute.",
            hint='METADATA = "myproject.models:Base"',
        )
    value: Any = _imported(name, module_name, root)
    for part in path.split("."):
        if not hasattr(value, part):
            raise SettingsError(
                f"METADATA names '{name}', but {module_name} has no '{path}'.",
                hint='METADATA = "myproject.models:Base"',
            )
        value = getattr(value, part)
    metadata = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
    if not isinstance(metadata, MetaData):
        raise SettingsError(
            f"METADATA names '{name}', which is a {type(value).__name__} without a MetaData.",
            hint='METADATA = "myproject.models:Base"',
        )
    return metadata


def _imported(name: str, module_name: str, root: Path) -> ModuleType:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and module_name.startswith(error.name):
            raise SettingsError(
                f"METADATA names '{name}', but there is no module '{error.name}'.",
                hint='METADATA = "myproject.models:Base"',
            ) from None
        raise _models_error(module_name, error, root) from error
    except Exception as error:
        raise _models_error(module_name, error, root) from error


def _models_error(module_name: str, error: Exception, root: Path) -> ModelsError:
    return ModelsError(
        f"The models cannot be imported: {location_of(error, root) or module_name}: {one_line(error)}",
        hint=f"mend that line, then see the whole traceback with: python -c 'import {module_name}'",
    )


def _metadata_of(value: object) -> Iterator[MetaData]:
    if isinstance(value, MetaData):
        yield value
        return
    mapper = vars(value).get("__mapper__") if isinstance(value, type) else None
    if mapper is not None:
        yield mapper.local_table.metadata
        return
    # getattr_static, because proxies (Flask's current_app, a lazy settings object) answer or raise for any name.
    if inspect.getattr_static(value, "metadata", None) is not None:
        metadata = getattr(value, "metadata", None)
        if isinstance(metadata, MetaData):
            yield metadata
    # Flask-SQLAlchemy keeps one MetaData for each bind.
    if inspect.getattr_static(value, "metadatas", None) is not None:
        binds = getattr(value, "metadatas", None)
        if isinstance(binds, Mapping):
            yield from (bind for bind in binds.values() if isinstance(bind, MetaData))


def _distinct(found: Iterable[MetaData]) -> Iterator[MetaData]:
    seen: set[int] = set()
    for metadata in found:
        if id(metadata) not in seen:
            seen.add(id(metadata))
            yield metadata
