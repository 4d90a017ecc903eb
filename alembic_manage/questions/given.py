"""Answers that were given on the command line, before anything is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from alembic_manage.questions.answer import Dropped, Later, Proceed, Renamed
from alembic_manage.questions.question import Choice, Question


@dataclass(frozen=True)
class Given:
    """What the options --rename, --no-rename, --default, --later and --proceed say, by path."""

    renames: Mapping[str, str] = field(default_factory=dict)
    """New path by old one: {"orders.placed": "orders.placed_at"}."""
    not_renamed: frozenset[str] = frozenset()
    """Paths of what is dropped, whatever it looks like."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What rows that are there already get, as typed: {"orders.total": "0"}."""
    later: frozenset[str] = frozenset()
    """Paths of what is left out of the revision."""
    proceed: frozenset[str] = frozenset()
    """Paths of what is done as it is."""
    apart: frozenset[tuple[str, str]] = frozenset()
    """Pairs of what is dropped and what is new, of which it was said before that they are two things."""
    used: set[str] = field(default_factory=set, compare=False)
    """What answered something: the path of a rename that was taken, the whole option of any other answer."""

    def choice_for(self, question: Question) -> Choice | None:
        """The choice that an option makes, which is thereby used; None where no option speaks of it."""
        for choice in question.choices:
            option = self._option_for(choice, question.path) if choice.flag is not None else None
            if option is not None:
                self.used.add(option)
                return choice
        return None

    def unused(self, gone: Collection[str] = ()) -> Iterator[tuple[str, str]]:
        """Each option that answered nothing, as typed, with its path.

        Args:
            gone: paths of what the revision drops: --no-rename holds there, also where nobody would have asked.
        """
        for old, new in self.renames.items():
            if old not in self.used:
                yield f"--rename {old}:{new}", old
        for path in sorted(self.not_renamed - self.used - set(gone)):
            yield f"--no-rename {path}", path
        for path, typed in self.values.items():
            if f"--default {path}" not in self.used:
                yield f"--default {path}={typed}", path
        for flag, paths in (("--later", self.later), ("--proceed", self.proceed)):
            yield from ((f"{flag} {path}", path) for path in sorted(paths) if f"{flag} {path}" not in self.used)

    def __bool__(self) -> bool:
        return any((self.renames, self.not_renamed, self.values, self.later, self.proceed))

    def _option_for(self, choice: Choice, path: str) -> str | None:
        """What `used` gets for the option that makes a choice; None where there is none."""
        match choice.answer:
            case Renamed(to):
                return path if self.renames.get(path) == to else None
            case Dropped():
                return path if path in self.not_renamed else None
            case Proceed():
                return f"--proceed {path}" if path in self.proceed else None
            case Later():
                return f"--later {path}" if path in self.later else None
            case _:
                return f"--default {path}" if path in self.values else None
