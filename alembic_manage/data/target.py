"""Where dumpdata writes: standard output, a file, or a folder of CSV files; all of it or nothing."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from alembic_manage.atomic_file import atomic_stream
from alembic_manage.data.compression import compressing
from alembic_manage.data.fixture import text_stream
from alembic_manage.data.formats import Writer, format_named
from alembic_manage.data.layout import Layout
from alembic_manage.errors import FixtureError, RefusedError

WriterFor = Callable[[Layout], Writer]


@contextmanager
def stream_target(stream: Any, format_: str, indent: int | None) -> Iterator[WriterFor]:
    """One document on a stream."""
    writers: list[Writer] = []

    def writer(layout: Layout) -> Writer:
        if not writers:
            writers.append(format_named(format_).writer(stream, layout, indent))
        return _Open(writers[0])

    yield writer
    for each in writers or [format_named(format_).writer(stream, None, indent)]:
        each.close()


@contextmanager
def file_target(path: Path, format_: str, indent: int | None) -> Iterator[WriterFor]:
    """One document in a file, compressed if its name says so; a device or a pipe is written as it comes.

    Raises:
        FixtureError: the file cannot be written.
    """
    with _told(path), ExitStack() as stack:
        is_plain = path.is_file() or not path.exists()
        raw = stack.enter_context(atomic_stream(path) if is_plain else path.open("wb"))
        stream = stack.enter_context(_packed(raw, path.name))
        yield stack.enter_context(stream_target(stream, format_, indent))


@contextmanager
def folder_target(path: Path, format_: str, labels: Collection[str]) -> Iterator[WriterFor]:
    """A file a table in a folder, which takes the place of one with the same files.

    Args:
        path: the folder.
        format_: of the files.
        labels: of the tables that will be written.

    Raises:
        RefusedError: the folder holds other files too.
        FixtureError: the folder cannot be written.
    """
    if path.is_symlink():
        path = path.resolve()
    if path.exists():
        _require_only(path, {f"{label}.{format_}" for label in labels})
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        try:
            with ExitStack() as stack:
                yield lambda layout: _file_writer(stack, made / f"{layout.label}.{format_}", format_, layout)
            made.chmod(0o755)
            _replace(path, made)
        finally:
            shutil.rmtree(made, ignore_errors=True)


class _Open:
    """A writer whose document goes on with the next table."""

    def __init__(self, writer: Writer) -> None:
        self.write = writer.write

    def close(self) -> None:
        """Nothing yet."""


def _file_writer(stack: ExitStack, path: Path, format_: str, layout: Layout) -> Writer:
    stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    return format_named(format_).writer(stream, layout, None)


@contextmanager
def _packed(raw: IO[bytes], name: str) -> Iterator[io.TextIOWrapper]:
    packed = compressing(raw, name)
    stream = text_stream(packed)
    try:
        yield stream
        stream.flush()
        if packed is not raw:
            packed.close()
    except BaseException:
        with suppress(OSError, ValueError):
            stream.detach()  # else it would be written when it is collected
        raise
    with suppress(ValueError):  # it is closed with what compresses
        stream.detach()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """An OSError becomes one line."""
    try:
        yield
    except OSError as error:
        hint = f"ls -ld {path.parent}" if path.parent.is_dir() else f"mkdir -p {path.parent}"
        raise FixtureError(f"{path} cannot be written: {error.strerror or error}.", hint=hint) from error


def _require_only(path: Path, names: Collection[str]) -> None:
    if not path.is_dir():
        raise RefusedError(f"{path} is a file.", hint=f"python manage.py dumpdata --format csv -o {path}.d")
    others = sorted(each.name for each in path.iterdir() if each.name not in names)
    if others:
        raise RefusedError(
            f"{path} holds {others[0]}, which this dump does not write: it would be lost.",
            hint=f"name a folder that is not there: {path}2",
        )


def _replace(path: Path, made: Path) -> None:
    """Put a folder in the place of another, which goes only once the new one is there."""
    if not path.exists():
        made.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        path.rename(old)
    except OSError:
        old.rmdir()
        raise
    try:
        made.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old)
