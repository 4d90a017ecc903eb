"""A fixture on disk: where it is found, and its records."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from alembic_manage.apps import App
from alembic_manage.data import compression
from alembic_manage.data.formats import FORMATS, format_named, format_of
from alembic_manage.data.record import Record
from alembic_manage.errors import FixtureError, UsageError
from alembic_manage.location import display_path

STDIN = "-"


@dataclass(frozen=True)
class Fixture:
    """A file with records; it can be read more than once."""

    path: Path
    format: str
    shown: str
    """Its name in messages."""

    @property
    def model(self) -> str:
        """The table whose rows a CSV file holds: its name without the endings."""
        return _without_endings(self.path.name)

    def records(self) -> Iterator[Record]:
        """The records, one by one.

        Raises:
            FixtureError: the file cannot be read, or holds something that is no record.
        """
        module = format_named(self.format)
        try:
            with compression.decompressing(self.path) as stream:
                text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="" if self.format == "csv" else None)
                yield from module.read(text, self.shown, self.model)
        except (OSError, UnicodeDecodeError, *compression.ERRORS) as error:
            reason = getattr(error, "strerror", None) or error
            raise FixtureError(f"{self.shown} cannot be read: {reason}.", hint=f"file {self.shown}") from error


@contextmanager
def fixture_of_stdin(stream: BinaryIO, format_: str | None) -> Iterator[Fixture]:
    """What a stream holds, kept in a file that is gone at the end.

    Raises:
        UsageError: its format is not said.
    """
    if format_ is None:
        raise UsageError(
            "loaddata must be told the format of standard input.", hint="python manage.py loaddata --format json -"
        )
    with tempfile.NamedTemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        yield Fixture(Path(file.name), format_, "stdin")


class Finder:
    """Finds fixtures by name.

    Args:
        apps: whose folders fixtures/ are looked into.
        folders: others that are; the current one comes last.
        root: the project's folder, for names in messages.
        alias: of the database; fixtures whose names end with it are for it alone.
        format_: the only format that counts; None for all.
    """

    def __init__(
        self, apps: Sequence[App], folders: Sequence[Path], root: Path, alias: str, format_: str | None
    ) -> None:
        self.folders = [*(app.path / "fixtures" for app in apps), *folders, Path.cwd()]
        self._root = root
        self._alias = alias
        self._format = format_

    def find(self, name: str) -> list[Fixture]:
        """The fixtures of a name: one of each folder that has it; all files of a folder with CSV.

        Raises:
            FixtureError: there is none, or a folder has two.
            UsageError: the ending is none of a fixture.
        """
        path = Path(name)
        base = path.name
        folders = [path.parent] if path.is_absolute() else [folder / path.parent for folder in self.folders]
        found = [fixture for folder in dict.fromkeys(folders) for fixture in self._in_folder(folder, base, name)]
        if not found:
            looked = ", ".join(dict.fromkeys(display_path(folder, self._root) for folder in folders))
            raise FixtureError(f"No fixture named '{name}' found.", hint=f"ls {looked.replace(',', '')}")
        return found

    def _in_folder(self, folder: Path, base: str, name: str) -> list[Fixture]:
        if (folder / base).is_dir() and self._format in (None, "csv"):
            return [self._fixture(path) for path in sorted((folder / base).iterdir()) if _format(path.name) == "csv"]
        if (folder / base).is_file() and (_format(base) or self._format):
            return [self._fixture(folder / base)]
        found = [path for path in self._candidates(folder, base) if path.is_file()]
        if len(found) > 1:
            names = " and ".join(path.name for path in found)
            raise FixtureError(
                f"Several fixtures are named '{name}' in {display_path(folder, self._root)}: {names}.",
                hint=f"python manage.py loaddata {name}{''.join(found[0].suffixes)}",
            )
        return [self._fixture(path) for path in found]

    def _candidates(self, folder: Path, base: str) -> list[Path]:
        formats = [self._format] if self._format else [*FORMATS, "yml", "ndjson"]
        if _format(base):
            names = [base, _with_alias(base, self._alias)]
        else:
            names = [f"{base}{alias}.{format_}" for alias in ("", f".{self._alias}") for format_ in formats]
        packed = [f"{name}{end}" for name in names for end in ("", *(f".{suffix}" for suffix in compression.READ))]
        return [folder / name for name in dict.fromkeys(packed)]

    def _fixture(self, path: Path) -> Fixture:
        return Fixture(path, self._format or _format(path.name) or "json", display_path(path, self._root))


def format_of_file(name: str) -> str | None:
    """The format that a file's name says, compressed or not; None where it says none."""
    return _format(name)


def _endings(name: str) -> tuple[str, list[str]]:
    """A file's name without the endings of formats and compressions, and these."""
    found: list[str] = []
    while "." in name.lstrip("."):
        rest, _, last = name.rpartition(".")
        if format_of(last) is None and last not in compression.READ:
            break
        name, found = rest, [last, *found]
    return name, found


def _format(name: str) -> str | None:
    formats = [format_of(ending) for ending in _endings(name)[1] if format_of(ending)]
    return formats[0] if formats else None


def _without_endings(name: str) -> str:
    return _endings(name)[0]


def _with_alias(name: str, alias: str) -> str:
    bare, endings = _endings(name)
    return ".".join((bare, alias, *endings))


def text_stream(stream: IO[bytes]) -> io.TextIOWrapper:
    """A stream of text over one of bytes; ends of lines are written as they are."""
    return io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
