"""The files of a template, with their places filled in.

`project_name` in a path, and `{{ project_name }}` in a text, become the project's name; `-tpl` at the end of a file's
name goes, so that a template can hold Python files that no tool takes for code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from alembic_manage.errors import CommandError
from alembic_manage.scaffold.archive import is_archive, read_archive

SUFFIX = "-tpl"
NAME_IN_PATHS = "project_name"
SKIPPED = frozenset((".git", ".hg", ".svn", "__pycache__", "__MACOSX", ".DS_Store"))
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class File:
    """A file of a template, or one that is to be written."""

    path: str
    """Relative to the template or the project, with "/" between its parts."""
    content: bytes


def read_template(path: Path) -> Sequence[File]:
    """The files of a folder or an archive (zip, or tar in any compression), in the order of their paths.

    Folders of version control and caches are left out. An archive that holds one folder is taken for that folder.

    Raises:
        CommandError: there is nothing at `path`, it cannot be read, or it has no files.
    """
    try:
        if path.is_dir():
            found = _read_folder(path)
        elif is_archive(path):
            found = {name: content for name, content in read_archive(path).items() if not _is_skipped(name)}
            found = _without_common_folder(found)
        else:
            raise _no_template(path, "is neither a folder nor an archive" if path.exists() else "is not there")
    except OSError as error:
        raise _no_template(path, f"cannot be read: {error.strerror or error}") from error
    if not found:
        raise _no_template(path, "has no files")
    return [File(name, found[name]) for name in sorted(found)]


def rendered(files: Iterable[File], name: str, values: Mapping[str, str]) -> list[File]:
    """The files as they are to be written.

    Args:
        files: those of the template.
        name: what `project_name` becomes in paths.
        values: what may stand between double braces. Other names in braces stay as they are, and so does what is no
            UTF-8 text.

    Raises:
        CommandError: a file would lie outside of the project, or two would have the same path.
    """
    done: dict[str, File] = {}
    for file in files:
        path = _rendered_path(file.path, name)
        if path in done:
            raise CommandError(f"The template has two files that would both become {path}.", hint="rename one of them")
        done[path] = File(path, _rendered_content(file.content, values))
    return list(done.values())


def render(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{{ name }}` replaced by the value of that name, where there is one."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def _rendered_content(content: bytes, values: Mapping[str, str]) -> bytes:
    try:
        return render(content.decode("utf-8"), values).encode()
    except UnicodeDecodeError:
        return content


def _rendered_path(path: str, name: str) -> str:
    new = path.replace(NAME_IN_PATHS, name).removesuffix(SUFFIX)
    parts = new.split("/")
    if PureWindowsPath(new).drive or "\\" in new or {"", ".."} & {*parts}:
        raise CommandError(
            f"The template has a file that would lie outside of the project: {path}", hint="take it out of the template"
        )
    return PurePosixPath(new).as_posix()


def _read_folder(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if _is_skipped(name):
            continue
        if path.is_symlink() and path.is_dir():
            raise _no_template(path, "is a link to a folder")
        if not path.is_dir():
            found[name] = path.read_bytes()
    return found


def _is_skipped(name: str) -> bool:
    return not SKIPPED.isdisjoint(name.split("/")) or name.endswith((".pyc", ".pyo"))


def _without_common_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    folders = {name.partition("/")[0] if "/" in name else "" for name in files}
    if len(folders) != 1 or folders <= {"", ".."}:
        return dict(files)
    return {name.partition("/")[2]: content for name, content in files.items()}


def _no_template(path: Path, reason: str) -> CommandError:
    return CommandError(f"The template {path} {reason}.", hint=f"ls -l {path}")
