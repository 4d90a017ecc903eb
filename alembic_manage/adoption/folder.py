"""The files of a project: what belongs to it, and under which name a file is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alembic_manage.adoption.source import Source, read_source

_FOREIGN = {"node_modules", "site-packages", "dist-packages", "__pycache__", "build", "dist", "venv", "env"}


@dataclass(frozen=True)
class Folder:
    """A project's folder.

    Args:
        root: where manage.py is, or will be.
        roots: the folders that imports begin in, `root` first.
    """

    root: Path
    roots: tuple[Path, ...]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every Python file that can be read, those nearest to the root first."""
        files = (path for folder in walk(self.root) for path in sorted(folder.glob("*.py")))
        found = (read_source(path, self.module_of(path)) for path in files)
        return tuple(sorted((each for each in found if each), key=lambda each: len(each.path.parts)))

    def module_of(self, path: Path) -> str:
        """The dotted name under which a file is imported; "" where it has none."""
        for root in sorted(self.roots, key=lambda each: -len(each.parts)):
            if path.is_relative_to(root):
                parts = path.relative_to(root).with_suffix("").parts
                return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return ""

    def has(self, module: str) -> bool:
        """Whether the project itself has a module of this name."""
        return self.root_of(module) is not None

    def root_of(self, module: str) -> Path | None:
        """The folder that the import of `module` begins in; None where it is none of the project's."""
        for root in self.roots:
            path = root.joinpath(*module.split("."))
            if path.with_suffix(".py").is_file() or (path.is_dir() and (_is_package(path))):
                return root
        return None

    def split(self, parts: Sequence[str], least: int = 1) -> tuple[str, str]:
        """A dotted name as module and attribute: the longest part that is a module of the project, else the first
        `least` parts.
        """
        known = [count for count in range(len(parts), 0, -1) if self.has(".".join(parts[:count]))]
        count = known[0] if known else least
        return ".".join(parts[:count]), ".".join(parts[count:])


def walk(root: Path) -> Iterator[Path]:
    """`root` and the folders below it that belong to the project, from the top down: no environments, no caches."""
    for name, folders, files in os.walk(root):
        if "pyvenv.cfg" in files and Path(name) != root:
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if each not in _FOREIGN and not each.startswith("."))
        yield Path(name)


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file() or any(path.glob("*.py"))
