"""Alembic's configuration of a project, its folder of revisions, and the files in there.

ScriptDirectory._version_locations, _generate_create_date, _rev_path, hooks 1.18.0, 1.20.1
script.write_hooks._run_hooks                                               1.18.0, 1.20.1
util.pyfiles.load_python_file, util.format_as_comma                         1.18.0, 1.20.1
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from alembic.config import Config
from alembic.script import ScriptDirectory, write_hooks
from alembic.util import format_as_comma
from alembic.util.pyfiles import load_python_file

from alembic_manage.project import Project
from alembic_manage.settings.alias import DEFAULT_ALIAS


def make_config(project: Project, alias: str) -> Config:
    """Alembic's configuration for one database of the project: alembic.ini and pyproject.toml, where there are any.

    env.py finds the project in `config.attributes["project"]` and the alias in the x argument "database"; one that
    reads `sqlalchemy.url` gets the database's URL.
    """
    ini, toml = project.alembic_ini, project.root / "pyproject.toml"
    config = Config(
        ini if ini.is_file() else None,
        toml_file=toml if toml.is_file() else None,
        # What env.py files ask the command line of `alembic` for.
        # Revisions may have arguments of their own there: the alias is said only where it is needed.
        cmd_opts=Namespace(x=[] if alias == DEFAULT_ALIAS else [f"database={alias}"], autogenerate=False, sql=False),
        attributes={"project": project},
    )
    if project.settings.migrations_dir_is_set or not config.get_alembic_option("script_location"):
        config.set_main_option("script_location", _escaped(str(project.migrations_dir)))
    url = project.database(alias).url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", _escaped(url))
    return config


def load_module(path: Path) -> ModuleType:
    """A Python file as a module, as Alembic loads env.py and revisions: by its path, not entered in sys.modules."""
    return load_python_file(str(path.parent), path.name)


def version_folders(script: ScriptDirectory) -> tuple[Path, ...]:
    """The folders that hold revision files, as version_locations says."""
    return tuple(Path(folder) for folder in script._version_locations)


def use_version_folders(script: ScriptDirectory, folders: Sequence[Path]) -> None:
    """Let Alembic look for revision files in `folders`, whatever its configuration says."""
    script.version_locations = [str(folder) for folder in folders]
    vars(script).pop("_version_locations", None)


def file_name(script: ScriptDirectory, id: str, message: str) -> Path:
    """The name that Alembic's file_template gives the file of a new revision; it may begin with folders."""
    return script._rev_path("", id, message, script._generate_create_date())


def creation_date(script: ScriptDirectory) -> object:
    """Now, in the time zone that Alembic's `timezone` option names."""
    return script._generate_create_date()


def run_hooks(script: ScriptDirectory, path: Path) -> bool:
    """Run the post_write_hooks of alembic.ini on a new file; whether there were any."""
    if script.hooks:
        write_hooks._run_hooks(str(path), script.hooks)
    return bool(script.hooks)


def comma(value: object) -> str:
    """A tuple of ids as "a, b", as script.py.mako expects it from its `comma` filter."""
    return str(format_as_comma(value))  # type: ignore[arg-type]


def _escaped(value: str) -> str:
    """For ConfigParser, which takes % for the start of an interpolation."""
    return value.replace("%", "%%")
