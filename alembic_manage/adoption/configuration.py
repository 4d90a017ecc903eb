"""Where a project's migrations are: alembic.ini, pyproject.toml, a folder of Flask-Migrate, or only an env.py."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from dataclasses import dataclass, field
from pathlib import Path

from alembic_manage.adoption.folder import walk
from alembic_manage.adoption.source import read_source

SAMPLE_URL = "driver://user:pass@localhost/dbname"
"""What `alembic init` writes."""


@dataclass(frozen=True)
class Configuration:
    """One folder with an env.py, and the file that points there."""

    location: Path
    """The folder of env.py."""
    file: Path | None = None
    """alembic.ini, or the pyproject.toml with [tool.alembic]; None where there is neither."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the file says; empty values left out."""
    directory: Path | None = None
    """The folder that was searched: manage.py does not go above it."""

    @property
    def ini(self) -> Path | None:
        """The file, where it is an ini file."""
        return self.file if self.file is not None and self.file.suffix == ".ini" else None

    @property
    def env(self) -> Path:
        """env.py."""
        return self.location / "env.py"

    @property
    def url(self) -> str | None:
        """`sqlalchemy.url`, where it is a URL and not the sample."""
        url = self.options.get("sqlalchemy.url", "")
        return url if ":" in url and url != SAMPLE_URL and "{" not in url else None

    @property
    def root(self) -> Path:
        """The folder that manage.py belongs into: beside alembic.ini, but above packages and Flask-Migrate's folder."""
        beside = self.file is not None and self.file.parent in self.location.parents
        folder = self.file.parent if beside and self.file is not None else self.location.parent
        while folder != self.directory and _is_in_package(folder):
            folder = folder.parent
        return folder


def find_configurations(directory: Path) -> list[Configuration]:
    """Every folder with an env.py of Alembic's below `directory`, those first that a file in `directory` points to."""
    folders = list(walk(directory))
    locations = [folder for folder in folders if is_environment(folder / "env.py")]
    found: dict[Path, Configuration] = {}
    for folder in folders:
        for file, options in _files_in(folder):
            location = _location(options.get("script_location", ""), file, directory, locations)
            if location is not None:
                found.setdefault(location, Configuration(location, file, options, directory))
    for location in locations:
        found.setdefault(location, Configuration(location, directory=directory))
    return list(found.values())


def _is_in_package(folder: Path) -> bool:
    return any((each / "__init__.py").exists() for each in (folder, folder.parent))


def is_environment(path: Path) -> bool:
    """Whether a file is an env.py of Alembic's: it imports alembic and runs migrations."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "alembic" not in text or "run_migrations" not in text:
        return False
    source = read_source(path)
    return source is None or any(each.parts[0] == "alembic" for each in source.imports.values())


def _files_in(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    for path in sorted(folder.glob("*.ini"), key=lambda each: (each.name != "alembic.ini", each.name)):
        options = _ini_options(path)
        if options is not None:
            yield path, options
    options = _toml_options(folder / "pyproject.toml")
    if options:
        yield folder / "pyproject.toml", options


def _ini_options(path: Path) -> dict[str, str] | None:
    parser = ConfigParser({"here": str(path.parent)})
    try:
        parser.read(path, encoding="utf-8")
    except (Error, OSError, UnicodeDecodeError):
        return None
    if not parser.has_section("alembic"):
        return None
    found: dict[str, str] = {}
    for name in parser.options("alembic"):
        try:
            found[name] = parser.get("alembic", name)
        except Error:
            found[name] = parser.get("alembic", name, raw=True)
    return {name: value for name, value in found.items() if value and name != "here"}


def _toml_options(path: Path) -> dict[str, str]:
    try:
        tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return {}
    section = tool.get("alembic", {}) if isinstance(tool, dict) else {}
    here = str(path.parent)
    return {
        str(name): value.replace("%(here)s", here)
        for name, value in (section.items() if isinstance(section, dict) else ())
        if isinstance(value, str)
    }


def _location(named: str, file: Path, directory: Path, locations: list[Path]) -> Path | None:
    """The folder of env.py that a file points to; where it names none that is there, the only one near it."""
    relative = named.replace(":", ".").replace(".", "/") if ":" in named else named
    bases = (file.parent, directory, *file.parent.parents)
    named_ones = [(base / relative).resolve() for base in bases] if named else []
    found = next((each for each in named_ones if each in locations), None)
    if found is not None or (named and "{" not in named):
        return found
    near = [each for each in locations if each == file.parent] or [
        each for each in locations if each.parent == file.parent
    ]
    return near[0] if len(near) == 1 else None
