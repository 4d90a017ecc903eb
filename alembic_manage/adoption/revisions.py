"""What the revision files of a project say: how many, how they are named, and what was there before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.adoption.configuration import Configuration
from alembic_manage.adoption.folder import Folder, walk
from alembic_manage.adoption.references import references_in
from alembic_manage.history import History, read_history
from alembic_manage.outline.revision import outline_of

_HASH = re.compile(r"[0-9a-f]{10,13}")
_NUMBERED = re.compile(r"\d{4,6}(_\w*)?")
_NAME = re.compile(r"""["']([\w.]+)["']""")
_CREATED = re.compile(r"""create_table\w*\(\s*["']([\w.]+)["']""")
_LATEST = 20
"""How many of the newest revisions say how ids are made."""
_NEEDS_TABLE = {"add_column", "drop_column", "alter_column", "drop_table", "rename_table", "create_index", "drop_index"}


@dataclass(frozen=True)
class Revisions:
    """The history of a project, as its files have it."""

    folders: tuple[Path, ...]
    history: History
    inside: tuple[Path, ...] = ()
    """Folders with revisions that Alembic's configuration does not name."""

    @property
    def ids(self) -> str:
        """How the newest ids were made: "number", "hash", "own", or "none" where there are none."""
        newest = [each.id for each in list(self.history)[-_LATEST:] if not each.is_merge]
        for kind, pattern in (("hash", _HASH), ("number", _NUMBERED)):
            if newest and sum(bool(pattern.fullmatch(id)) for id in newest) * 2 > len(newest):
                return kind
        return "own" if newest else "none"

    @property
    def tables_before(self) -> tuple[str, ...]:
        """Tables that a migration changes or refers to although none before it even names them, by name."""
        found: set[str] = set()
        named: set[str] = set()
        words: frozenset[str] = frozenset()
        for revision in self.history:
            text = _text(revision.path)
            if "rename" not in text:
                found |= _changed_before_made(revision.path) - named
            named |= set(_NAME.findall(text))
            references = references_in(text)
            found |= references.unknown(words)
            words |= references.words
        return tuple(sorted(found))


def read_revisions(configuration: Configuration, *, chosen: bool = False) -> Revisions:
    """The revisions of a configuration.

    Args:
        configuration: says where they are.
        chosen: whether env.py chooses the folder: then those count that lie inside, each with a history of its own.
    """
    folders = version_folders(configuration)
    recursive = configuration.options.get("recursive_version_locations", "") == "true"
    inside = () if recursive else folders_inside(folders)
    if chosen:
        return Revisions(inside[:1] or folders, read_history(inside[:1] or folders, recursive=recursive), inside[1:])
    return Revisions((*folders, *inside), read_history((*folders, *inside), recursive=recursive), inside)


def version_folders(configuration: Configuration) -> tuple[Path, ...]:
    """The folders of version_locations, else versions/ beside env.py."""
    named = configuration.options.get("version_locations", "")
    base = configuration.file.parent if configuration.file else configuration.root
    found = [_folder(each, base, configuration) for each in _split(named, configuration)]
    return tuple(each for each in found if each.is_dir()) or (configuration.location / "versions",)


def folders_inside(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders with revisions below `folders`, which Alembic would not look into."""
    inside = (each for folder in folders if folder.is_dir() for each in walk(folder) if each not in folders)
    return tuple(each for each in inside if _has_revisions(each))


def makes_all_and_stamps(folder: Folder, configuration: Configuration) -> bool:
    """Whether the project makes its tables by create_all() and then stamps the database."""
    return any(
        {"create_all", "stamp"} <= source.words
        for source in folder.sources
        if not source.path.is_relative_to(configuration.location)
    )


def _has_revisions(folder: Path) -> bool:
    return folder.is_dir() and any(
        re.search(r"^(down_)?revision\b", _text(path), re.MULTILINE) for path in folder.glob("*.py")
    )


def _split(named: str, configuration: Configuration) -> list[str]:
    separator = configuration.options.get("path_separator") or configuration.options.get("version_path_separator", "")
    marks = {"os": ":", "newline": "\n", "space": " "}
    mark = marks.get(separator, separator)
    return [each.strip() for each in (named.split(mark) if mark else re.split(r"[,\s:]+(?!//)", named)) if each.strip()]


def _folder(name: str, base: Path, configuration: Configuration) -> Path:
    if ":" in name:
        package, _, rest = name.partition(":")
        return configuration.root / package.replace(".", "/") / rest
    return (base / name).resolve()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _changed_before_made(path: Path) -> set[str]:
    text, made, changed = _text(path), set[str](), set[str]()
    for change in outline_of(path, "upgrade"):
        if change.kind == "create_table":
            made.add(change.table)
        elif change.kind in _NEEDS_TABLE and change.table not in made:
            changed.add(change.table)
    # The outline shows computed names as well, and does not follow functions.
    literal, created = set(_NAME.findall(text)), set(_CREATED.findall(text))
    return changed & literal - created


def heads_line(history: History) -> str:
    """ "3 revisions, one head", for a person."""
    count, heads = len(history), len(history.heads)
    number = f"{count} revision{'s' * (count != 1)}"
    return number if heads <= 1 else f"{number}, {heads} heads"


def problems(history: History) -> Iterator[str]:
    """What is wrong with the files, for a person."""
    yield from (problem.message for problem in history.problems)
