"""What a user adds to env.py counts, for the suite as for plain Alembic."""

import pytest
from support.autodetection import Answers

from alembic_manage import CommandError, ConnectionFailedError, EnvironmentFailedError, RevisionFailedError
from alembic_manage.autodetect.detector import detector
from alembic_manage.questions import Dropped
from alembic_manage.sources.source import ALL, read_at
from alembic_manage.writing.draft import first_with_changes

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'
OPTIONS = '    "transaction_per_migration": True,\n'
RUN_ONLINE = """    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()"""


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("a", CREATE.format("shop"), DROP.format("shop"))
    tiny_project.revision("b", CREATE.format("more"), DROP.format("more"), down="a")
    return tiny_project


def test_the_version_table_may_have_another_name(shop):
    shop.change_env(OPTIONS, OPTIONS + '    "version_table": "history_of_shop",\n')
    shop.migrate()
    assert shop.recorded == {"b"}
    assert shop.rows("SELECT version_num FROM history_of_shop") == [("b",)]
    shop.migrate("zero")
    assert shop.rows("SELECT version_num FROM history_of_shop") == []


def test_the_version_table_may_lie_in_another_schema(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.execute("CREATE SCHEMA bookkeeping")
    project.revision("a", CREATE.format("shop"))
    project.change_env(OPTIONS, OPTIONS + '    "version_table_schema": "bookkeeping",\n')
    project.migrate()
    assert project.recorded == {"a"}
    assert project.rows("SELECT version_num FROM bookkeeping.alembic_version") == [("a",)]
    assert project.rows("SELECT revision FROM bookkeeping.alembic_version_ledger") == [("a",)]


def test_a_version_table_without_a_primary_key_is_read(shop):
    shop.change_env(OPTIONS, OPTIONS + '    "version_table_pk": False,\n')
    assert shop.migrate().done == ["a", "b"]
    assert shop.migrate("a").done == ["b"]


def test_on_version_apply_is_told_of_each_revision(shop):
    shop.change_env(
        OPTIONS,
        OPTIONS
        + '    "on_version_apply": lambda **told: seen(told["ctx"], told["step"], told["heads"], told["run_args"]),\n',
    )
    shop.change_env(
        "def run_offline",
        """
def seen(ctx, step, heads, run_args):
    from sqlalchemy import text
    line = f"{step.up_revision_id} {'up' if step.is_upgrade else 'down'} {sorted(heads)} {run_args}"
    ctx.connection.execute(text("CREATE TABLE IF NOT EXISTS told (line VARCHAR(100))"))
    ctx.connection.execute(text("INSERT INTO told (line) VALUES (:line)"), {"line": line})


def run_offline""",
    )
    shop.change_env("context.run_migrations()", 'context.run_migrations(word="x")')
    shop.migrate()
    shop.migrate("a")
    assert [line for (line,) in shop.rows("SELECT line FROM told")] == [
        "a up ['a'] {'word': 'x'}",
        "b up ['b'] {'word': 'x'}",
        "b down ['a'] {'word': 'x'}",
    ]


def test_arguments_of_run_migrations_reach_the_revision(shop):
    shop.revision(
        "c",
        'op.create_table(arguments["table"], sa.Column("id", sa.Integer))',
        'op.drop_table(arguments["table"])',
        down="b",
    )
    shop.change_env("context.run_migrations()", 'context.run_migrations(table="named")')
    shop.migrate()
    assert "named" in shop.tables
    shop.migrate("b")
    assert "named" not in shop.tables


def test_one_transaction_for_all_cannot_be_asked_for(shop):
    """The suite's promise is one transaction a revision; env.py may leave that out, or say otherwise."""
    shop.change_env(OPTIONS, '    "transaction_per_migration": False,\n')
    shop.revision("c", "raise ValueError", down="b")
    with pytest.raises(RevisionFailedError):
        shop.migrate()
    assert shop.recorded == {"b"}


def test_an_env_py_of_alembics_own_template_works(shop):
    """Source: Alembic 1.20, templates/generic/env.py."""
    shop.env(
        """
        from alembic import context
        from sqlalchemy import engine_from_config, pool

        config = context.config
        target_metadata = None

        def run_migrations_offline() -> None:
            url = config.get_main_option("sqlalchemy.url")
            context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
            with context.begin_transaction():
                context.run_migrations()

        def run_migrations_online() -> None:
            connectable = engine_from_config(
                config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
            )
            with connectable.connect() as connection:
                context.configure(connection=connection, target_metadata=target_metadata)
                with context.begin_transaction():
                    context.run_migrations()

        if context.is_offline_mode():
            run_migrations_offline()
        else:
            run_migrations_online()
        """
    )
    shop.revision("c", f"{CREATE.format('half')}\nraise ValueError", down="b")
    with pytest.raises(RevisionFailedError):
        shop.migrate()
    assert shop.recorded == {"b"}
    assert ("half" in shop.tables) is not shop.dialect.transactional_ddl


def test_an_env_py_that_begins_a_transaction_itself_works(shop):
    shop.change_env(
        RUN_ONLINE, "    with connection.begin():\n" + RUN_ONLINE.replace("    ", "        ", 1).replace("\n", "\n    ")
    )
    assert shop.migrate().done == ["a", "b"]
    assert shop.recorded == {"b"}
    assert shop.tables == {"shop", "more"}
    assert shop.migrate("zero").done == ["b", "a"]


def test_work_that_env_py_never_commits_is_not_reported_as_done(shop):
    """A statement before `configure` begins a transaction, which Alembic then leaves to env.py."""
    shop.change_env(RUN_ONLINE, '    connection.exec_driver_sql("SELECT 1")\n' + RUN_ONLINE)
    with pytest.raises(CommandError, match=r"env\.py"):
        shop.migrate()


def test_a_statement_before_configure_is_fine_once_it_is_committed(shop):
    shop.change_env(RUN_ONLINE, '    connection.exec_driver_sql("SELECT 1")\n    connection.commit()\n' + RUN_ONLINE)
    assert shop.migrate().done == ["a", "b"]
    assert shop.recorded == {"b"}


def test_each_tenant_is_brought_up_to_date(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.execute("CREATE SCHEMA one", "CREATE SCHEMA two")
    project.change_env(
        RUN_ONLINE,
        """    from sqlalchemy import text
    for schema in ("one", "two"):
        connection.execute(text(f"SET search_path TO {schema}"))
        connection.commit()
        connection.dialect.default_schema_name = schema
        context.configure(connection=connection, version_table_schema=schema, **options)
        with context.begin_transaction():
            context.run_migrations(schema=schema)""",
    )
    project.revision("a", CREATE.format("shop"), DROP.format("shop"))
    project.revision("b", "op.execute(f\"INSERT INTO {arguments['schema']}.shop (id) VALUES (1)\")", down="a")
    events = project.migrate()
    assert events.done == ["a", "b", "a", "b"]
    assert [plan.target for plan in events.plans] == ["heads", "heads"]
    assert project.rows("SELECT id FROM one.shop UNION ALL SELECT id FROM two.shop") == [(1,), (1,)]
    assert project.rows("SELECT version_num FROM two.alembic_version") == [("b",)]
    project.execute("UPDATE two.alembic_version SET version_num = 'a'", "DELETE FROM two.shop")
    assert project.migrate().done == ["b"]
    assert project.migrate("zero").done == ["b", "a", "b", "a"]


def test_a_tenant_that_fails_leaves_the_earlier_ones_done(make_tiny_project, postgresql_url):
    project = make_tiny_project(postgresql_url)
    project.execute("CREATE SCHEMA one", "CREATE SCHEMA two")
    project.change_env(
        RUN_ONLINE,
        """    for schema in ("one", "two"):
        connection = connection.execution_options(schema_translate_map={None: schema})
        context.configure(connection=connection, version_table_schema=schema, **options)
        with context.begin_transaction():
            context.run_migrations(schema=schema)""",
    )
    project.revision("a", "if arguments['schema'] == 'two': raise ValueError('not here')\n" + CREATE.format("shop"))
    with pytest.raises(RevisionFailedError, match="not here"):
        project.migrate()
    assert project.rows("SELECT version_num FROM one.alembic_version") == [("a",)]
    assert project.rows("SELECT * FROM two.alembic_version") == []


def test_an_env_py_that_runs_nothing_is_told(shop):
    shop.env("from alembic import context\n")
    with pytest.raises(EnvironmentFailedError, match=r"env\.py never calls context\.run_migrations"):
        shop.migrate()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = (", r"env\.py:1: SyntaxError"),
        ("\n1 / 0", r"env\.py:2: ZeroDivisionError"),
        ("import no_such_package", r"env\.py:1: ModuleNotFoundError"),
    ],
)
def test_an_env_py_that_raises_is_named_with_its_line(make_tiny_project, sqlite_url, source, message):
    project = make_tiny_project(sqlite_url)
    project.env(source)
    with pytest.raises(EnvironmentFailedError, match=message):
        project.environment.recorded()


def test_a_database_that_is_not_there_is_one_line_without_the_password(make_tiny_project, postgresql_url):
    from sqlalchemy import make_url

    url = make_url(postgresql_url).set(database="no_such_database", password="s3cr3t")
    project = make_tiny_project(url.render_as_string(hide_password=False))
    with pytest.raises(ConnectionFailedError) as caught:
        project.environment.recorded()
    assert "s3cr3t" not in str(caught.value)
    assert "\n" not in str(caught.value)


# Autogenerate


@pytest.fixture
def models(shop, write_module):
    """Lets env.py compare with a Core table of these columns."""

    def models(*tables: str):
        lines = [f'Table("{name}", metadata, Column("id", Integer, primary_key=True))' for name in tables]
        name = f"models_{shop.root.name}_{id(lines)}"
        write_module(
            f"{name}.py",
            "from sqlalchemy import Column, Integer, MetaData, Table\nmetadata = MetaData()\n" + "\n".join(lines),
        )
        shop.change_env("target_metadata = project.target_metadata", f"from {name} import metadata as target_metadata")
        return shop

    return models


def changes(project) -> list[str]:
    environment = project.environment
    heads = [head.id for head in environment.history.heads]
    found = [
        read_at(environment, heads, detector(environment, Answers({"more": Dropped()})), sources=[source])
        for source in ALL
    ]
    draft, *others = [first_with_changes(drafts) for drafts in found]
    assert [each.changes for each in others] == [draft.changes] * 2
    return [change.line for change in draft.changes]


def test_nothing_is_detected_after_a_clean_upgrade(models):
    project = models("shop", "more")
    project.migrate()
    assert changes(project) == []


def test_a_new_and_a_removed_table_are_detected(models):
    project = models("shop", "tags")
    project.migrate()
    assert changes(project) == ["+ Create table tags", "- Drop table more"]


def test_include_object_counts(models):
    project = models("shop", "tags")
    project.change_env(
        OPTIONS, OPTIONS + '    "include_object": lambda item, name, kind, reflected, other: name != "more",\n'
    )
    project.migrate()
    assert changes(project) == ["+ Create table tags"]


def test_include_name_counts(models):
    project = models("shop")
    project.change_env(OPTIONS, OPTIONS + '    "include_name": lambda name, kind, parents: name != "more",\n')
    project.migrate()
    assert changes(project) == []


def test_process_revision_directives_may_empty_the_draft(models):
    project = models("shop", "tags")
    project.change_env(
        OPTIONS,
        OPTIONS + '    "process_revision_directives": lambda context, revision, directives: directives.clear(),\n',
    )
    project.migrate()
    assert changes(project) == []


def test_the_hook_of_alembics_cookbook_against_empty_revisions_works(models):
    """Source: Alembic documentation, Cookbook, "Don't Generate Empty Migrations with Autogenerate"."""
    project = models("shop", "tags")
    project.change_env(
        "def run_offline",
        """
def process_revision_directives(context, revision, directives):
    assert config.cmd_opts is not None
    if getattr(config.cmd_opts, "autogenerate", False):
        script = directives[0]
        assert script.upgrade_ops is not None
        if script.upgrade_ops.is_empty():
            directives[:] = []


options["process_revision_directives"] = process_revision_directives


def run_offline""",
    )
    project.migrate()
    assert changes(project) == ["+ Create table tags", "- Drop table more"]


def test_the_older_form_of_that_hook_works_too(models):
    """As many projects have it: `if config.cmd_opts.autogenerate`."""
    project = models("shop", "tags")
    project.change_env(
        "def run_offline",
        """
def process_revision_directives(context, revision, directives):
    if config.cmd_opts.autogenerate and directives[0].upgrade_ops.is_empty():
        directives[:] = []


options["process_revision_directives"] = process_revision_directives


def run_offline""",
    )
    project.migrate()
    assert changes(project) == ["+ Create table tags", "- Drop table more"]


def test_the_ledger_and_the_version_table_are_no_changes(models):
    project = models("shop", "more")
    project.change_env(OPTIONS, OPTIONS + '    "version_table": "history_of_shop",\n')
    project.migrate()
    assert changes(project) == []
