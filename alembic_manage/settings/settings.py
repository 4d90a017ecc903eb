"""The settings as one frozen, typed value.

Reads the user's settings module; knows nothing of engines, models or revisions; imports no SQLAlchemy and no Alembic.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic_manage.alembic_log import silence_setup
from alembic_manage.errors import SettingsError, UnknownDatabaseError
from alembic_manage.location import display_path, location_of, one_line
from alembic_manage.settings.alias import DEFAULT_ALIAS
from alembic_manage.settings.database_settings import DatabaseSettings, database_settings
from alembic_manage.settings.lint_settings import LintSettings, lint_settings

DEFAULT_MIGRATIONS_DIR = "alembic_database"
DEFAULTS: Mapping[str, Any] = {
    "DATABASES": {},
    "INSTALLED_APPS": [],
    "METADATA": [],
    "MIGRATIONS_DIR": DEFAULT_MIGRATIONS_DIR,
    "MIGRATION_TYPES": "import",
    "MIGRATION_IDS": "number",
    "VERSION_LOCATIONS": [],
    "ALEMBIC_INI": "alembic.ini",
    "ENV_CONTEXT": None,
    "APPLICATION_VERSION": None,
    "HOOKS": {},
    "FIXTURE_DIRS": [],
    "NATURAL_KEYS": {},
    "ZERO_DOWNTIME": False,
    "LINT": {},
}
"""What each setting of the suite is where the settings module does not have it; DATABASES must be there."""
MIGRATION_TYPES = ("import", "implementation")
MIGRATION_IDS = ("number", "hash")
HOOKS = ("pre_migrate", "before_revision", "after_revision", "post_migrate", "migrate_failed")
"""The names that the HOOKS setting may have; hooks.py says what they mean."""


@dataclass(frozen=True)
class Settings:
    """What the settings module says, checked for shape; every path is absolute."""

    module: str
    """The dotted name of the settings module."""
    root: Path
    """The project's folder: the one from which the settings module is imported."""
    databases: Mapping[str, DatabaseSettings]
    """Databases by alias; "default" is always among them."""
    installed_apps: tuple[str, ...]
    """Dotted module names of the apps, in order."""
    migrations_dir: Path
    """The folder of env.py and versions/."""
    migrations_dir_is_set: bool
    """Whether MIGRATIONS_DIR is in the settings module (else it is the default)."""
    metadata: tuple[str, ...]
    """The METADATA setting: "module:attribute" strings; empty where the metadata is to be found."""
    values: Mapping[str, Any]
    """Every upper-case name of the settings module."""
    migration_types: str = "import"
    """How revisions name types that are not SQLAlchemy's own: "import", or "implementation"."""
    migration_ids: str = "number"
    """What ids of new revisions are: "number" (and a slug), or "hash", with files named by Alembic's file_template."""
    version_locations: tuple[Path, ...] = ()
    """The folders of revisions; empty for what alembic.ini says."""
    alembic_ini: Path | None = None
    """The file of Alembic's own configuration; None for alembic.ini in the root."""
    env_context: str | None = None
    """The dotted path of a context manager around env.py; None where it needs none."""
    application_version: str | None = None
    """What the ledger says about the application that migrated; None where nothing is said."""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dotted paths of functions, by the name of the hook that calls them."""
    fixture_dirs: tuple[Path, ...] = ()
    """Folders in which loaddata looks for fixtures, besides those of the apps."""
    natural_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns by which fixtures may name rows, by table."""
    zero_downtime: bool = False
    """Whether makemigrations writes in phases, unless it is told otherwise."""
    lint: LintSettings = field(default_factory=LintSettings)
    """What the linter passes over, and what migrate does about findings."""

    def database(self, alias: str) -> DatabaseSettings:
        """The entry of DATABASES named `alias`.

        Raises:
            UnknownDatabaseError: DATABASES has no such alias.
        """
        try:
            return self.databases[alias]
        except KeyError:
            known = ", ".join(sorted(self.databases))
            raise UnknownDatabaseError(
                f"DATABASES in {self.module} has no database '{alias}' (it has: {known}).",
                hint=f"python manage.py COMMAND --database {DEFAULT_ALIAS}",
            ) from None


def load_settings(module: str) -> Settings:
    """The checked settings of the module named `module`, imported from sys.path.

    Raises:
        SettingsError: there is no such module, it or its .env raises, or a setting has the wrong shape.
    """
    root = _root_of(module)
    _check_env_file(root / ".env")
    return settings_from(_import(module, root), root)


def settings_from(module: ModuleType, root: Path) -> Settings:
    """The checked settings of an imported module.

    Raises:
        SettingsError: a setting has the wrong shape.
    """
    values = _upper_case(module)
    return Settings(
        module=module.__name__,
        root=root,
        databases=_databases(module.__name__, values),
        installed_apps=_strings(module.__name__, "INSTALLED_APPS", values.get("INSTALLED_APPS", ())),
        migrations_dir=_path(module.__name__, root, "MIGRATIONS_DIR", values),
        migrations_dir_is_set="MIGRATIONS_DIR" in values,
        metadata=_strings(module.__name__, "METADATA", values.get("METADATA", ())),
        values=values,
        application_version=_optional_text(module.__name__, "APPLICATION_VERSION", values, "2.4.1"),
        hooks=_hooks(module.__name__, values.get("HOOKS", {})),
        fixture_dirs=tuple(
            (root / path).resolve()
            for path in _strings(module.__name__, "FIXTURE_DIRS", values.get("FIXTURE_DIRS", ()))
        ),
        natural_keys=_natural_keys(module.__name__, values.get("NATURAL_KEYS", {})),
        lint=lint_settings(module.__name__, values.get("LINT", DEFAULTS["LINT"])),
        zero_downtime=_boolean(module.__name__, "ZERO_DOWNTIME", values),
        migration_types=_one_of(module.__name__, "MIGRATION_TYPES", MIGRATION_TYPES, values),
        migration_ids=_one_of(module.__name__, "MIGRATION_IDS", MIGRATION_IDS, values),
        version_locations=_paths_of(module.__name__, root, "VERSION_LOCATIONS", values),
        alembic_ini=_path(module.__name__, root, "ALEMBIC_INI", values),
        env_context=_optional_text(module.__name__, "ENV_CONTEXT", values, "settings.app_context"),
    )


def module_values(module: str) -> dict[str, Any]:
    """Every upper-case name of a settings module, unchecked.

    Raises:
        SettingsError: there is no such module, or it raises.
    """
    return _upper_case(_import(module, _root_of(module)))


def _upper_case(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def _root_of(module: str) -> Path:
    """The folder from which `module` is imported: for "config.settings" the one that holds config/."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise _settings_raise(module, error, None) from error
        spec = None
    except (ValueError, ImportError):
        spec = None  # no name that a module could have
    except Exception as error:
        raise _settings_raise(module, error, None) from error
    if spec is None or spec.origin is None:
        raise SettingsError(
            f"There is no settings module '{module}' in {Path.cwd()} or on the Python path.",
            hint="run the command in the folder of manage.py, or name the module: "
            "python manage.py COMMAND --settings mysite.settings; a new project: python manage.py startproject mysite",
        )
    is_package = spec.submodule_search_locations is not None
    return Path(spec.origin).resolve().parents[module.count(".") + is_package]


def _import(module: str, root: Path) -> ModuleType:
    try:
        imported = importlib.import_module(module)
    except Exception as error:
        raise _settings_raise(module, error, root) from error
    silence_setup()
    return imported


def _settings_raise(module: str, error: Exception, root: Path | None) -> SettingsError:
    place = location_of(error, root) or module
    return SettingsError(
        f"The settings cannot be loaded: {place}: {one_line(error)}",
        hint=f"mend that line, then see the whole traceback with: python -c 'import {module}'",
    )


def _check_env_file(path: Path) -> None:
    """Refuse a .env with a line that python-dotenv would skip with no more than a log line."""
    if not path.is_file():
        return
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8") as stream:
            broken = [binding for binding in parse_stream(stream) if binding.error]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{display_path(path)} cannot be read: {error}", hint="save it as UTF-8 text") from error
    if broken:
        # The line itself is not shown: it may hold a password.
        raise SettingsError(
            f"{display_path(path)}:{_line_of(broken[0].original)} is not of the form NAME=value.",
            hint="compare it with .env.example: diff .env .env.example",
        )


def _line_of(original: Any) -> int:
    """The line of a statement in .env; python-dotenv counts from the blank lines before it."""
    blank = original.string[: len(original.string) - len(original.string.lstrip())]
    return int(original.line) + str(blank).count("\n")


def _databases(module: str, values: Mapping[str, Any]) -> dict[str, DatabaseSettings]:
    configured = values.get("DATABASES")
    if not isinstance(configured, Mapping) or DEFAULT_ALIAS not in configured:
        raise SettingsError(
            f"DATABASES in {module} must be a dict with a '{DEFAULT_ALIAS}' entry.",
            hint='DATABASES = {"default": {"URL": "sqlite:///db.sqlite3"}}',
        )
    return {
        str(alias): database_settings(f"DATABASES['{alias}'] in {module}", str(alias), entry)
        for alias, entry in configured.items()
    }


def _path(module: str, root: Path, name: str, values: Mapping[str, Any]) -> Path:
    value = values.get(name, DEFAULTS[name])
    if not isinstance(value, str | Path) or not str(value):
        kind = "folder" if name == "MIGRATIONS_DIR" else "file"
        raise SettingsError(f"{name} in {module} must be the name of a {kind}.", hint=f'{name} = "{DEFAULTS[name]}"')
    return (root / value).resolve()


def _paths_of(module: str, root: Path, name: str, values: Mapping[str, Any]) -> tuple[Path, ...]:
    value = values.get(name, ())
    if not isinstance(value, list | tuple) or not all(isinstance(item, str | Path) for item in value):
        raise SettingsError(f"{name} in {module} must be a list of folders.", hint=f'{name} = ["migrations/versions"]')
    return tuple((root / item).resolve() for item in value)


def _optional_text(module: str, name: str, values: Mapping[str, Any], example: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise SettingsError(f"{name} in {module} must be a text.", hint=f'{name} = "{example}"')
    return value


def _boolean(module: str, name: str, values: Mapping[str, Any]) -> bool:
    value = values.get(name, DEFAULTS[name])
    if not isinstance(value, bool):
        raise SettingsError(f"{name} in {module} must be True or False.", hint=f"{name} = True")
    return value


def _strings(module: str, name: str, value: object) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) and name == "METADATA" else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise SettingsError(f"{name} in {module} must be a list of strings.", hint=f'{name} = ["myproject"]')
    return tuple(items)


def _hooks(module: str, value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise SettingsError(
            f"HOOKS in {module} must be a dict of lists.", hint='HOOKS = {"pre_migrate": ["myproject.hooks.warn"]}'
        )
    unknown = [str(name) for name in value if name not in HOOKS]
    if unknown:
        raise SettingsError(f"HOOKS in {module}: there is no hook '{unknown[0]}'.", hint=f"one of: {', '.join(HOOKS)}")
    return {name: _paths(module, name, paths) for name, paths in value.items()}


def _natural_keys(module: str, value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise SettingsError(
            f"NATURAL_KEYS in {module} must be a dict of lists.", hint='NATURAL_KEYS = {"customers": ["email"]}'
        )
    return {str(name): _strings(module, f"NATURAL_KEYS['{name}']", columns) for name, columns in value.items()}


def _paths(module: str, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise SettingsError(
            f"HOOKS['{name}'] in {module} must be a list of dotted paths.",
            hint=f'HOOKS = {{"{name}": ["myproject.hooks.{name}"]}}',
        )
    return tuple(value)


def _one_of(module: str, name: str, choices: tuple[str, ...], values: Mapping[str, Any]) -> str:
    value = values.get(name, choices[0])
    if value not in choices:
        shown = " or ".join(f"'{choice}'" for choice in choices)
        raise SettingsError(f"{name} in {module} must be {shown}.", hint=f'{name} = "{choices[0]}"')
    return str(value)
