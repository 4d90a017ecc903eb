"""The modules with models of a base, that env.py leads to or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.source import Source


def forgotten_modules(env: Source, folder: Folder, base: str) -> tuple[str, ...]:
    """The modules that declare tables on a base without env.py importing them, directly or through others.

    Args:
        env: env.py.
        folder: the project.
        base: "module:Base" or "module:Base.metadata".
    """
    module, _, attribute = base.partition(":")
    wanted = (*module.split("."), attribute.partition(".")[0])
    declaring = [source for source in folder.sources if source.module and _declares(source, folder, wanted)]
    if not declaring:
        return ()
    reached = _reached(env, folder)
    return tuple(source.module for source in declaring if source.module not in reached)


def _declares(source: Source, folder: Folder, base: tuple[str, ...]) -> bool:
    classes = (each for each in source.tree.body if isinstance(each, ast.ClassDef))
    found = (source.dotted(each) for cls in classes if _has_table(cls) for each in cls.bases)
    return any(each is not None and each[0] == base for each in found)


def _has_table(cls: ast.ClassDef) -> bool:
    return any(
        "__tablename__" in ast.unparse(each) for each in cls.body if isinstance(each, ast.Assign | ast.AnnAssign)
    )


def _reached(env: Source, folder: Folder) -> set[str]:
    """Every module of the project that runs when env.py is imported, as far as imports at the top of files say."""
    by_name = {source.module: source for source in folder.sources}
    found: set[str] = set()
    waiting = [env]
    while waiting:
        for name in _imported(waiting.pop(), folder):
            if name in by_name and name not in found:
                found.add(name)
                waiting.append(by_name[name])
    return found


def _imported(source: Source, folder: Folder) -> Iterator[str]:
    """The modules that a file imports, with the packages that they are in."""
    for statement in source.statements:
        names = [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else []
        if isinstance(statement, ast.ImportFrom):
            package = source.package_of(statement)
            names = [package, *(f"{package}.{alias.name}" for alias in statement.names)]
        for name in names:
            parts = folder.split(name.split("."))[0].split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
