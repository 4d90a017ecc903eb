"""Python files of a test that can be imported while it runs, and are forgotten afterwards."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest


@pytest.fixture
def module_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is first on sys.path."""
    folder = tmp_path / "modules"
    folder.mkdir()
    modules, path = set(sys.modules), list(sys.path)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield folder
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None)
        if file is None or Path(file).is_relative_to(folder):
            del sys.modules[name]


@pytest.fixture
def write_module(module_folder: Path) -> Callable[[str, str], Path]:
    """Writes "shop/models.py" and the like below `module_folder`; every folder becomes a package."""

    def write(name: str, source: str = "") -> Path:
        path = module_folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.relative_to(module_folder).parents[:-1] if path.parent != module_folder else ():
            (module_folder / folder / "__init__.py").touch()
        path.write_text(dedent(source), encoding="utf-8")
        importlib.invalidate_caches()
        return path

    return write
