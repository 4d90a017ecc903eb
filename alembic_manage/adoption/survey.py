"""Reads a project from end to end and draws up what adopt would write; imports and connects to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alembic_manage.adoption import advanced_alchemy
from alembic_manage.adoption.address import Address, find_address
from alembic_manage.adoption.adoption import Adoption, free_names, origin_line
from alembic_manage.adoption.configuration import Configuration, find_configurations
from alembic_manage.adoption.flask import FlaskApp, find_flask, needs_flask
from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.revisions import (
    Revisions,
    heads_line,
    makes_all_and_stamps,
    problems,
    read_revisions,
)
from alembic_manage.adoption.settings_text import SettingsText
from alembic_manage.adoption.slice import NotAloneError, Slice, slice_of
from alembic_manage.adoption.source import Source, read_source
from alembic_manage.adoption.sqlalchemy_migrate import find_repository
from alembic_manage.adoption.target import Target, find_target
from alembic_manage.adoption.traits import chosen_versions, traits_of
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path


def choose_configuration(directory: Path, migrations: Path | None = None) -> Configuration:
    """The configuration to adopt.

    Args:
        directory: the project's folder.
        migrations: the folder of env.py, where a person said it.

    Raises:
        CommandError: there is none, there are several, or it is a repository of sqlalchemy-migrate.
    """
    if not directory.is_dir():
        raise CommandError(f"There is no folder {directory}.", hint="alembic-manage adopt .")
    found = find_configurations(directory)
    if migrations is not None:
        wanted = {migrations.resolve(), (directory / migrations).resolve()}
        found = [each for each in found if each.location in wanted]
    pointed = [each for each in found if each.file is not None and each.file.parent == directory]
    if len(found) == 1 or len(pointed) == 1:
        return (pointed or found)[0]
    if found:
        names = [display_path(each.location, directory) for each in found]
        raise CommandError(
            f"There are {len(found)} folders with an env.py: {', '.join(names)}.",
            hint=f"alembic-manage adopt --migrations {names[0]}",
        )
    raise _nothing(directory, migrations)


def _nothing(directory: Path, migrations: Path | None) -> CommandError:
    repository = find_repository(directory)
    if repository is not None:
        return CommandError(
            f"{display_path(repository, directory)} is a repository of sqlalchemy-migrate, which Alembic cannot read: "
            "its migrations stay behind, the database stays.",
            hint="docs/from-sqlalchemy-migrate.md has the way; it begins with: alembic init alembic_database",
        )
    return CommandError(
        f"There is no env.py of Alembic's in {migrations or directory}.",
        hint="alembic-manage startproject NAME, for a new project; or name its folder: alembic-manage adopt FOLDER",
    )


@dataclass(frozen=True)
class Survey:
    """What the files of a project say.

    Args:
        configuration: where its migrations are.
        app: "module:name" of its Flask application, where a person said it.
    """

    configuration: Configuration
    app: str = ""

    @cached_property
    def folder(self) -> Folder:
        """The project's files."""
        root = self.configuration.root
        named = [*self.configuration.options.get("prepend_sys_path", "").split(), "src"]
        more = [(root / each).resolve() for each in named]
        return Folder(root, tuple(dict.fromkeys([root, *(each for each in more if each.is_dir())])))

    @cached_property
    def env(self) -> Source:
        """env.py.

        Raises:
            CommandError: it is not Python.
        """
        path = self.configuration.env
        source = read_source(path)
        if source is None:
            shown = display_path(path, self.configuration.root)
            raise CommandError(f"{shown} cannot be read as Python.", hint=f"python -m py_compile {shown}")
        return source

    @cached_property
    def env_path(self) -> str:
        """The code for the path of env.py."""
        return f"str(BASE_DIR / {self._relative(self.configuration.env)!r})"

    @cached_property
    def revisions(self) -> Revisions:
        """Its revision files."""
        return read_revisions(self.configuration, chosen=chosen_versions(self.env) is not None)

    @cached_property
    def flask(self) -> FlaskApp | None:
        """Its Flask application, where env.py needs one."""
        return find_flask(self.folder, self.app) if needs_flask(self.env) or self.app else None

    @cached_property
    def alchemy(self) -> str:
        """Its Advanced Alchemy configuration, where env.py needs one; "" where not, or where none was found."""
        uses = advanced_alchemy.needs_advanced_alchemy(self.env)
        return advanced_alchemy.find_config(self.folder) if uses else ""

    @cached_property
    def target(self) -> Target:
        """Its MetaData."""
        if self.flask is not None and self.flask.db:
            return Target((*self.flask.models, self.flask.db))
        if self.alchemy:
            return Target((*advanced_alchemy.model_modules(self.folder), advanced_alchemy.METADATA))
        return find_target(self.env, self.folder, self.env_path)

    @cached_property
    def address(self) -> Address:
        """Its database."""
        if self.flask is not None and self.flask.app and self.flask.db:
            return Address(_flask_url(self.flask), f"the engine of {self.flask.db}")
        if self.alchemy:
            module, _, name = self.alchemy.partition(":")
            code = Slice((f"from {module} import {name}",), (), f"{name}.get_engine().url", ((module, name),))
            return Address(code, self.alchemy)
        return find_address(self.env, self.configuration, self.env_path)

    def adoption(self) -> Adoption:
        """What adopt would write."""
        manage, settings = free_names(self.folder)
        unsure = [*self._doubts(), *_other_names(manage, settings)]
        return Adoption(
            self.folder.root,
            manage,
            settings,
            self._settings().render(),
            tuple(self._found()),
            tuple(dict.fromkeys(each for each in unsure if each)),
            self.revisions.tables_before,
        )

    def _settings(self) -> SettingsText:
        ini = self.configuration.ini
        usual = ini is None or ini == self.folder.root / "alembic.ini"
        text = " ".join([self.address.code.expression, *self.address.code.lines])
        flask_app = self.flask.app if self.flask else ""
        return SettingsText(
            url=self.address.code,
            migrations_dir=self._relative(self.configuration.location),
            metadata=self.target.names,
            metadata_code=self.target.code,
            alembic_ini=None if usual or ini is None else self._relative(ini),
            version_locations=self._version_locations,
            hash_ids=self.revisions.ids == "hash",
            paths=tuple(self._relative(each) for each in self.folder.roots[1:]),
            flask_app=flask_app,
            alchemy=self.alchemy,
            dotenv="environ" in text or "getenv" in text,
            has_module=self.folder.has,
        )

    def _found(self) -> Iterator[tuple[str, str]]:
        root, configuration = self.folder.root, self.configuration
        if configuration.file is not None:
            yield "configuration", display_path(configuration.file, root)
        yield "env.py", display_path(configuration.env, root)
        folders = ", ".join(display_path(each, root) for each in self._few_folders)
        history = heads_line(self.revisions.history)
        kind = {"hash": ", with hash ids", "number": ", with numbers"}.get(self.revisions.ids, "")
        yield "migrations", f"{history} in {folders}{kind}"
        shown = ", ".join(self.target.names) or ("as env.py makes it" if self.target.code else "")
        if shown:
            yield "metadata", shown
        yield "database URL", origin_line(self.address, configuration)
        if self.flask is not None and self.flask.app:
            yield "Flask application", self.flask.app
        traits = traits_of(self.env)
        if traits:
            yield "env.py has", ", ".join(traits)

    def _doubts(self) -> Iterator[str]:
        yield self.target.doubt
        if self.target.forgotten:
            yield f"env.py does not import {_few(self.target.forgotten)}, which define tables: METADATA does"
        yield self.address.doubt
        yield from problems(self.revisions.history)
        if self.flask is not None and not self.flask.app:
            yield "env.py needs a Flask application, and I found none: alembic-manage adopt --app shop:create_app"
        if self.flask is not None and not self.flask.db:
            yield "I found no Flask-SQLAlchemy (db = SQLAlchemy()): set METADATA"
        if advanced_alchemy.needs_advanced_alchemy(self.env) and not self.alchemy:
            yield "env.py needs Advanced Alchemy's configuration, and I found none: set ENV_CONTEXT"
        yield from self._folder_doubts()
        if self.revisions.ids == "own":
            yield "the ids of the migrations are neither numbers nor hashes; new ones will be numbers (MIGRATION_IDS)"
        yield from self._base_doubts()

    def _base_doubts(self) -> Iterator[str]:
        tables = self.revisions.tables_before
        if tables:
            yield f"I see no migration that makes {_few(tables)}: were they there before (create_all, then stamp)?"
        elif makes_all_and_stamps(self.folder, self.configuration):
            yield "the application calls create_all() and stamps the database: migrate may not start from nothing"

    def _folder_doubts(self) -> Iterator[str]:
        inside = self.revisions.inside
        if chosen_versions(self.env) is None:
            if inside:
                yield f"migrations lie in {len(inside)} more folders than alembic.ini names: see VERSION_LOCATIONS"
        elif isinstance(self._version_locations, tuple):
            chosen = ", ".join(self._version_locations)
            yield f"env.py chooses the folder of migrations itself; VERSION_LOCATIONS says: {chosen}"

    @cached_property
    def _version_locations(self) -> Slice | tuple[str, ...]:
        """The setting: as env.py has it, or the folders by name; empty where Alembic's configuration has them all."""
        node = chosen_versions(self.env)
        try:
            if node is not None:
                return slice_of(self.env, node, self.env_path)
        except NotAloneError:
            pass
        folders = self.revisions.folders if node is not None or self.revisions.inside else ()
        return tuple(map(self._relative, folders))

    @property
    def _few_folders(self) -> tuple[Path, ...]:
        return self.revisions.folders[:3]

    def _relative(self, path: Path) -> str:
        root = self.folder.root
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _flask_url(flask: FlaskApp) -> Slice:
    app, (module, _, name) = flask.app, flask.db.partition(":")
    made = app.partition(":")[2]
    call = "" if made == "application" else f"application = {made}\n"
    lines = f"{call}with application.app_context():\n    URL = {name}.engine.url"
    modules = ((module, name), (app.partition(":")[0], made.removesuffix("()")))
    return Slice((f"from {module} import {name.partition('.')[0]}",), (lines,), "URL", modules)


def _few(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _other_names(manage: str, settings: str) -> Iterator[str]:
    if manage != "manage.py":
        yield f"manage.py is there already, so the commands are in {manage}"
    if settings != "settings":
        yield f"a module settings is there already, so the settings are in {settings}.py"
