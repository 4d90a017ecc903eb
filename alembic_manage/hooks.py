"""Functions of a project that are called when migrations run: named in the setting HOOKS, or connected in Python.

`before_revision.connect` is a decorator for a function that takes a HookEvent; so are those of the other hooks.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alembic_manage.errors import SettingsError
from alembic_manage.location import location_of, one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.plan import Direction, Plan, Step


@dataclass(frozen=True)
class HookEvent:
    """What a hook is told."""

    hook: str
    """The name of the hook: "pre_migrate"."""
    database: str
    """The alias."""
    plan: Plan
    """All that this run is to do."""
    done: tuple[Step, ...]
    """What of the plan is done so far, in order; in `after_revision` the revision is among it."""
    is_fake: bool
    """Whether it is recorded without being run. With --fake-initial only `after_revision` knows."""
    connection: Connection | None
    """The one that the migrations run on, outside of their transactions; None in `migrate_failed`. What a hook leaves
    open is committed after it, or rolled back where it raises."""
    step: Step | None = None
    """The revision that is about to run, has run, or was running when the run failed; else None."""
    seconds: float | None = None
    """How long the revision took (`after_revision`), or the run so far (`post_migrate`, `migrate_failed`)."""
    error: BaseException | None = None
    """What ended the run (`migrate_failed`)."""

    @property
    def direction(self) -> Direction:
        """Up or down; the same for all steps of a plan."""
        return self.plan.direction


HookFunction = Callable[[HookEvent], object]
"""A hook: what it returns does not matter."""
F = TypeVar("F", bound=HookFunction)


class Hook:
    """A moment at which functions are called.

    Args:
        name: as in the setting HOOKS.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._functions: dict[object, HookFunction] = {}

    def __repr__(self) -> str:
        return f"<Hook {self.name}>"

    @property
    def functions(self) -> tuple[HookFunction, ...]:
        """What is connected, in the order in which it was."""
        return tuple(self._functions.values())

    def connect(self, function: F) -> F:
        """Have `function` called from now on; it is returned, so that this is a decorator too.

        A function of a module is connected once, also where its module is loaded again, as env.py is.

        Raises:
            TypeError: it cannot be called, or is a coroutine function, which nobody would await.
        """
        wrong = _wrong_with(function)
        if wrong:
            raise TypeError(f"{self.name}: {name_of(function)} {wrong}.")
        self._functions[_identity(function)] = function
        return function

    def disconnect(self, function: HookFunction) -> bool:
        """Have it called no more; whether it was connected."""
        return self._functions.pop(_identity(function), None) is not None


pre_migrate = Hook("pre_migrate")
"""Before the first revision of a run, with the lock held; to raise stops the run."""
before_revision = Hook("before_revision")
"""Before each revision; to raise stops the run there."""
after_revision = Hook("after_revision")
"""After each revision is committed."""
post_migrate = Hook("post_migrate")
"""After the last revision of a run that succeeded, with the lock held."""
migrate_failed = Hook("migrate_failed")
"""After a run that ended in any other way, once `pre_migrate` was called."""

_BY_NAME = {hook.name: hook for hook in (pre_migrate, before_revision, after_revision, post_migrate, migrate_failed)}

NamedHooks = Mapping[str, Sequence[HookFunction]]
"""The functions that the settings name, by the name of the hook."""


def named_hooks(paths: Mapping[str, Sequence[str]], root: Path) -> NamedHooks:
    """The functions that the setting HOOKS names.

    Args:
        paths: the setting.
        root: the project's folder, for file names in messages.

    Raises:
        SettingsError: a path does not lead to a function that can be called.
    """
    return {hook: [_function_at(path, hook, root) for path in each] for hook, each in paths.items()}


def connected() -> Mapping[str, Sequence[HookFunction]]:
    """The functions that are connected in Python by now, by the name of the hook."""
    return {name: hook.functions for name, hook in _BY_NAME.items()}


def functions_of(hook: str, named: NamedHooks) -> tuple[HookFunction, ...]:
    """The functions to call: those that the settings name, in their order, then those that are connected by now."""
    first = tuple(named.get(hook, ()))
    return (*first, *(each for each in _BY_NAME[hook].functions if each not in first))


def name_of(function: object) -> str:
    """The dotted name of a function, for messages."""
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', repr(function))}"


def _function_at(path: str, hook: str, root: Path) -> HookFunction:
    def wrong(why: str) -> SettingsError:
        return SettingsError(
            f"HOOKS['{hook}'] names '{path}', {why}.", hint=f'HOOKS = {{"{hook}": ["myproject.hooks.{hook}"]}}'
        )

    module_name, _, name = path.rpartition(".")
    if not module_name:
        raise wrong("which is not of the form module.function")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module_name}.".startswith(f"{error.name}."):
            raise wrong(f"but there is no module '{error.name}'") from None
        raise wrong(f"which cannot be imported: {_place(error, root, module_name)}") from error
    except Exception as error:
        raise wrong(f"which cannot be imported: {_place(error, root, module_name)}") from error
    if not hasattr(module, name):
        raise wrong(f"but {module_name} has no '{name}'")
    function: HookFunction = getattr(module, name)
    why = _wrong_with(function)
    if why:
        raise wrong(f"which {why}")
    return function


def _place(error: Exception, root: Path, module_name: str) -> str:
    return f"{location_of(error, root) or module_name}: {one_line(error)}"


def _wrong_with(function: object) -> str | None:
    if not callable(function):
        return "cannot be called"
    call = type(function).__call__
    is_coroutine = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)
    return "is a coroutine function; a hook is an ordinary one" if is_coroutine else None


def _identity(function: HookFunction) -> object:
    """The function itself; of one that a module has by name, that name."""
    name = getattr(function, "__qualname__", "<")
    return function if "<" in name or inspect.ismethod(function) else (function.__module__, name)
