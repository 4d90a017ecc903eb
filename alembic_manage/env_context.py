"""What env.py runs inside of: the context manager that the setting ENV_CONTEXT names, a Flask application's for one."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from alembic_manage.errors import SettingsError
from alembic_manage.location import location_of, one_line
from alembic_manage.project import Project

if TYPE_CHECKING:
    from alembic.config import Config

_HINT = 'ENV_CONTEXT = "settings.app_context", a function of Alembic\'s config with @contextmanager'


def env_context(project: Project, config: Config) -> AbstractContextManager[Any]:
    """The context manager around env.py; one that does nothing where the settings name none.

    Args:
        project: whose settings count.
        config: what the function is called with, which may add to it.

    Raises:
        SettingsError: ENV_CONTEXT names no function, or one that returns something else.
    """
    path = project.settings.env_context
    if path is None:
        return nullcontext()
    found = _function_at(path, project)(config)
    if not isinstance(found, AbstractContextManager):
        raise _wrong(path, f"which returns a {type(found).__name__} and no context manager")
    return found


def _function_at(path: str, project: Project) -> Callable[[Config], Any]:
    module_name, _, name = path.rpartition(".")
    if not module_name:
        raise _wrong(path, "which is not of the form module.function")
    try:
        function = getattr(importlib.import_module(module_name), name, None)
    except Exception as error:
        place = location_of(error, project.root) or module_name
        raise _wrong(path, f"which cannot be imported: {place}: {one_line(error)}") from error
    if not callable(function):
        raise _wrong(path, f"but {module_name} has no function '{name}'")
    return function  # type: ignore[no-any-return]


def _wrong(path: str, why: str) -> SettingsError:
    return SettingsError(f"ENV_CONTEXT names '{path}', {why}.", hint=_HINT)
