"""One Python file as a tree: what its names are, followed through imports and assignments."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """What an import binds a name to."""

    parts: tuple[str, ...]
    """The dotted name."""
    module_parts: int
    """How many of them are a module for sure."""
    line: str
    """The import of this name alone, as Python would write it."""


@dataclass(frozen=True)
class Source:
    """A parsed file.

    Args:
        path: the file.
        module: its dotted name; "" where it has none.
        text: what stands in it.
        tree: the same, parsed.
    """

    path: Path
    module: str
    text: str
    tree: ast.Module

    @cached_property
    def statements(self) -> tuple[ast.stmt, ...]:
        """What runs when the file is loaded, bodies of `if`, `try` and `with` included."""
        return tuple(_flat(self.tree.body))

    @cached_property
    def imports(self) -> dict[str, Import]:
        """What each name means that an import binds."""
        found: dict[str, Import] = {}
        for statement in self.statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                found |= dict(self._bound(statement))
        return found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the file by name."""
        return {each.name: each for each in self.statements if isinstance(each, ast.FunctionDef)}

    def assignments(self, name: str) -> list[ast.expr]:
        """The values that the file gives to a name of its own, in order."""
        return list(assigned(self.statements, name))

    def made_by(self, *names: str) -> list[str]:
        """The variables of the file that are given the result of one of these functions or classes, in order."""
        return [
            target.id
            for statement in self.statements
            if isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Call)
            and called_name(statement.value) in names
            for target in statement.targets
            if isinstance(target, ast.Name)
        ]

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of functions or methods with one of these names, in order."""
        return [node for node in self.nodes if isinstance(node, ast.Call) and called_name(node) in names]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name and attribute that occurs, and every word that is passed as a keyword."""
        names = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        attributes = {node.attr for node in self.nodes if isinstance(node, ast.Attribute)}
        keywords = {str(node.arg) for node in self.nodes if isinstance(node, ast.keyword)}
        return frozenset(names | attributes | keywords)

    def dotted(self, node: ast.AST) -> tuple[tuple[str, ...], int] | None:
        """What `a.b.c` leads to: its parts with the import's in place of the first, and how many are a module."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.imports:
            return None
        found = self.imports[node.id]
        return (*found.parts, *parts), found.module_parts

    def _bound(self, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Import]]:
        for alias in statement.names:
            alone = ast.unparse(_alone(statement, alias, self.package_of(statement)))
            if isinstance(statement, ast.Import):
                parts = tuple(alias.name.split("."))
                shown = parts if alias.asname else parts[:1]
                yield alias.asname or parts[0], Import(shown, len(shown), alone)
            elif alias.name != "*":
                module = tuple(part for part in self.package_of(statement).split(".") if part)
                yield alias.asname or alias.name, Import((*module, alias.name), len(module), alone)

    def package_of(self, statement: ast.Import | ast.ImportFrom) -> str:
        """The module that is imported from, without leading dots."""
        if isinstance(statement, ast.Import):
            return ""
        if not statement.level:
            return statement.module or ""
        own = self.module.split(".") if self.path.name == "__init__.py" else self.module.split(".")[:-1]
        base = own[: len(own) - statement.level + 1]
        return ".".join([*base, *([statement.module] if statement.module else [])])


def read_source(path: Path, module: str = "") -> Source | None:
    """The parsed file; None where it cannot be read or is not Python."""
    try:
        with tokenize.open(path) as stream:
            text = stream.read()
        return Source(path, module, text, ast.parse(text))
    except (OSError, SyntaxError, ValueError):
        return None


def assigned(statements: Iterator[ast.stmt] | tuple[ast.stmt, ...] | list[ast.stmt], name: str) -> Iterator[ast.expr]:
    """The values that statements give to a name."""
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and value is not None and name in names:
            yield value


def called_name(call: ast.Call) -> str:
    """The last part of what is called: "connect" for `engine.connect()`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def text_of(node: ast.AST | None) -> str | None:
    """The text of a string literal; None of anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _flat(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for name in ("body", "orelse", "finalbody"):
                yield from _flat(getattr(statement, name, []))
            for handler in getattr(statement, "handlers", []):
                yield from _flat(handler.body)


def _alone(statement: ast.Import | ast.ImportFrom, alias: ast.alias, module: str) -> ast.stmt:
    if isinstance(statement, ast.Import):
        return ast.Import(names=[alias])
    return ast.ImportFrom(module=module, names=[alias], level=0)
