"""The names that are ready in `shell`: models, tables, an engine and a session on one database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy

from alembic_manage.models import mapped_classes, model_modules, plain_tables
from alembic_manage.settings.alias import DEFAULT_ALIAS

if TYPE_CHECKING:
    from alembic_manage.database import Database
    from alembic_manage.project import Project

SQLALCHEMY_NAMES = ("delete", "func", "insert", "select", "text", "update")


@dataclass(frozen=True)
class Name:
    """One name of a namespace."""

    name: str
    value: Any
    module: str | None = None
    """Where it can be imported from; None for what is made for the shell."""
    expression: str = ""
    """What makes it, where it is not imported."""


class Namespace:
    """Names with their values, and the connections behind them.

    Args:
        names: of two names that are the same the later one counts.
        database: what the session works on; None where there is no session.
    """

    def __init__(self, names: Iterable[Name] = (), database: Database | None = None) -> None:
        self.names: dict[str, Name] = {}
        for name in names:
            self.names.pop(name.name, None)  # so that it stands where the later one is
            self.names[name.name] = name
        self.database = database

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_async(self) -> bool:
        """Whether the session is an AsyncSession."""
        return self.database is not None and self.database.is_async

    def values(self) -> dict[str, Any]:
        """A new dict of name and value, to run code in."""
        return {name.name: name.value for name in self.names.values()}

    def lines(self) -> list[str]:
        """The Python that gives the same names elsewhere: import lines, then assignments."""
        modules: dict[str, list[str]] = {}
        for name in self.names.values():
            if name.module:
                modules.setdefault(name.module, []).append(name.name)
        made = [f"{name.name} = {name.expression}" for name in self.names.values() if not name.module]
        return [f"from {module} import {', '.join(names)}" for module, names in modules.items()] + made

    def close(self) -> None:
        """Give the session's connection back and close the engine.

        With an asyncio driver the connections are only let go of: use `aclose` where their event loop still runs.
        """
        if self.database is not None:
            if not self.is_async:
                self.names["session"].value.close()
            self.database.dispose()

    async def aclose(self) -> None:
        """`close`, inside the event loop in which the session was used."""
        if self.database is not None and self.is_async:
            await self.names["session"].value.close()
            await cast("Any", self.database.engine).dispose()
        else:
            self.close()


def namespace_of(project: Project, alias: str = DEFAULT_ALIAS) -> Namespace:
    """Everything that is ready in a shell on the database `alias`; no connection is opened yet.

    `session` is an AsyncSession where the URL names an asyncio driver. The names that every project has (session,
    engine, project, select, ...) always mean the same: a model or a table that is called so does not hide them.

    Raises:
        UnknownDatabaseError: there is no such alias.
        ModelsError: the models cannot be imported.
        ConnectionFailedError: the driver is not installed.
    """
    modules = model_modules(project)
    database = project.database(alias)
    names = [Name(name, cls, cls.__module__) for name, cls in mapped_classes(modules).items()]
    names += [Name(name, table, module) for name, (module, table) in plain_tables(modules).items()]
    names += [Name(name, getattr(sqlalchemy, name), "sqlalchemy") for name in SQLALCHEMY_NAMES]
    names += [
        Name("project", project, expression="alembic_manage.Project.load()"),
        Name("engine", database.engine, expression=f"project.database({alias!r}).engine"),
        _session(database),
    ]
    return Namespace(names, database)


def _session(database: Database) -> Name:
    engine: Any = database.engine
    if database.is_async:
        from sqlalchemy.ext.asyncio import AsyncSession

        # What is expired by a commit would be loaded again by a plain attribute access, which an AsyncSession forbids.
        session = AsyncSession(engine, expire_on_commit=False)
        return Name(
            "session", session, expression="sqlalchemy.ext.asyncio.AsyncSession(engine, expire_on_commit=False)"
        )
    from sqlalchemy.orm import Session

    return Name("session", Session(engine), expression="sqlalchemy.orm.Session(engine)")
