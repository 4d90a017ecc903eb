"""The settings module of a project that is adopted, as text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from alembic_manage.adoption.address import INI
from alembic_manage.adoption.slice import Slice

MARK = "Written by: alembic-manage adopt."
"""Stands in the docstring of each file that adopt writes."""
TARGET = "target_metadata"
_HEAD = f'''"""What python manage.py needs to know of this project; env.py stays as it is. {MARK}"""'''
_FLASK = '''\
@contextmanager
def app_context(config):
    """env.py asks Flask for its application."""
    with application.app_context():
        yield


ENV_CONTEXT = f"{__name__}.app_context"'''
_ADVANCED_ALCHEMY = '''\
@contextmanager
def advanced_alchemy(config):
    """env.py asks Alembic's config for what Advanced Alchemy puts there."""
    for name, value in vars(AlembicCommands({name}).config).items():
        vars(config).setdefault(name, value)
    yield


ENV_CONTEXT = f"{__name__}.advanced_alchemy"'''


@dataclass(frozen=True)
class SettingsText:
    """What the settings say; paths are relative to the project's folder, as Python code or POSIX paths."""

    url: Slice
    migrations_dir: str
    metadata: tuple[str, ...] = ()
    metadata_code: Slice | None = None
    """What makes the MetaData, where no module has it by a name."""
    alembic_ini: str | None = None
    """Where it is not alembic.ini in the project's folder."""
    version_locations: tuple[str, ...] | Slice = ()
    hash_ids: bool = False
    paths: tuple[str, ...] = ()
    """Folders that imports begin in, besides the project's own."""
    flask_app: str = ""
    alchemy: str = ""
    dotenv: bool = False
    has_module: Callable[[str], bool] = bool
    """Whether a module is the project's own: its import comes after `paths`."""

    def render(self) -> str:
        """The file."""
        blocks = [_HEAD, *self._imports(), *self._body()]
        return (
            "\n\n".join(block for block in blocks if block).replace("\n\n@", "\n\n\n@").replace("\n\ndef", "\n\n\ndef")
            + "\n"
        )

    def _imports(self) -> Iterator[str]:
        lines = {"from pathlib import Path", *self._context_imports()}
        lines.update(line for code in self._slices for line in code.imports)
        if self.paths:
            lines.add("import sys")
        if self.dotenv:
            lines.add("from dotenv import load_dotenv")
        late = {line for line in lines if self.paths and self.has_module(_module_of(line))}
        yield "\n".join(sorted(lines - late, key=_import_order))
        yield "BASE_DIR = Path(__file__).resolve().parent"
        yield "\n".join(f"sys.path.insert(0, str(BASE_DIR / {_quoted(path)}))" for path in self.paths)
        if self.dotenv:
            yield 'load_dotenv(BASE_DIR / ".env")'
        yield "\n".join(f"{line}  # noqa: E402" for line in sorted(late, key=_import_order))

    @property
    def _slices(self) -> list[Slice]:
        return [self.url, *([self.version_locations] if isinstance(self.version_locations, Slice) else [])]

    def _context_imports(self) -> set[str]:
        if self.flask_app or self.alchemy:
            module, _, name = (self.flask_app or self.alchemy).removesuffix("()").partition(":")
            own = {"from contextlib import contextmanager", f"from {module} import {name}"}
            return own | ({"from advanced_alchemy.alembic.commands import AlembicCommands"} if self.alchemy else set())
        return set()

    def _body(self) -> Iterator[str]:
        ini = f"ALEMBIC_INI = BASE_DIR / {_quoted(self.alembic_ini or 'alembic.ini')}"
        reads_ini = INI in self.url.lines
        if self.alembic_ini or reads_ini:
            yield ini
        yield f"MIGRATIONS_DIR = {_quoted(self.migrations_dir)}"
        if self.hash_ids:
            yield 'MIGRATION_IDS = "hash"'
        yield from dict.fromkeys(line for code in self._slices for line in code.lines)
        if isinstance(self.version_locations, Slice):
            yield f"VERSION_LOCATIONS = {self.version_locations.expression}"
        elif self.version_locations:
            yield f"VERSION_LOCATIONS = {_quoted(list(self.version_locations))}"
        yield f'DATABASES = {{"default": {{"URL": {self.url.expression}}}}}'
        yield from self._metadata()
        if self.flask_app:
            yield _FLASK
        if self.alchemy:
            yield _ADVANCED_ALCHEMY.replace("{name}", self.alchemy.partition(":")[2])

    def _metadata(self) -> Iterator[str]:
        if self.metadata_code is not None:
            yield f'METADATA = f"{{__name__}}:{TARGET}"'
            yield _lazy(self.metadata_code)
        elif self.metadata:
            yield f"METADATA = {_quoted(list(self.metadata) if len(self.metadata) > 1 else self.metadata[0])}"


def _lazy(code: Slice) -> str:
    """A name of the module that is made when it is asked for: the models are not imported for every command."""
    lines = [*code.imports, *code.lines, f"return {code.expression}"]
    body = "\n".join(f"    {line}".rstrip() for text in lines for line in text.splitlines())
    guard = f"    if name != {_quoted(TARGET)}:\n        raise AttributeError(name)"
    return f'def __getattr__(name):\n    """The MetaData of env.py, made when it is asked for."""\n{guard}\n{body}'


def _quoted(value: str | list[str]) -> str:
    """A literal of Python, with double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _module_of(line: str) -> str:
    return line.split()[1]


def _import_order(line: str) -> tuple[bool, bool, str]:
    """Python's own modules first, each group as isort has it."""
    return _module_of(line).partition(".")[0] not in sys.stdlib_module_names, line.startswith("from"), line
