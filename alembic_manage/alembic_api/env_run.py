"""Runs env.py, online or offline.

EnvironmentContext(fn=, as_sql=, dont_mutate=, starting_rev=)               1.18.0, 1.20.1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection

from alembic_manage.alembic_log import silence_alembic
from alembic_manage.dialects import dialect_named

Work = Callable[[MigrationContext, tuple[str, ...], Mapping[str, Any]], None]
"""Called where env.py runs migrations: with the context, the recorded ids, and the arguments of `run_migrations`."""


def run_online(config: Config, script: ScriptDirectory, work: Work) -> int:
    """Run env.py and call `work` where it runs migrations; how often that was (tenant loops do it several times).

    Whatever env.py configures, each revision gets a transaction of its own where the database can roll DDL back.
    """
    calls = 0
    arguments: dict[str, Any] = {}

    def called(heads: tuple[str, ...], context: MigrationContext) -> Iterable[RevisionStep]:
        nonlocal calls
        calls += 1
        work(context, heads, arguments)
        return ()

    environment = EnvironmentContext(config, script, fn=called, dont_mutate=True)
    _override_configure(environment, dialect_name=None)
    _capture_arguments(environment, arguments)
    with environment:
        script.run_env()
    return calls


def run_offline(
    config: Config,
    script: ScriptDirectory,
    *,
    start: Sequence[str],
    steps: Callable[[RevisionMap], Iterable[RevisionStep]],
    out: IO[str],
    dialect_name: str | None,
) -> None:
    """Run env.py offline: the SQL of `steps` is written to `out`.

    Args:
        config: see `make_config`.
        script: with `use_history` done.
        start: the ids that the database is assumed to be at; empty for none.
        steps: the steps, made from Alembic's revision map.
        out: where the SQL goes.
        dialect_name: a dialect other than the database's own; None for its own.
    """
    config.output_buffer = out  # type: ignore[assignment]
    environment = EnvironmentContext(
        config,
        script,
        fn=lambda heads, context: steps(script.revision_map),
        as_sql=True,
        starting_rev=tuple(start) or None,
        destination_rev=None,
    )
    _override_configure(environment, dialect_name=dialect_name)
    with environment:
        script.run_env()


def _override_configure(environment: EnvironmentContext, dialect_name: str | None) -> None:
    configure = environment.configure

    def configured(connection: Connection | None = None, **options: Any) -> None:
        options["transaction_per_migration"] = True
        if dialect_name is not None:
            options |= {"url": None, "dialect_name": dialect_name}
        name = dialect_name or _dialect_name(connection, options)
        if options.get("transactional_ddl") is None and dialect_named(name).transactional_ddl:
            options["transactional_ddl"] = True
        silence_alembic()
        configure(connection, **options)

    # On the object, not in a subclass: only EnvironmentContext itself installs the `alembic.context` proxy.
    environment.configure = configured  # type: ignore[method-assign, assignment]


def _capture_arguments(environment: EnvironmentContext, arguments: dict[str, Any]) -> None:
    run_migrations = environment.run_migrations

    def captured(**options: Any) -> None:
        arguments.clear()
        arguments.update(options)
        run_migrations(**options)

    environment.run_migrations = captured  # type: ignore[method-assign]


def _dialect_name(connection: Connection | None, options: Mapping[str, Any]) -> str:
    if connection is not None:
        return connection.dialect.name
    if options.get("url"):
        from sqlalchemy import make_url

        return make_url(options["url"]).get_backend_name()
    return str(options.get("dialect_name") or "")
