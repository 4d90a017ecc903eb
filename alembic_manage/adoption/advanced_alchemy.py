"""A project of Advanced Alchemy, whose env.py asks Alembic's config for more than Alembic puts there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.source import Source

_CONFIGS = ("SQLAlchemyAsyncConfig", "SQLAlchemySyncConfig")
METADATA = "advanced_alchemy.base:orm_registry"
"""Where the tables of its own base classes are."""


def needs_advanced_alchemy(env: Source) -> bool:
    """Whether env.py is one that Advanced Alchemy wrote."""
    return any(each.parts[0] == "advanced_alchemy" for each in env.imports.values())


def find_config(folder: Folder) -> str:
    """The "module:name" of the project's SQLAlchemy configuration; "" where there is none."""
    found = (f"{source.module}:{name}" for source in folder.sources for name in source.made_by(*_CONFIGS))
    return next(found, "")


def model_modules(folder: Folder) -> Iterator[str]:
    """The modules with classes of its base classes."""
    for source in folder.sources:
        bases = [base for each in source.tree.body if isinstance(each, ast.ClassDef) for base in each.bases]
        found = [source.dotted(base) for base in bases]
        if any(
            each is not None and {"advanced_alchemy", "litestar"} & {each[0][0]} and _is_base(each[0]) for each in found
        ):
            yield source.module


def _is_base(parts: tuple[str, ...]) -> bool:
    return parts[-1].endswith("Base") or parts[-1].endswith("AuditBase")
