"""The MetaData that env.py hands to Alembic, as the setting METADATA names it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.model_modules import forgotten_modules
from alembic_manage.adoption.slice import NotAloneError, Slice, slice_of
from alembic_manage.adoption.source import Source, keyword


@dataclass(frozen=True)
class Target:
    """Where the tables are."""

    names: tuple[str, ...] = ()
    """The setting METADATA; empty where `code` says it, or nothing was found."""
    code: Slice | None = None
    """What makes the MetaData, where no module has it by a name."""
    doubt: str = ""
    """What was not understood; "" where all was."""
    forgotten: tuple[str, ...] = ()
    """Those of `names` that hold models which env.py does not import."""


def find_target(env: Source, folder: Folder, env_path: str) -> Target:
    """The target_metadata of an env.py.

    Args:
        env: the file.
        folder: the project.
        env_path: the code that takes the place of `__file__`.
    """
    expressions = list(_expressions(env))
    if not expressions:
        return Target(doubt="env.py names no target_metadata that I can read: set METADATA")
    names = [_name(env, folder, each) for expression in expressions for each in _elements(env, expression)]
    if all(names):
        found = [str(name) for name in dict.fromkeys(names)]
        forgotten = tuple(module for name in found for module in forgotten_modules(env, folder, name))
        modules = dict.fromkeys([*_modules_for_tables(env, folder, found), *forgotten])
        return Target((*modules, *found), forgotten=forgotten)
    if len(expressions) == 1 and not isinstance(expressions[0], ast.List | ast.Tuple):
        try:
            return Target(code=slice_of(env, expressions[0], env_path))
        except NotAloneError:
            pass
    shown = ast.unparse(expressions[0]).splitlines()[0]
    return Target(doubt=f"target_metadata is {shown}, which I cannot follow: set METADATA")


def _expressions(env: Source) -> Iterator[ast.expr]:
    """What env.py means by its target_metadata: what it is called with, or else the variable of that name."""
    values = [keyword(call, "target_metadata") for call in env.calls("configure", "dict")]
    values += [_entry(node) for node in env.nodes if isinstance(node, ast.Dict)]
    given = [_followed(env, each) for each in values if each is not None]
    found = given or [_followed(env, each) for each in env.assignments("target_metadata")[-1:]]
    seen = {ast.dump(each): each for each in found if not (isinstance(each, ast.Constant) and each.value is None)}
    yield from seen.values()


def _entry(node: ast.Dict) -> ast.expr | None:
    pairs = zip(node.keys, node.values, strict=True)
    return next(
        (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "target_metadata"), None
    )


def _followed(env: Source, node: ast.expr, depth: int = 5) -> ast.expr:
    """What a variable of the file was given last, or a function returns by its only `return`."""
    if depth and isinstance(node, ast.Name) and node.id not in env.imports:
        values = env.assignments(node.id)
        return _followed(env, values[-1], depth - 1) if values else node
    if depth and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in env.functions:
        function = env.functions[node.func.id]
        returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value]
        return _followed(env, returned[0], depth - 1) if len(returned) == 1 else node
    return node


def _elements(env: Source, node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.List | ast.Tuple):
        return [_followed(env, each) for each in node.elts]
    return [node]


def _name(env: Source, folder: Folder, node: ast.expr) -> str | None:
    """ "module:attribute", for what was imported; None for anything else."""
    inner = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    if isinstance(inner, ast.Name) and inner.id not in env.imports and env.assignments(inner.id):
        whole = ast.unparse(node).partition(".")[2]
        value = _followed(env, inner)
        node = ast.parse(f"{ast.unparse(value)}.{whole}", mode="eval").body if whole else value
    found = env.dotted(node)
    if found is None:
        return None
    module, attribute = folder.split(*found)
    return f"{module}:{attribute}" if attribute else None


def _modules_for_tables(env: Source, folder: Folder, names: list[str]) -> Iterator[str]:
    """The project's modules that env.py imports and never mentions again: only for the tables in them."""
    known = {name.partition(":")[0] for name in names}
    for module in dict.fromkeys(_unused(env, folder)):
        if module not in known:
            yield module


def _unused(env: Source, folder: Folder) -> Iterator[str]:
    names = [node.id for node in env.nodes if isinstance(node, ast.Name)]
    for statement in env.statements:
        if isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
            stars = any(alias.name == "*" for alias in statement.names)
            unused = [alias for alias in statement.names if (alias.asname or alias.name) not in names]
            if stars or unused:
                parts = statement.module.split(".")
                modules = {folder.split([*parts, alias.name], len(parts))[0] for alias in unused if alias.name != "*"}
                yield from sorted(
                    each for each in modules | ({statement.module} if stars else set()) if folder.has(each)
                )
        elif isinstance(statement, ast.Import):
            yield from (
                alias.name
                for alias in statement.names
                if folder.has(alias.name) and (alias.asname or alias.name.partition(".")[0]) not in names
            )
