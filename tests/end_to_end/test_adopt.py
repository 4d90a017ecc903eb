"""Projects that had Alembic before: adopt writes two files, and every command runs through the project's own env.py."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest
from support.adopted import ENV, FIRST, INI, MODELS, RUN, old_project, run_python
from support.contents import rows_of, tables_of

from alembic_manage import call_command

# One process a story: to the head, no changes, and plain Alembic is at the same place.
STORY = """
import os
from alembic.config import main
from alembic_manage import call_command
os.environ["SETTINGS_MODULE"] = "settings"
call_command("migrate", verbosity=0)
call_command("makemigrations", check_changes=True)
if {plain}:
    main(["current"])
"""


def adopted(folder: Path) -> str:
    """What adopt says; the settings module is `settings`."""
    files, out = set(folder.rglob("*")), StringIO()
    call_command("adopt", str(folder), stdout=out)
    assert {path.name for path in set(folder.rglob("*")) - files} == {"manage.py", "settings.py"}
    return out.getvalue()


def goes_on(folder: Path, *, plain: bool = True, **environment: str) -> None:
    """Everything migrates, nothing has changed, and plain Alembic is at the same place."""
    done = run_python(folder, "-c", STORY.format(plain=plain), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout
    assert not plain or "(head)" in done.stdout, done.stderr


def test_a_url_of_alembic_ini(tmp_path: Path, database_url: str) -> None:
    url = database_url.replace("%", "%%")
    project = old_project(tmp_path, **{"alembic.ini": f"{INI}sqlalchemy.url = {url}\n"})
    said = adopted(project)
    assert "1 revision in migrations/versions, with hash ids" in said
    assert "sqlalchemy.url of alembic.ini" in said
    goes_on(project)


LOGGING = """
from logging.config import fileConfig
fileConfig(config.config_file_name)
"""
SECTIONS = """
[loggers]
keys = root,alembic
[handlers]
keys = console
[formatters]
keys =
[logger_root]
level = WARNING
handlers = console
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[handler_console]
class = StreamHandler
args = (sys.stderr,)
"""


def test_logging_as_alembic_init_sets_it_up_adds_nothing_to_the_output(tmp_path: Path) -> None:
    ini = f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n{SECTIONS}"
    env = ENV.replace("config = context.config\n", f"config = context.config\n{LOGGING}")
    project = old_project(tmp_path, env, **{"alembic.ini": ini})
    adopted(project)
    plain = run_python(project, "-m", "alembic", "upgrade", "head")
    done = run_python(project, "manage.py", "makemigrations", "--check")
    assert "Context impl" in plain.stderr
    assert (done.stdout, done.stderr) == ("No changes detected\n", "")


def test_hash_ids_and_file_names_go_on(tmp_path: Path) -> None:
    project = old_project(tmp_path, **{"alembic.ini": f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n"})
    adopted(project)
    models = project / "shop/models.py"
    models.write_text(models.read_text() + "    name: Mapped[int | None]\n")
    done = run_python(project, "manage.py", "makemigrations")
    assert done.returncode == 0, done.stderr
    (new,) = set((project / "migrations/versions").glob("*_users_name.py"))
    assert len(new.stem.removesuffix("_users_name")) == 12
    assert run_python(project, "-m", "alembic", "upgrade", "head").returncode == 0
    listed = run_python(project, "manage.py", "showmigrations").stdout.splitlines()
    assert listed[-1] == f" [X] {new.stem.removesuffix('_users_name')} users name"


def test_a_second_time_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = old_project(tmp_path)
    call_command("adopt", str(project), verbosity=0)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    call_command("adopt", str(project))
    assert capsys.readouterr().out == "Adopted already: python manage.py runs the commands. Nothing was changed.\n"
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


ENVS = {
    "include_object": ENV.replace(
        "target_metadata=target_metadata", "target_metadata=target_metadata, include_object=include"
    ).replace("config =", "def include(thing, name, *more):\n    return name != 'legacy'\n\nconfig ="),
    "version_table": ENV.replace(
        "target_metadata=target_metadata", "target_metadata=target_metadata, version_table='shop_version'"
    ),
    "asyncio": """
        import asyncio
        from alembic import context
        from sqlalchemy.ext.asyncio import create_async_engine
        from shop.db import URL
        from shop.models import Base

        def run(connection):
            context.configure(connection=connection, target_metadata=Base.metadata)
            with context.begin_transaction():
                context.run_migrations()

        async def main():
            engine = create_async_engine(URL.replace("sqlite:", "sqlite+aiosqlite:"))
            async with engine.connect() as connection:
                await connection.run_sync(run)
            await engine.dispose()

        asyncio.run(main())
        """,
    "an_engine_of_the_application": """
        from alembic import context
        from shop.db import engine
        from shop.models import Base

        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=Base.metadata)
            with context.begin_transaction():
                context.run_migrations()
        """,
    "a_function_and_the_environment": """
        import os
        from alembic import context
        from sqlalchemy import create_engine
        from shop import models

        DEFAULT = "sqlite:///shop.sqlite3"

        def get_url():
            return os.getenv("SHOP_URL", DEFAULT)

        def run_online():
            url = get_url()
            engine = create_engine(url)
            with engine.connect() as connection:
                context.configure(connection=connection, target_metadata=models.Base.metadata)
                with context.begin_transaction():
                    context.run_migrations()

        run_online()
        """,
    "ids_in_process_revision_directives": ENV.replace(
        "config =",
        dedent("""
        def count(context, revision, directives):
            directives[0].rev_id = "0002"

        config ="""),
    ).replace("target_metadata=target_metadata", "target_metadata=target_metadata, process_revision_directives=count"),
    "metadata_of_a_function": ENV.replace(
        "target_metadata = Base.metadata",
        "def all_tables():\n    return list([Base])[0].metadata\n\ntarget_metadata = all_tables()",
    ),
}
VERSION_TABLES = {"version_table": "shop_version"}
DB = """
    from sqlalchemy import create_engine

    URL = "sqlite:///shop.sqlite3"
    engine = create_engine(URL)
    """


@pytest.mark.parametrize("name", ENVS)
def test_an_env_py_with(tmp_path: Path, name: str) -> None:
    ini = f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n" if "get_section" in ENVS[name] else INI
    project = old_project(tmp_path, ENVS[name], **{"alembic.ini": ini, "shop/db.py": DB})
    assert "Look at:" not in adopted(project)
    goes_on(project)
    rows = rows_of(
        f"sqlite:///{project}/shop.sqlite3", f"SELECT version_num FROM {VERSION_TABLES.get(name, 'alembic_version')}"
    )
    assert rows == [("a1b2c3d4e5f6",)]


def test_an_id_from_process_revision_directives_is_used(tmp_path: Path) -> None:
    ini = f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\nfile_template = %%(rev)s-%%(slug)s\n"
    project = old_project(tmp_path, ENVS["ids_in_process_revision_directives"], **{"alembic.ini": ini})
    adopted(project)
    models = project / "shop/models.py"
    models.write_text(models.read_text() + "    name: Mapped[str | None]\n")
    done = run_python(project, "manage.py", "makemigrations")
    assert done.returncode == 0, done.stderr
    assert (project / "migrations/versions/0002-users_name.py").is_file()


def test_models_that_env_py_does_not_import(tmp_path: Path) -> None:
    base, _, user = dedent(MODELS).partition("class User")
    project = old_project(
        tmp_path,
        **{
            "alembic.ini": f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n",
            "shop/models.py": base,
            "shop/user.py": f"from sqlalchemy.orm import *\nfrom .models import Base\nclass User{user}",
        },
    )
    assert "env.py does not import shop.user" in adopted(project)
    goes_on(project)


def test_an_engine_that_begins_transactions_itself(tmp_path: Path) -> None:
    """SQLAlchemy's own recipe for SQLite."""
    recipe = """
        from sqlalchemy import event

        @event.listens_for(engine, "connect")
        def connect(connection, record):
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin(connection):
            connection.exec_driver_sql("BEGIN")
        """
    project = old_project(tmp_path, ENVS["an_engine_of_the_application"], **{"shop/db.py": dedent(DB) + dedent(recipe)})
    adopted(project)
    goes_on(project)


def test_several_heads_and_bases(tmp_path: Path) -> None:
    second = FIRST.replace("a1b2c3d4e5f6", "b1b2c3d4e5f6").replace('"users"', '"orders"')
    models = dedent(MODELS) + dedent("""
        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
        """)
    project = old_project(
        tmp_path,
        **{
            "alembic.ini": f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n",
            "migrations/versions/b1b2c3d4e5f6_orders.py": second,
            "shop/models.py": models,
        },
    )
    assert "2 revisions, 2 heads" in adopted(project)
    done = run_python(project, "manage.py", "migrate", "heads")
    assert done.returncode == 0, done.stderr
    assert run_python(project, "-m", "alembic", "current").stdout.count("(head)") == 2
    check = run_python(project, "manage.py", "makemigrations", "--check")
    assert check.returncode == 1
    assert "python manage.py makemigrations --merge" in check.stderr


def test_revisions_whose_folder_env_py_chooses(tmp_path: Path) -> None:
    env = ENV.replace("config =", "context.script.version_locations = ['migrations/versions/sqlite']\nconfig =")
    project = old_project(
        tmp_path,
        env,
        **{
            "alembic.ini": f"{INI}sqlalchemy.url = sqlite:///shop.sqlite3\n",
            "migrations/versions/sqlite/a1b2c3d4e5f6_users.py": FIRST,
        },
    )
    (project / "migrations/versions/a1b2c3d4e5f6_users.py").unlink()
    assert "1 revision in migrations/versions/sqlite" in adopted(project)
    goes_on(project, plain=False)
    assert "users" in tables_of(f"sqlite:///{project}/shop.sqlite3")


def test_the_context_of_a_flask_application(tmp_path: Path) -> None:
    pytest.importorskip("flask_sqlalchemy")
    env = """
        from alembic import context
        from flask import current_app

        db = current_app.extensions["migrate"].db
        with db.engine.connect() as connection:
            context.configure(connection=connection, target_metadata=db.metadata)
            with context.begin_transaction():
                context.run_migrations()
        """
    app = """
        from types import SimpleNamespace
        from flask import Flask
        from shop.db import db

        def create_app():
            import shop.models

            app = Flask(__name__)
            app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.sqlite3"
            db.init_app(app)
            app.extensions["migrate"] = SimpleNamespace(db=db)
            return app
        """
    models = """
        from shop.db import db

        class User(db.Model):
            __tablename__ = "users"
            id = db.Column(db.Integer, primary_key=True)
        """
    more = {"shop/__init__.py": app, "shop/models.py": models}
    more["shop/db.py"] = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
    project = old_project(tmp_path, env, **more)
    (project / "alembic.ini").rename(project / "migrations/alembic.ini")
    assert "shop:create_app()" in adopted(project)
    goes_on(project, plain=False)
    assert "users" in tables_of(f"sqlite:///{project}/instance/shop.sqlite3")


def test_pyproject_and_a_src_folder(tmp_path: Path) -> None:
    project = old_project(
        tmp_path,
        ENV.replace("from shop", "from store").replace(
            dedent(RUN),
            "from store.db import engine\n"
            + dedent(RUN)
            .partition("\n")[2]
            .replace(
                'engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")\n', ""
            ),
        ),
        **{
            "pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/migrations"\nprepend_sys_path = ["src"]\n',
            "src/store/__init__.py": "",
            "src/store/models.py": MODELS,
            "src/store/db.py": DB,
        },
    )
    (project / "alembic.ini").unlink()
    assert "pyproject.toml" in adopted(project)
    goes_on(project)


def test_a_loop_over_the_schemas_of_tenants(tmp_path: Path, postgresql_url: str) -> None:
    env = """
        import os
        from alembic import context
        from sqlalchemy import create_engine, text
        from shop.models import Base

        with create_engine(os.environ["SHOP_URL"]).connect() as connection:
            for tenant in ("red", "blue"):
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {tenant}"))
                connection.execute(text(f"SET search_path TO {tenant}"))
                connection.commit()
                connection.dialect.default_schema_name = tenant
                context.configure(connection=connection, target_metadata=Base.metadata)
                with context.begin_transaction():
                    context.run_migrations()
        """
    project = old_project(tmp_path, env)
    said = adopted(project)
    assert "migrations run several times" in said
    assert postgresql_url not in said
    goes_on(project, plain=False, SHOP_URL=postgresql_url)
    count = "SELECT count(*) FROM pg_tables WHERE tablename = 'users' AND schemaname IN ('red', 'blue')"
    assert rows_of(postgresql_url, count) == [(2,)]


def document(folder: Path, **options: object) -> dict[str, object]:
    out = StringIO()
    call_command("adopt", str(folder), json=True, stdout=out, **options)
    found = json.loads(out.getvalue())
    assert isinstance(found, dict)
    return found


def test_a_script_reads_what_was_found_and_written(tmp_path: Path) -> None:
    project = old_project(tmp_path, **{"alembic.ini": f"{INI}sqlalchemy.url = sqlite://\n"})
    dry = document(project, dry_run=True)
    assert (dry["written"], (project / "manage.py").exists()) == (False, False)
    wet = document(project)
    assert wet == {**dry, "written": True}
    assert (project / "settings.py").read_text() == wet["text"]
    again = document(project)
    assert (again["adopted"], again["written"], again["manage"]) == (True, False, "manage.py")
