"""The revisions on disk as a graph: heads, bases, ancestors, look-up by prefix.

Files are read, not imported; only a file whose identifiers are computed is run to learn them.
"""

from __future__ import annotations

import ast
import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from alembic_manage.errors import (
    AmbiguousRevisionError,
    BrokenRevisionError,
    MultipleHeadsError,
    UnknownRevisionError,
)
from alembic_manage.location import display_path, location_of, one_line

IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")
# Alembic's own rule for which files of a versions folder are revisions.
# Source: Alembic 1.20, alembic/script/base.py.
_REVISION_FILE = re.compile(r"(?!\.\#|__init__).*\.py$")


@dataclass(frozen=True)
class Revision:
    """One revision file."""

    id: str
    path: Path
    down_revisions: tuple[str, ...] = ()
    """The ids in `down_revision`; empty for a base, several for a merge revision."""
    depends_on: tuple[str, ...] = ()
    """The ids in `depends_on`; branch labels there are resolved by the history."""
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    """The first line of the file's docstring."""

    @property
    def is_merge(self) -> bool:
        """Whether it joins branches."""
        return len(self.down_revisions) > 1


@dataclass(frozen=True)
class Problem:
    """Why the files do not form a history."""

    kind: str
    """"unreadable", "duplicate", "missing-parent", "cycle" or "folder"."""
    message: str
    hint: str

    def as_error(self) -> BrokenRevisionError:
        """The error that a command ends with."""
        return BrokenRevisionError(self.message, hint=self.hint)


class History:
    """The graph of revisions.

    Args:
        revisions: in any order; of two with the same id the first counts.
        problems: what was wrong with the files; see `read_history`.
    """

    def __init__(self, revisions: Iterable[Revision], problems: Sequence[Problem] = ()) -> None:
        found: dict[str, Revision] = {}
        for revision in revisions:
            found.setdefault(revision.id, revision)
        self.by_id: Mapping[str, Revision] = MappingProxyType(found)
        self.problems: tuple[Problem, ...] = (*problems, *self._missing_parents(), *self._cycles())

    def __len__(self) -> int:
        return len(self.by_id)

    def __contains__(self, id: object) -> bool:
        return id in self.by_id

    def __iter__(self) -> Iterator[Revision]:
        """The revisions in an order in which they can run: parents first, equals by id."""
        return iter(self._ordered)

    def require_sound(self) -> History:
        """This history, when it has no problems.

        Raises:
            BrokenRevisionError: the first problem.
        """
        if self.problems:
            raise self.problems[0].as_error()
        return self

    @cached_property
    def heads(self) -> tuple[Revision, ...]:
        """The revisions that no other names as its down_revision, in order."""
        parents = {down for revision in self.by_id.values() for down in revision.down_revisions}
        return tuple(revision for revision in self if revision.id not in parents)

    @cached_property
    def bases(self) -> tuple[Revision, ...]:
        """The revisions without a down_revision, in order."""
        return tuple(revision for revision in self if not revision.down_revisions)

    def with_revisions(self, revisions: Iterable[Revision]) -> History:
        """This history with more revisions; what has an id that is there already is left out."""
        kept = [problem for problem in self.problems if problem.kind not in ("missing-parent", "cycle")]
        return History([*self.by_id.values(), *revisions], kept)

    def resolve(self, name: str) -> str | None:
        """The id that an entry of depends_on means, an id or a branch label; None where no revision has it."""
        id = self._dependency(name)
        return id if id in self.by_id else None

    def require_single_head(self) -> Revision | None:
        """The head; None for an empty history.

        Raises:
            MultipleHeadsError: there are several.
        """
        if len(self.heads) > 1:
            names = ", ".join(revision.id for revision in self.heads)
            raise MultipleHeadsError(
                f"Conflicting migrations detected; multiple heads in the history: ({names}).",
                hint="python manage.py makemigrations --merge",
            )
        return self.heads[0] if self.heads else None

    def find(self, text: str) -> Revision:
        """The revision with this id, unique prefix or branch label ("label" and "label@head" give the branch's head).

        Raises:
            UnknownRevisionError: nothing fits.
            AmbiguousRevisionError: several revisions begin with `text`.
            MultipleHeadsError: the labelled branch has several heads.
        """
        if text in self.by_id:
            return self.by_id[text]
        label = text.removesuffix("@head")
        if label in self._labels:
            return self._head_of_branch(label)
        matches = [revision for revision in self if revision.id.startswith(text)] if text else []
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = ", ".join(revision.id for revision in matches[:5])
            raise AmbiguousRevisionError(
                f"'{text}' is ambiguous: {len(matches)} begin with it ({names}{', ...' * (len(matches) > 5)}).",
                hint="type more of the name; python manage.py showmigrations lists them",
            )
        raise UnknownRevisionError(
            f"Cannot find a migration matching '{text}'.", hint="python manage.py showmigrations"
        )

    def branch(self, name: str) -> frozenset[str]:
        """The ids on the branch of a label (from where it begins), or of a revision (what it follows, what follows it).

        Raises:
            UnknownRevisionError: no label and no revision fits.
            AmbiguousRevisionError: several revisions begin with `name`.
        """
        if name in self._labels:
            return self._closure([self._labels[name]], self._followers)
        id = self.find(name).id
        downs = {revision.id: revision.down_revisions for revision in self.by_id.values()}
        return self._closure([id], downs) | self._closure([id], self._followers)

    def parents(self, id: str) -> tuple[str, ...]:
        """What must be applied right before the revision `id`: its down_revisions, then what it depends on."""
        revision = self.by_id[id]
        depends = (self._dependency(name) for name in revision.depends_on)
        return tuple(dict.fromkeys((*revision.down_revisions, *depends)))

    def ancestors(self, ids: Collection[str]) -> frozenset[str]:
        """`ids` and all that must be applied before them."""
        return self._closure(ids, self._parents)

    def descendants(self, ids: Collection[str]) -> frozenset[str]:
        """`ids` and all that cannot be applied without them."""
        return self._closure(ids, self._children)

    def followers(self, id: str) -> tuple[str, ...]:
        """The revisions that name `id` as a down_revision."""
        return self._followers.get(id, ())

    def in_order(self, ids: Collection[str]) -> tuple[Revision, ...]:
        """The revisions with these ids, parents first."""
        return tuple(self.by_id[id] for id in sorted(ids, key=self._position.__getitem__))

    @cached_property
    def _ordered(self) -> tuple[Revision, ...]:
        waiting = {id: len([p for p in self._parents[id] if p in self.by_id]) for id in self.by_id}
        ready = [id for id, count in waiting.items() if count == 0]
        heapq.heapify(ready)
        ordered: list[Revision] = []
        while ready:
            id = heapq.heappop(ready)
            ordered.append(self.by_id[id])
            for child in self._children.get(id, ()):
                waiting[child] -= 1
                if waiting[child] == 0:
                    heapq.heappush(ready, child)
        return tuple(ordered)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {revision.id: position for position, revision in enumerate(self._ordered)}

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        return {id: self.parents(id) for id in self.by_id}

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        children: dict[str, list[str]] = {}
        for id, parents in self._parents.items():
            for parent in parents:
                children.setdefault(parent, []).append(id)
        return {id: tuple(sorted(found)) for id, found in children.items()}

    @cached_property
    def _followers(self) -> Mapping[str, tuple[str, ...]]:
        """The revisions that name another as their down_revision, by that other; dependencies left out."""
        followers: dict[str, list[str]] = {}
        for revision in self.by_id.values():
            for down in revision.down_revisions:
                followers.setdefault(down, []).append(revision.id)
        return {id: tuple(sorted(found)) for id, found in followers.items()}

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {label: revision.id for revision in self.by_id.values() for label in revision.branch_labels}

    def _dependency(self, name: str) -> str:
        """The id that an entry of depends_on means: an id or a branch label."""
        return name if name in self.by_id else self._labels.get(name, name)

    def _head_of_branch(self, label: str) -> Revision:
        branch = self._closure([self._labels[label]], self._followers)
        heads = [revision for revision in self.heads if revision.id in branch]
        if len(heads) > 1:
            names = ", ".join(revision.id for revision in heads)
            raise MultipleHeadsError(
                f"The branch '{label}' has several heads: ({names}).", hint="python manage.py makemigrations --merge"
            )
        return heads[0]

    @staticmethod
    def _closure(ids: Collection[str], edges: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
        found = set(ids)
        stack = list(ids)
        while stack:
            new = [id for id in edges.get(stack.pop(), ()) if id not in found]
            found.update(new)
            stack.extend(new)
        return frozenset(found)

    def _missing_parents(self) -> Iterator[Problem]:
        for revision in self.by_id.values():
            for parent in self.parents(revision.id):
                if parent not in self.by_id:
                    yield Problem(
                        "missing-parent",
                        f"{display_path(revision.path)} follows migration '{parent}', which has no file.",
                        f"bring the file of '{parent}' back: git log --all -- '*{parent}*'",
                    )

    def _cycles(self) -> Iterator[Problem]:
        lost = set(self.by_id).difference(revision.id for revision in self._ordered)
        if lost:
            yield Problem(
                "cycle",
                f"The migrations {', '.join(sorted(lost))} follow one another in a circle.",
                "correct down_revision in one of these files; git log -p shows when the circle was closed",
            )


def read_history(folders: Sequence[Path], *, recursive: bool = False) -> History:
    """The history in the version folders; what is wrong with files is in its `problems`.

    Args:
        folders: absolute paths; a missing one is a problem.
        recursive: whether folders below them count.
    """
    problems: list[Problem] = []
    revisions: dict[str, Revision] = {}
    for path in _revision_files(folders, recursive, problems):
        try:
            revision = read_revision(path)
        except BrokenRevisionError as error:
            problems.append(Problem("unreadable", str(error), error.hint or ""))
            continue
        other = revisions.setdefault(revision.id, revision)
        if other is not revision:
            problems.append(
                Problem(
                    "duplicate",
                    f"{display_path(other.path)} and {display_path(path)} have the same revision id '{revision.id}'.",
                    f"delete one of them, or give it another id: {display_path(path)}",
                )
            )
    return History(revisions.values(), problems)


def read_revision(path: Path) -> Revision:
    """The revision in a file.

    Raises:
        BrokenRevisionError: the file has a syntax error, or no revision id; the message has file and line.
    """
    tree = _parsed(path.read_bytes(), path)
    values = _literal_identifiers(tree)
    return _revision(tree, _computed_identifiers(path) if values is None else values, path)


def revision_of_source(source: str, path: Path) -> Revision:
    """The revision in a source that is never run.

    Args:
        source: the text of a revision file.
        path: what the file is called in messages.

    Raises:
        BrokenRevisionError: it has a syntax error, no revision id, or one that only running it would tell.
    """
    tree = _parsed(source, path)
    values = _literal_identifiers(tree)
    if values is None:
        raise BrokenRevisionError(
            f"{display_path(path)} computes what it is called or follows, so only running it would tell.",
            hint="write revision and down_revision as plain texts",
        )
    return _revision(tree, values, path)


def _parsed(source: bytes | str, path: Path) -> ast.Module:
    try:
        return ast.parse(source, filename=str(path))
    except (SyntaxError, ValueError) as error:
        place = location_of(error) or display_path(path)
        raise BrokenRevisionError(
            f"{place}: the migration cannot be read: {one_line(error)}",
            hint=f"python -m py_compile {display_path(path)}",
        ) from error


def _revision(tree: ast.Module, values: Mapping[str, object], path: Path) -> Revision:
    if not isinstance(values.get("revision"), str) or not values["revision"]:
        raise BrokenRevisionError(
            f"{display_path(path)} has no revision id.", hint=f'add a line: revision = "{path.stem[:32]}"'
        )
    return Revision(
        id=str(values["revision"]),
        path=path,
        down_revisions=_names(path, "down_revision", values.get("down_revision")),
        depends_on=_names(path, "depends_on", values.get("depends_on")),
        branch_labels=_names(path, "branch_labels", values.get("branch_labels")),
        message=(ast.get_docstring(tree) or "").partition("\n")[0].strip(),
    )


def _revision_files(folders: Sequence[Path], recursive: bool, problems: list[Problem]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                Problem("folder", f"There is no folder {display_path(folder)}.", f"mkdir -p {display_path(folder)}")
            )
            continue
        for path in sorted(folder.rglob("*.py") if recursive else folder.iterdir()):
            if _REVISION_FILE.fullmatch(path.name) and path.is_file() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _literal_identifiers(tree: ast.Module) -> dict[str, object] | None:
    """The identifiers where each is assigned at most once, at the top, as a literal; None where one is computed."""
    values: dict[str, object] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if any((alias.asname or alias.name) in IDENTIFIERS for alias in statement.names):
                return None
            continue
        names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and _is_identifier(node)]
        if not names:
            continue
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if value is None or len(names) > 1 or names[0] in values:
            return None
        try:
            values[names[0]] = ast.literal_eval(value)
        except ValueError:
            return None
    return values


def _is_identifier(node: ast.Name) -> bool:
    return node.id in IDENTIFIERS and isinstance(node.ctx, ast.Store)


def _computed_identifiers(path: Path) -> dict[str, object]:
    from alembic_manage.alembic_api import load_module

    try:
        module = load_module(path)
    except Exception as error:
        place = location_of(error) or display_path(path)
        raise BrokenRevisionError(
            f"{place}: the migration cannot be read: {one_line(error)}", hint=f"python {display_path(path)}"
        ) from error
    return {name: getattr(module, name, None) for name in IDENTIFIERS}


def _names(path: Path, name: str, value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(map(str, value)) if isinstance(value, set | frozenset) else map(str, value))
    raise BrokenRevisionError(
        f"{display_path(path)}: {name} is {value!r}, which names no migration.",
        hint=f'{name} = None, or {name} = "0001_initial"',
    )
