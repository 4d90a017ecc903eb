"""Reads an archive into memory: nothing of it is unpacked, and so nothing can land where it should not."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path

from alembic_manage.errors import CommandError

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip or a tar, whatever it is called.

    Raises:
        OSError: it cannot be read.
    """
    return path.is_file() and (zipfile.is_zipfile(path) or tarfile.is_tarfile(path))


def read_archive(path: Path) -> dict[str, bytes]:
    """The content of each file by its path, as the archive has it; paths may point anywhere.

    Raises:
        CommandError: it is damaged or encrypted, or it holds links or devices.
        OSError: it cannot be read.
    """
    try:
        return _read_zip(path) if zipfile.is_zipfile(path) else _read_tar(path)
    except _BROKEN as error:
        raise CommandError(
            f"The archive {path} cannot be read: {error}", hint="pack it anew, without a password"
        ) from error


def _read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for member in members:
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise _no_file(path, member.filename)
        return {member.filename: archive.read(member) for member in members}


def _read_tar(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isdir():
                continue
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is None:
                raise _no_file(path, member.name)
            found[member.name.removeprefix("./")] = stream.read()
    return found


def _no_file(path: Path, name: str) -> CommandError:
    return CommandError(
        f"The archive {path} has something that is neither a file nor a folder: {name}",
        hint="pack it anew, without links",
    )
