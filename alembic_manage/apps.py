"""The apps of INSTALLED_APPS: their labels, folders and models modules; no SQLAlchemy here."""

from __future__ import annotations

import importlib
import importlib.util

from alembic_manage.errors import ModelsError, SettingsError, UnknownAppError

TYPE_CHECKING = False  # `help` waits for every import here: typing is one, pathlib another
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType


class App:
    """One app of the project.

    Args:
        name: the dotted module name, as in INSTALLED_APPS.
        label: the last part of the name: what a person types on the command line.
        path: the app's folder.
    """

    __slots__ = ("folder", "label", "name")

    def __init__(self, name: str, label: str, path: str | Path) -> None:
        self.name = name
        self.label = label
        self.folder = str(path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, App) and (self.name, self.folder) == (other.name, other.folder)

    def __hash__(self) -> int:
        return hash((self.name, self.folder))

    def __repr__(self) -> str:
        return f"App({self.name!r}, {self.label!r}, {self.folder!r})"

    @property
    def path(self) -> Path:
        """The app's folder."""
        from pathlib import Path

        return Path(self.folder)

    @property
    def models_module(self) -> str | None:
        """The dotted name of the app's models module, or None where it has none."""
        name = f"{self.name}.models"
        return name if importlib.util.find_spec(name) is not None else None


def find_apps(names: Iterable[str]) -> tuple[App, ...]:
    """The apps named in INSTALLED_APPS, in order.

    Raises:
        SettingsError: a name cannot be imported, or two apps have the same label.
    """
    apps: dict[str, App] = {}
    for name in names:
        app = _find_app(name)
        if app.label in apps:
            raise SettingsError(
                f"INSTALLED_APPS has two apps with the label '{app.label}': {apps[app.label].name} and {name}.",
                hint="rename the folder of one of them",
            )
        apps[app.label] = app
    return tuple(apps.values())


def app_with_label(apps: Iterable[App], label: str) -> App:
    """The app with this label.

    Raises:
        UnknownAppError: no installed app has it.
    """
    known = list(apps)
    for app in known:
        if app.label == label:
            return app
    labels = ", ".join(app.label for app in known) or "none"
    raise UnknownAppError(
        f"No installed app with label '{label}' (installed: {labels}).", hint=f'add "{label}" to INSTALLED_APPS'
    )


def import_models(app: App, root: Path) -> Iterator[ModuleType]:
    """The app's models module and, where it is a package, every module below it, imported; nothing where there is none.

    Raises:
        ModelsError: a module raises while it is imported; the message has the user's file and line.
    """
    import pkgutil

    name = app.models_module
    if name is None:
        return
    module = _import_models_module(name, root)
    yield module
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), prefix=f"{name}."):
        yield _import_models_module(found.name, root)


def _import_models_module(name: str, root: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        from alembic_manage.location import location_of, one_line

        place = location_of(error, root) or name
        raise ModelsError(
            f"The models cannot be imported: {place}: {one_line(error)}",
            hint=f"mend that line, then see the whole traceback with: python -c 'import {name}'",
        ) from error


def _find_app(name: str) -> App:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        spec = None
    except Exception as error:
        from alembic_manage.location import location_of, one_line

        raise SettingsError(
            f"The app '{name}' of INSTALLED_APPS cannot be imported: {location_of(error)}: {one_line(error)}",
            hint=f"python -c 'import {name}'",
        ) from error
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            f"INSTALLED_APPS names '{name}', but there is no such package.",
            hint=f"python manage.py startapp {name.rpartition('.')[2]}",
        )
    return App(name=name, label=name.rpartition(".")[2], path=next(iter(spec.submodule_search_locations)))
