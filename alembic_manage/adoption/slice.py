"""A piece of env.py that stands on its own: an expression, with the statements that it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from alembic_manage.adoption.source import Source, assigned

_BUILTINS = frozenset(dir(__builtins__)) if not isinstance(__builtins__, dict) else frozenset(__builtins__)


class NotAloneError(Exception):
    """The expression needs what only env.py has: Alembic's context, or a name that nothing there explains."""


@dataclass(frozen=True)
class Slice:
    """Code for the settings."""

    imports: tuple[str, ...]
    lines: tuple[str, ...]
    """Statements that come before, each without blank lines around it."""
    expression: str
    modules: tuple[tuple[str, ...], ...] = ()
    """The dotted names that it imports."""


def slice_of(source: Source, node: ast.expr, env_path: str) -> Slice:
    """What `node` means, outside of its file.

    Args:
        source: the file.
        node: an expression in it.
        env_path: the code that takes the place of `__file__`.

    Raises:
        NotAloneError: it cannot stand alone.
    """
    node = _without_escapes(_inlined(source, node))
    needed = _Needed(source)
    needed.add(node)
    texts = [_with_file(each, env_path) for each in needed.statements]
    expression = _with_file(node, env_path)
    if any("'%%'" in text for text in texts):
        expression = f"{expression}.replace('%%', '%')"
    return Slice(tuple(needed.imports), tuple(texts), expression, tuple(needed.modules))


class _Needed:
    """The statements that an expression needs, in the order of the file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.imports: dict[str, None] = {}
        self.modules: dict[tuple[str, ...], None] = {}
        self._found: dict[int, ast.stmt] = {}
        self._seen: set[str] = set()

    @property
    def statements(self) -> list[ast.stmt]:
        """Those that are no imports."""
        return [self._found[line] for line in sorted(self._found)]

    def add(self, node: ast.AST) -> None:
        """What the free names of `node` mean, and what that needs."""
        for name in _free_names(node):
            if name not in self._seen and name not in _BUILTINS and name != "__file__":
                self._seen.add(name)
                self._add_name(name)

    def _add_name(self, name: str) -> None:
        if name in self.source.imports:
            found = self.source.imports[name]
            if found.parts[0] == "alembic" or found.parts[-1] == "current_app":
                raise NotAloneError(name)
            self.imports[found.line] = None
            self.modules[found.parts] = None
            return
        definers = [each for each in self.source.tree.body if name in _defined_by(each)]
        if not definers:
            raise NotAloneError(name)
        for each in definers:
            if each.lineno not in self._found:
                self._found[each.lineno] = each
                self.add(each)


def _inlined(source: Source, node: ast.expr) -> ast.expr:
    """`node` with the function's own variables replaced by what they were given."""
    function = next(
        (
            each
            for each in source.nodes
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and node in ast.walk(each)
        ),
        None,
    )
    if function is None:
        return node
    body = [each for each in ast.walk(function) if isinstance(each, ast.stmt)]

    class Inline(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.AST:
            values = list(assigned(body, name.id))
            return values[0] if len(values) == 1 and name.id not in _free_names(values[0]) else name

    copy = ast.parse(ast.unparse(node), mode="eval").body
    inlined: ast.expr = ast.fix_missing_locations(Inline().visit(copy))
    return inlined


def _without_escapes(node: ast.expr) -> ast.expr:
    """Without `.replace("%", "%%")`, which is for Alembic's config, and `str(...)`, which would hide a password."""
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "replace" and "'%%'" in ast.unparse(node):
            node = node.func.value
        elif isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1:
            node = node.args[0]
        else:
            break
    return node


def _free_names(node: ast.AST) -> Iterator[str]:
    own = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    if not isinstance(node, ast.expr):
        own |= {each.id for each in names if isinstance(each.ctx, ast.Store)}
    yield from dict.fromkeys(each.id for each in names if each.id not in own)


def _defined_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    nodes = ast.walk(statement)
    return {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _with_file(node: ast.AST, env_path: str) -> str:
    class Replace(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.AST:
            return ast.parse(env_path, mode="eval").body if name.id == "__file__" else name

    copy: ast.AST = ast.parse(ast.unparse(node))
    return ast.unparse(ast.fix_missing_locations(Replace().visit(copy)))
