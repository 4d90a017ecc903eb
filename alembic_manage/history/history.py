"""The revisions as a graph: heads, bases, ancestors, look-up by prefix; knows nothing of how files are read."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Self

from alembic_manage.errors import AmbiguousRevisionError, MultipleHeadsError, UnknownRevisionError
from alembic_manage.history.revision import Problem, Revision
from alembic_manage.location import display_path


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

    @classmethod
    def sound(cls, revisions: Sequence[Revision], ordered: Sequence[Revision], heads: Sequence[str]) -> Self:
        """A history of which all is known already: nothing is looked at again.

        Args:
            revisions: of a history without problems.
            ordered: the same, as that history has them in order.
            heads: the ids of that history's heads, in order.
        """
        self = cls.__new__(cls)
        self.by_id = MappingProxyType({revision.id: revision for revision in revisions})
        self.problems = ()
        vars(self)["_ordered"] = tuple(ordered)
        vars(self)["heads"] = tuple(self.by_id[id] for id in heads)
        return self

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

    def children(self, id: str) -> tuple[str, ...]:
        """The revisions that need `id` right before them: as a down_revision, or in depends_on."""
        return self._children.get(id, ())

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
