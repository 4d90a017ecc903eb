"""The suite's own source, parsed: which module imports, calls and names what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from support.projects import ROOT

PACKAGE = "alembic_manage"
FOLDER = ROOT / PACKAGE


@dataclass(frozen=True)
class Import:
    """One imported module or name."""

    module: str
    """The module; of `from alembic_manage import environment` the submodule."""
    name: str | None
    line: int


@dataclass(frozen=True)
class Module:
    """One Python file of the suite."""

    path: Path

    @property
    def name(self) -> str:
        """The name below the package: "execution.executor"; "__init__" for the package itself."""
        parts = self.path.relative_to(FOLDER).with_suffix("").parts
        return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All that is in the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def type_checking(self) -> set[ast.AST]:
        """What stands below `if TYPE_CHECKING`: it is never run."""
        guards = (node for node in self.nodes if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        return {inner for guard in guards for statement in guard.body for inner in ast.walk(statement)}

    @cached_property
    def docstrings(self) -> set[ast.AST]:
        """Texts that stand alone: docstrings, also those of fields."""
        return {node.value for node in self.nodes if isinstance(node, ast.Expr)}

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What the module imports when it runs, inside functions too."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[Import]:
        for node in self.nodes:
            if node in self.type_checking:
                continue
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, None, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}:{node.lineno} has a relative import"
                for alias in node.names:
                    submodule = f"{node.module}.{alias.name}"
                    if is_module(submodule):
                        yield Import(submodule, None, node.lineno)
                    else:
                        yield Import(str(node.module), alias.name, node.lineno)

    def own_imports(self) -> Iterator[tuple[str, int]]:
        """The modules of the suite that the module imports, and the lines."""
        for found in self.imports:
            head, _, rest = found.module.partition(".")
            if head == PACKAGE:
                yield rest or "__init__", found.line


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the suite, read once; templates are not part of it."""
    paths = sorted(FOLDER.rglob("*.py"))
    return tuple(Module(path) for path in paths if "templates" not in path.relative_to(FOLDER).parts)


@cache
def is_module(name: str) -> bool:
    """Whether a dotted name is a module of the suite."""
    head, *rest = name.split(".")
    path = FOLDER.joinpath(*rest)
    return head == PACKAGE and bool(rest) and (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file())
