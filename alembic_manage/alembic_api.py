"""The only importer of Alembic's non-public names; each is listed with the versions it was checked on.

EnvironmentContext(fn=, as_sql=, dont_mutate=, starting_rev=)   1.18.0, 1.20.1
MigrationContext._ensure_version_table, _in_external_transaction, _version  1.18.0, 1.20.1
HeadMaintainer, RevisionStep, MigrationContext.on_version_apply_callbacks   1.18.0, 1.20.1
ScriptDirectory._version_locations, _generate_create_date, _rev_path, hooks 1.18.0, 1.20.1
script.revision.Revision, RevisionMap, script.write_hooks._run_hooks        1.18.0, 1.20.1
util.pyfiles.load_python_file, util.format_as_comma                         1.18.0, 1.20.1
autogenerate.api.AutogenContext, autogenerate.render._render_cmd_body       1.18.0, 1.20.1
autogenerate.render._repr_type                                              1.18.0, 1.20.1
op._proxy, Operations._install_proxy, EnvironmentContext._migration_context  1.18.0, 1.20.1
ddl.base.*, ddl.mysql.*, ddl.postgresql.PostgresqlColumnType (`constructs`)  1.18.0, 1.20.1
util.sqla_compat._get_constraint_final_name                                 1.18.0, 1.20.1
autogenerate.compare.util._InspectorConv                                    1.20.1
"""

from __future__ import annotations

import warnings
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any

from alembic import op as op_module
from alembic.autogenerate import produce_migrations
from alembic.autogenerate import render as alembic_render
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.compare.util import _InspectorConv
from alembic.config import Config
from alembic.ddl import base as ddl_base
from alembic.ddl import mysql as ddl_mysql
from alembic.ddl import postgresql as ddl_postgresql
from alembic.operations import Operations, ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import HeadMaintainer, MigrationContext, RevisionStep
from alembic.script import ScriptDirectory, write_hooks
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from alembic.util import format_as_comma, sqla_compat
from alembic.util.pyfiles import load_python_file
from sqlalchemy import Connection, Constraint, Index
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SAWarning
from sqlalchemy.sql.elements import conv

from alembic_manage.alembic_log import silence_alembic
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import RevisionFailedError
from alembic_manage.location import display_path
from alembic_manage.project import Project
from alembic_manage.settings import DEFAULT_ALIAS

if TYPE_CHECKING:
    from alembic_manage.history import History, Revision


class constructs:
    """The DDL objects that Alembic's operations send to a connection, where SQLAlchemy has none of its own."""

    RenameTable = ddl_base.RenameTable
    AddColumn = ddl_base.AddColumn
    DropColumn = ddl_base.DropColumn
    ColumnName = ddl_base.ColumnName
    ColumnType = ddl_base.ColumnType
    ColumnNullable = ddl_base.ColumnNullable
    ColumnDefault = ddl_base.ColumnDefault
    ComputedColumnDefault = ddl_base.ComputedColumnDefault
    IdentityColumnDefault = ddl_base.IdentityColumnDefault
    ColumnComment = ddl_base.ColumnComment
    TypeUsing = ddl_postgresql.PostgresqlColumnType
    AlterDefault = ddl_mysql.MySQLAlterDefault
    ChangeColumn = ddl_mysql.MySQLChangeColumn  # MODIFY is a subclass of it


def final_name(constraint: Constraint | Index, dialect: Dialect) -> str | None:
    """The name of a constraint or index as its DDL has it, naming convention and length limit included; None where it
    has none.
    """
    return sqla_compat._get_constraint_final_name(constraint, dialect)


def inspected(autogen_context: AutogenContext) -> Any:
    """An inspector that answers from what Alembic has asked already: one query for all tables."""
    return _InspectorConv(autogen_context.inspector)


def inspected_checks(autogen_context: AutogenContext, table: str, schema: str | None) -> list[Any]:
    """The CHECKs of a table, as `inspected` has them; before Alembic 1.20 it has none, and the database is asked."""
    inspector = inspected(autogen_context)
    if hasattr(inspector, "get_check_constraints"):
        return inspector.get_check_constraints(table, schema=schema) or []
    found: list[Any] = list(autogen_context.inspector.get_check_constraints(table, schema=schema))
    return [check | {"name": check["name"] and conv(check["name"])} for check in found]


def file_name(script: ScriptDirectory, id: str, message: str) -> Path:
    """The name that Alembic's file_template gives the file of a new revision; it may begin with folders."""
    return script._rev_path("", id, message, script._generate_create_date())


Work = Callable[[MigrationContext, tuple[str, ...], Mapping[str, Any]], None]
"""Called where env.py runs migrations: with the context, the recorded ids, and the arguments of `run_migrations`."""


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


def use_history(script: ScriptDirectory, history: History) -> None:
    """Let Alembic answer from `history`, so that it imports only the revision files that run."""
    script.revision_map = RevisionMap(lambda: [LazyRevision(revision) for revision in history])


def upgrade_order(history: History, parents: Sequence[str]) -> tuple[str, ...]:
    """The order in which plain `alembic upgrade` would run the revisions below a merge of `parents`, from nothing."""
    merge = AlembicRevision("merge of all heads", tuple(parents))
    revision_map = RevisionMap(lambda: [*(LazyRevision(revision) for revision in history), merge])
    found = [revision.revision for revision in revision_map.iterate_revisions(merge.revision, "base")]
    return tuple(id for id in reversed(found) if id != merge.revision)


class LazyRevision(AlembicRevision):
    """A revision for Alembic whose file is imported when it runs; stands in for alembic.script.Script."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(
            revision.id,
            revision.down_revisions or None,
            dependencies=revision.depends_on or None,
            branch_labels=revision.branch_labels or None,
        )
        self.path = str(revision.path)
        self.doc = revision.message

    @cached_property
    def module(self) -> ModuleType:
        """The imported file."""
        return load_module(Path(self.path))


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


class RecordedStep(RevisionStep):
    """A step that is only recorded: its file is not imported, and may be one that cannot be."""

    def __init__(self, revision_map: RevisionMap, revision: LazyRevision, is_upgrade: bool) -> None:
        self.revision_map = revision_map
        self.revision = revision  # type: ignore[assignment]
        self.is_upgrade = is_upgrade
        self.migration_fn = None


def revision_step(revision_map: RevisionMap, id: str, *, is_upgrade: bool, runs: bool = True) -> RevisionStep:
    """Alembic's step for one revision; imports its file where it runs.

    Raises:
        RevisionFailedError: the file has no upgrade() or downgrade().
    """
    function = "upgrade" if is_upgrade else "downgrade"
    script = revision_map.get_revision(id)
    assert isinstance(script, LazyRevision)
    if not runs:
        return RecordedStep(revision_map, script, is_upgrade)
    if not hasattr(script.module, function):
        raise RevisionFailedError(
            f"{display_path(Path(script.path))} has no {function}() function, so nothing was done.",
            hint=f"write def {function}() in that file; pass is enough where there is nothing to do",
        )
    return RevisionStep(revision_map, script, is_upgrade)  # type: ignore[arg-type]


def connection_of(context: MigrationContext) -> Connection:
    """The connection that env.py configured; only online."""
    assert context.connection is not None
    return context.connection


def naming_convention(context: MigrationContext) -> dict[str, Any]:
    """The naming convention that counts in revisions: that of env.py's target_metadata."""
    return dict(getattr(context.opts["target_metadata"], "naming_convention", None) or {})


DISCARDED = "alembic_manage_discarded"
"""The execution option of statements whose result nobody can see."""


def mark_discarded(context: MigrationContext) -> None:
    """Give the statements of `op.execute` the option DISCARDED: that function returns nothing."""
    impl, execute = context.impl, context.impl.execute

    def marked(sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        try:
            execute(sql, {**(execution_options or {}), DISCARDED: True})
        finally:
            # An option stays on its connection.
            connection_of(context).execution_options(**{DISCARDED: False})

    impl.execute = marked  # type: ignore[method-assign]


READ_ONLY = "alembic_manage_read_only"
"""The entry of a connection's `info` where nothing may be done on its database."""


def disposable(context: MigrationContext) -> MigrationContext | None:
    """The context itself, when its database may be changed: the state, or a scratch database; else None."""
    return None if connection_of(context).info.get(READ_ONLY) else context


def invoke(context: MigrationContext, operation: ops.MigrateOperation) -> None:
    """Run one operation on a context's connection."""
    Operations(context).invoke(operation)


def beside(context: MigrationContext, connection: Connection, **options: Any) -> MigrationContext:
    """A context like `context` on another connection, with other options."""
    online = {**context.opts, "as_sql": False, "literal_binds": False, **options}
    return MigrationContext.configure(
        connection=connection, opts=online, environment_context=context.environment_context
    )


def run_beside(context: MigrationContext, connection: Connection, work: Callable[[MigrationContext], None]) -> None:
    """Call `work` with a context like `context` on another connection, while `context` is running a revision.

    Meanwhile `op` and `context` of revisions lead to that other connection; afterwards to the first one again.
    """
    inner = beside(context, connection)
    around: Any = context.environment_context
    outer: Any = vars(op_module)["_proxy"]
    if around is not None:
        around._migration_context = inner
    try:
        with Operations.context(inner):
            work(inner)
    finally:
        # Operations.context() leaves nothing behind, not even what was there before.
        outer._install_proxy()
        if around is not None:
            around._migration_context = context


def owns_transaction(context: MigrationContext) -> bool:
    """Whether Alembic may begin and commit: false where env.py began a transaction before `configure`."""
    return not context._in_external_transaction


def revision_transaction(context: MigrationContext) -> AbstractContextManager[Any]:
    """The transaction of one revision."""
    return context.begin_transaction(_per_migration=True)


class Record:
    """The version table, kept by Alembic's own rules.

    Args:
        context: an online context.
        heads: the ids that it holds.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        self.context = context
        self._maintainer = HeadMaintainer(context, tuple(heads))

    @property
    def heads(self) -> frozenset[str]:
        """The ids that the table holds now."""
        return frozenset(self._maintainer.heads)

    def create_table(self) -> None:
        """Make the version table, unless it is there."""
        self.context._ensure_version_table()

    def move(self, step: RevisionStep, arguments: Mapping[str, Any]) -> None:
        """Record that `step` was taken, and tell env.py's on_version_apply."""
        self._maintainer.update_to_step(step)
        for callback in self.context.on_version_apply_callbacks:
            callback(ctx=self.context, step=step.info, heads=set(self._maintainer.heads), run_args=dict(arguments))

    def forget(self, id: str) -> None:
        """Delete one row."""
        self._maintainer._delete_version(id)


def compare(context: MigrationContext, keep: Callable[[Any], bool]) -> ops.MigrationScript:
    """The operations that lead from the connected database to env.py's target_metadata, and what they need imported.

    Args:
        context: an online context.
        keep: says of an operation whether it belongs to the result; asked for each one inside a table's.
    """
    with warnings.catch_warnings():
        # Keys that go round in a circle are taken apart later on.
        warnings.filterwarnings("ignore", "Cannot correctly sort tables", SAWarning)
        script = produce_migrations(context, context.opts["target_metadata"])
    assert script.upgrade_ops is not None
    script.upgrade_ops.ops = [kept for operation in script.upgrade_ops.ops if (kept := _kept(operation, keep))]
    return script


def revised(context: MigrationContext, script: ops.MigrationScript) -> ops.MigrationScript | None:
    """The script after env.py's process_revision_directives; None where that hook took it away."""
    assert context.config is not None
    assert context.config.cmd_opts is not None
    context.config.cmd_opts.autogenerate = True
    hook = context.opts.get("process_revision_directives")
    directives = [script]
    if hook:
        hook(context, context.get_current_heads(), directives)
    return directives[0] if directives else None


def render(
    context: MigrationContext,
    container: ops.OpContainer,
    imports: set[str],
    render_item: Callable[[str, Any, AutogenContext], Any] | None = None,
    *,
    as_batch: bool = False,
) -> str:
    """The body of a revision's function; what it needs imported is added to `imports`.

    Alembic's marker comments are left out.

    Args:
        context: online, configured by env.py.
        container: what the function does.
        imports: import lines.
        render_item: takes the place of env.py's own; None for that one.
        as_batch: whether batches are written, also where env.py does not say so.
    """
    options = dict(context.opts)
    if render_item is not None:
        options["render_item"] = render_item
    if as_batch:
        options["render_as_batch"] = True
    rendering = AutogenContext(context, metadata=options["target_metadata"], opts=options)
    rendering.imports = imports
    body = alembic_render._indent(alembic_render._render_cmd_body(container, rendering))
    lines = [line for line in body.splitlines() if line.strip() not in _MARKERS]
    return "\n".join(lines).strip()


def type_source(type_: Any, autogen_context: AutogenContext) -> str:
    """A type as Alembic writes it."""
    return str(alembic_render._repr_type(type_, autogen_context))


def _kept(operation: Any, keep: Callable[[Any], bool]) -> Any:
    """The operation without what is not kept inside of it; None where nothing is left."""
    if not isinstance(operation, ops.ModifyTableOps):
        return operation if keep(operation) else None
    operation.ops = [inner for inner in operation.ops if keep(inner)]
    return operation if operation.ops else None


def one_line_of(context: MigrationContext, operation: Any) -> str:
    """An operation as the line of Python that a revision would have for it, outside of batches."""
    rendering = AutogenContext(context, metadata=context.opts["target_metadata"])
    return " ".join(" ".join(alembic_render.render_op(rendering, operation)).split())


def compares_types(autogen_context: AutogenContext) -> bool:
    """Whether env.py lets types be compared; `compare_type=False` says no."""
    return autogen_context.migration_context._user_compare_type is not False


def compares_defaults_itself(autogen_context: AutogenContext) -> bool:
    """Whether env.py has a function of its own for server defaults."""
    return callable(autogen_context.migration_context._user_compare_server_default)


_MARKERS = (
    "# ### commands auto generated by Alembic - please adjust! ###",
    "# ### end Alembic commands ###",
)


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


def _escaped(value: str) -> str:
    """For ConfigParser, which takes % for the start of an interpolation."""
    return value.replace("%", "%%")
