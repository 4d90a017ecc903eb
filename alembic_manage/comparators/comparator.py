"""Says of a function what Alembic is to call it for: the one place that knows how comparators are registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from alembic.util import DispatchPriority

from alembic_manage.dialects import known_dialects

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

F = TypeVar("F", bound=Callable[..., Any])

_NAMES = frozenset(name for dialect in known_dialects() for name in dialect.names)
"""The names under which SQLAlchemy knows the databases that are compared here."""


@dataclass(frozen=True)
class Comparator:
    """A function that Alembic calls while it compares."""

    function: Callable[..., Any]
    target: str
    """Alembic's word for what it is called with: "autogenerate", "schema", "table" or "column"."""
    group: str
    """Those of one group come one after another, until one answers STOP."""
    when: DispatchPriority
    everywhere: bool
    """Whether it is called for databases that the suite does not know, too."""

    def register(self, autogen_context: AutogenContext) -> None:
        """Have it called in this comparison."""
        assert autogen_context.dialect is not None
        name = autogen_context.dialect.name
        if self.everywhere or name in _NAMES:
            autogen_context.comparators.dispatch_for(
                self.target,
                subgroup=self.group,
                priority=self.when,
                qualifier="default" if self.everywhere else name,
            )(self.function)


_comparators: dict[str, list[Comparator]] = {}
"""By the name of the module that holds them."""


def compares(
    target: str, group: str, when: DispatchPriority = DispatchPriority.MEDIUM, *, everywhere: bool = False
) -> Callable[[F], F]:
    """Make a comparator of a function; see Comparator."""

    def decorate(function: F) -> F:
        made = Comparator(function, target, group, when, everywhere)
        _comparators.setdefault(function.__module__, []).append(made)
        return function

    return decorate


def comparators_of(module: str) -> Sequence[Comparator]:
    """The comparators of an imported module, in the order in which they stand there."""
    return _comparators.get(module, ())
