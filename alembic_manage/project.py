"""The project: root, settings, apps, metadata and databases; the one value that is handed to commands."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.apps import App, find_apps
from alembic_manage.errors import ModelsError
from alembic_manage.settings.alias import DEFAULT_ALIAS
from alembic_manage.settings.settings import Settings, load_settings
from alembic_manage.settings.settings_module import settings_module_name

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from alembic_manage.database import Database


class Project:
    """A SQLAlchemy project with a settings module.

    What costs something (importing models, making engines) happens when it is first asked for, and once.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._databases: dict[str, Database] = {}
        self.stand_in: MetaData | None = None
        """What env.py gets in place of the MetaData while the models are not imported; see standing/models.py."""

    @classmethod
    def load(cls, settings_module: str | None = None) -> Project:
        """The project of a settings module; the same object for the same module while it stays imported.

        Args:
            settings_module: a dotted name; None for the environment's SETTINGS_MODULE, else "settings".

        Raises:
            SettingsError: the module is missing, raises, or a setting has the wrong shape.
        """
        name = settings_module or settings_module_name()
        module = sys.modules.get(name)
        project: Any = getattr(module, "__project__", None)
        if isinstance(project, Project):
            return project
        loaded = cls(load_settings(name))
        # Kept on the module itself, so that it lives exactly as long as the settings it was made from.
        sys.modules[name].__project__ = loaded  # type: ignore[attr-defined]
        return loaded

    @property
    def root(self) -> Path:
        """The folder of manage.py."""
        return self.settings.root

    @property
    def migrations_dir(self) -> Path:
        """The folder of env.py and versions/."""
        return self.settings.migrations_dir

    @property
    def alembic_ini(self) -> Path:
        """The file of Alembic's own configuration, which need not be there."""
        return self.settings.alembic_ini or self.root / "alembic.ini"

    @property
    def aliases(self) -> tuple[str, ...]:
        """The aliases of DATABASES, "default" first."""
        return tuple(sorted(self.settings.databases, key=lambda alias: (alias != DEFAULT_ALIAS, alias)))

    @cached_property
    def apps(self) -> tuple[App, ...]:
        """The installed apps, in order.

        Raises:
            SettingsError: a name of INSTALLED_APPS cannot be imported, or a label occurs twice.
        """
        return find_apps(self.settings.installed_apps)

    @property
    def title(self) -> str:
        """The app labels, in a row: what stands for the whole history where Django names an app."""
        return ", ".join(app.label for app in self.apps) or self.root.name

    @cached_property
    def metadata(self) -> list[MetaData]:
        """Every MetaData of the project; empty where no model is found.

        Raises:
            ModelsError: a models module raises.
            SettingsError: METADATA names something that is not there.
        """
        from alembic_manage.garbage import collection_paused
        from alembic_manage.metadata import collected_metadata, named_metadata

        with collection_paused():
            if self.settings.metadata:
                return list(named_metadata(self.settings.metadata, self.root))
            return list(collected_metadata(self.apps, self.root))

    @property
    def target_metadata(self) -> MetaData | list[MetaData]:
        """What env.py hands to Alembic: the MetaData itself where there is one, so that its naming convention counts in
        revisions; a list where there are several.
        """
        if self.stand_in is not None and "metadata" not in vars(self):
            return self.stand_in
        return self.metadata[0] if len(self.metadata) == 1 else self.metadata

    def require_metadata(self) -> list[MetaData]:
        """`metadata`, when it holds at least one table.

        Raises:
            ModelsError: no table was found.
        """
        if not any(metadata.tables for metadata in self.metadata):
            looked = ", ".join(app.models_module or f"{app.name}.models" for app in self.apps) or "no apps"
            raise ModelsError(
                f"No models found (looked in {self.settings.metadata or looked}).",
                hint="define a model in an app's models.py, or set METADATA = 'package.module:Base' in the settings",
            )
        return self.metadata

    def tables_of(self, app: App) -> frozenset[str]:
        """The keys of the tables that `app` defines."""
        from alembic_manage.metadata import tables_of

        return tables_of(app, self.root)

    def database(self, alias: str = DEFAULT_ALIAS) -> Database:
        """The database named `alias`; the same object each time.

        Raises:
            UnknownDatabaseError: DATABASES has no such alias.
            SettingsError: its URL cannot be parsed.
        """
        if alias not in self._databases:
            from alembic_manage.database import Database

            self._databases[alias] = Database(alias, self.settings.database(alias), self.root)
        return self._databases[alias]

    @cached_property
    def needs_batch(self) -> bool:
        """Whether one of the databases needs Alembic's batch mode, so that revisions are written with it."""
        return any(self.database(alias).dialect.needs_batch for alias in self.aliases)
