"""What adopt reads in a project's files, and what it says where it cannot follow them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from support.adopted import ENV, FIRST, INI, old_project

from alembic_manage import CommandError
from alembic_manage.adoption.survey import Survey, choose_configuration

HEAD = """
from alembic import context
config = context.config
"""
SurveyOf = Callable[..., Survey]


@pytest.fixture
def survey(tmp_path: Path) -> SurveyOf:
    """The survey of a project whose env.py is the given lines after the usual ones; more files by their path."""

    def read(lines: str = "", **files: str) -> Survey:
        env = dedent(HEAD) + dedent(lines) + "\ncontext.run_migrations()\n"
        return Survey(choose_configuration(old_project(tmp_path, env, **files)))

    return read


# --- The metadata


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("from shop.models import Base\ntarget_metadata = Base.metadata", ["shop.models:Base.metadata"]),
        ("from shop.models import Base as B\ntarget_metadata = B.metadata", ["shop.models:Base.metadata"]),
        ("from shop import models\ntarget_metadata = models.Base.metadata", ["shop.models:Base.metadata"]),
        ("import shop.models\ntarget_metadata = shop.models.Base.metadata", ["shop.models:Base.metadata"]),
        ("from shop.models import Base\nm = Base.metadata\ntarget_metadata = m", ["shop.models:Base.metadata"]),
        ("from shop.models import Base\nB = Base\ntarget_metadata = B.metadata", ["shop.models:Base.metadata"]),
        (
            "from shop.a import A\nfrom shop.b import b\ntarget_metadata = [A.metadata, b]",
            ["shop.a:A.metadata", "shop:b"],
        ),
        (
            "from shop.models import Base\ndef tables():\n    return Base.metadata\n"
            "context.configure(target_metadata=tables())",
            ["shop.models:Base.metadata"],
        ),
        (
            "from shop.models import Base\noptions = {'target_metadata': Base.metadata}\ncontext.configure(**options)",
            ["shop.models:Base.metadata"],
        ),
        (
            "from sqlmodel import SQLModel\nfrom shop import models\nfrom shop.orders import *\n"
            "target_metadata = SQLModel.metadata",
            ["shop.models", "shop.orders", "sqlmodel:SQLModel.metadata"],
        ),
        (
            "from sqlmodel import SQLModel\nimport shop.models  # noqa\ntarget_metadata = SQLModel.metadata",
            ["shop.models", "sqlmodel:SQLModel.metadata"],
        ),
    ],
)
def test_the_metadata_is_followed(survey: SurveyOf, lines: str, names: list[str]) -> None:
    found = survey(lines, **{"shop/orders.py": "", "shop/a.py": "", "shop/b.py": ""}).target
    expected = ["shop.b:b" if name == "shop:b" else name for name in names]
    assert (list(found.names), found.doubt) == (expected, "")


def test_models_that_env_py_does_not_lead_to_are_imported_by_the_settings(survey: SurveyOf) -> None:
    found = survey(
        "from shop.base import Base\nfrom shop import start\ntarget_metadata = Base.metadata",
        **{
            "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
            "shop/start.py": "import shop.known\n",
            "shop/known.py": "from .base import Base\nclass A(Base):\n    __tablename__ = 'a'\n",
            "shop/orders.py": "from .base import Base\nclass B(Base):\n    __tablename__ = 'b'\n",
        },
    )
    assert found.target.names == ("shop.start", "shop.orders", "shop.base:Base.metadata")
    assert "env.py does not import shop.orders, which define tables: METADATA does" in found.adoption().unsure


def test_metadata_that_no_module_has_is_made_as_env_py_makes_it(survey: SurveyOf) -> None:
    text = survey("from shop.db import make\ndb = make()\ntarget_metadata = db.Base.metadata").adoption().text
    assert 'METADATA = f"{__name__}:target_metadata"' in text
    assert "    from shop.db import make\n    db = make()\n    return db.Base.metadata" in text
    compile(text, "settings.py", "exec")


@pytest.mark.parametrize(
    ("lines", "doubt"),
    [
        ("", "env.py names no target_metadata that I can read: set METADATA"),
        ("target_metadata = None", "env.py names no target_metadata that I can read: set METADATA"),
        (
            "target_metadata = config.attributes['metadata']",
            "target_metadata is config.attributes['metadata'], which I cannot follow: set METADATA",
        ),
    ],
)
def test_metadata_that_cannot_be_followed_is_told(survey: SurveyOf, lines: str, doubt: str) -> None:
    adoption = survey(lines).adoption()
    assert doubt in adoption.unsure
    assert "METADATA =" not in adoption.text


# --- The URL


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (
            "from shop.config import settings\nconfig.set_main_option('sqlalchemy.url', settings.URL)",
            "from shop.config import settings|settings.URL",
        ),
        (
            "from shop.config import settings\n"
            "config.set_main_option('sqlalchemy.url', str(settings.URL).replace('%', '%%'))",
            "settings.URL",
        ),
        (
            "import os\nconfig.set_main_option('sqlalchemy.url', os.environ['SHOP_URL'])",
            "import os|load_dotenv(BASE_DIR / \".env\")|os.environ['SHOP_URL']",
        ),
        (
            "import os\ndef url():\n    return os.getenv('SHOP_URL', 'sqlite:///a.db')\n"
            "section = config.get_section('alembic')\nsection['sqlalchemy.url'] = url()",
            "def url():\n    return os.getenv('SHOP_URL', 'sqlite:///a.db')|\"URL\": url()",
        ),
        (
            "from sqlalchemy import create_engine\nfrom shop.config import URL\n"
            "def run():\n    place = URL\n    engine = create_engine(place)\nrun()",
            '"URL": URL',
        ),
        ("from shop.db import engine\nwith engine.connect() as connection:\n    pass", "engine.url"),
        (
            "from pathlib import Path\nfrom sqlalchemy import create_engine\n"
            "create_engine(f'sqlite:///{Path(__file__).parent}/a.db')",
            "{Path(str(BASE_DIR / 'migrations/env.py')).parent}/a.db",
        ),
    ],
)
def test_settings_ask_the_place_that_env_py_asks(survey: SurveyOf, lines: str, code: str) -> None:
    adoption = survey(lines).adoption()
    for part in code.split("|"):
        assert part in adoption.text
    assert not [line for line in adoption.unsure if "URL" in line]
    compile(adoption.text, "settings.py", "exec")


def test_the_url_of_alembic_ini_is_read_there_and_not_copied(survey: SurveyOf) -> None:
    ini = f"{INI}sqlalchemy.url = postgresql://shop:secret@localhost/shop\n"
    adoption = survey("engine_from_config(config.get_section('alembic'))", **{"alembic.ini": ini}).adoption()
    assert 'DATABASES = {"default": {"URL": ini["alembic"]["sqlalchemy.url"]}}' in adoption.text
    assert "secret" not in adoption.text + repr(adoption.found)


def test_a_url_in_env_py_is_not_printed(survey: SurveyOf) -> None:
    adoption = survey("config.set_main_option('sqlalchemy.url', 'postgresql://shop:secret@localhost/shop')").adoption()
    assert "secret" not in repr(adoption.found) + repr(adoption.unsure)


@pytest.mark.parametrize(
    ("lines", "doubt"),
    [
        ("", "I found no URL: set DATABASE_URL, or edit DATABASES"),
        (
            "config.set_main_option('sqlalchemy.url', context.get_x_argument(as_dictionary=True)['url'])",
            "env.py takes the URL from context.get_x_argument(as_dictionary=True)['url'], which I cannot follow: "
            "set DATABASE_URL, or edit DATABASES",
        ),
    ],
)
def test_a_url_that_cannot_be_followed_comes_from_the_environment(survey: SurveyOf, lines: str, doubt: str) -> None:
    adoption = survey(lines).adoption()
    assert doubt in adoption.unsure
    assert 'os.environ["DATABASE_URL"]' in adoption.text


# --- Where the migrations are


def test_nothing_is_imported(survey: SurveyOf) -> None:
    modules = set(sys.modules)
    adoption = survey("import shop.models\nraise SystemExit", **{"shop/models.py": "raise SystemExit"}).adoption()
    assert adoption.found
    assert not {name for name in set(sys.modules) - modules if name.startswith("shop")}


def test_a_package_with_its_own_alembic_ini(tmp_path: Path) -> None:
    project = old_project(tmp_path)
    (project / "alembic.ini").rename(project / "shop/alembic.ini")
    (project / "migrations").rename(project / "shop/migrations")
    (project / "shop/alembic.ini").write_text("[alembic]\nscript_location = {location}\n")
    adoption = Survey(choose_configuration(project)).adoption()
    assert adoption.root == project
    assert 'MIGRATIONS_DIR = "shop/migrations"' in adoption.text
    assert 'ALEMBIC_INI = BASE_DIR / "shop/alembic.ini"' in adoption.text


def test_a_location_in_a_package(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = shop.data:migrations\n"
    project = old_project(tmp_path, **{"alembic.ini": ini, "shop/data/__init__.py": ""})
    (project / "migrations").rename(project / "shop/data/migrations")
    assert choose_configuration(project).location == project / "shop/data/migrations"


def test_several_are_named_and_one_can_be_chosen(tmp_path: Path) -> None:
    project = old_project(tmp_path, **{"audit/env.py": ENV})
    (project / "alembic.ini").unlink()
    with pytest.raises(CommandError, match=r"2 folders with an env.py: audit, migrations") as raised:
        choose_configuration(project)
    assert raised.value.hint == "alembic-manage adopt --migrations audit"
    for chosen in (project / "audit", Path("audit")):
        assert choose_configuration(project, chosen).location == project / "audit"


def test_that_of_alembic_ini_comes_before_others(tmp_path: Path) -> None:
    project = old_project(tmp_path, **{"audit/env.py": ENV})
    assert choose_configuration(project).location == project / "migrations"


def test_environments_are_no_part_of_the_project(tmp_path: Path) -> None:
    project = old_project(tmp_path, **{"mine/pyvenv.cfg": "", "mine/lib/env.py": ENV, "node_modules/x/env.py": ENV})
    (project / "alembic.ini").unlink()
    assert choose_configuration(project).location == project / "migrations"


@pytest.mark.parametrize("file", ["old/migrate.cfg", "old/versions/001_first.py"])
def test_a_repository_of_sqlalchemy_migrate_is_explained(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("def upgrade(migrate_engine):\n    pass\n")
    with pytest.raises(CommandError, match="old is a repository of sqlalchemy-migrate") as raised:
        choose_configuration(tmp_path)
    assert "docs/from-sqlalchemy-migrate.md" in str(raised.value.hint)


def test_no_migrations_at_all(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no env.py of Alembic's"):
        choose_configuration(tmp_path)
    with pytest.raises(CommandError, match="There is no folder"):
        choose_configuration(tmp_path / "nowhere")


def test_an_env_py_that_is_no_python(tmp_path: Path) -> None:
    survey = Survey(choose_configuration(old_project(tmp_path, "import alembic\nrun_migrations(")))
    with pytest.raises(CommandError, match=r"migrations/env.py cannot be read as Python"):
        survey.adoption()


# --- The revisions


@pytest.mark.parametrize(
    ("id", "kind"), [("a1b2c3d4e5f6", "hash"), ("0001_users", "number"), ("0001", "number"), ("v3.0.0.a", "own")]
)
def test_ids_and_how_new_ones_are_made(survey: SurveyOf, id: str, kind: str) -> None:
    found = survey(**{"migrations/versions/a1b2c3d4e5f6_users.py": FIRST.replace("a1b2c3d4e5f6", id)})
    assert found.revisions.ids == kind
    assert ('MIGRATION_IDS = "hash"' in found.adoption().text) == (kind == "hash")


def test_tables_that_no_migration_makes_are_named(survey: SurveyOf) -> None:
    first = FIRST.replace('op.create_table("users", sa', 'op.add_column("users", sa')
    adoption = survey(**{"migrations/versions/a1b2c3d4e5f6_users.py": first}).adoption()
    assert list(adoption.tables_before) == ["users"]
    assert "I see no migration that makes users: were they there before (create_all, then stamp)?" in adoption.unsure


def test_a_table_that_another_migration_makes_is_not_named(survey: SurveyOf) -> None:
    second = FIRST.replace("a1b2c3d4e5f6", "b1b2c3d4e5f6").replace(
        "down_revision = None", 'down_revision = "a1b2c3d4e5f6"'
    )
    second = second.replace('op.create_table("users", sa', 'op.add_column("users", sa')
    assert survey(**{"migrations/versions/b_more.py": second}).adoption().tables_before == ()


@pytest.mark.parametrize(
    "column",
    [
        'sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id"))',
        'sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_users_teams")',
    ],
)
def test_a_table_that_only_a_foreign_key_refers_to_is_named(survey: SurveyOf, column: str) -> None:
    first = FIRST.replace('op.create_table("users",', f'op.create_table("users", {column},')
    assert first != FIRST
    assert survey(**{"migrations/versions/a1b2c3d4e5f6_users.py": first}).adoption().tables_before == ("teams",)


@pytest.mark.parametrize("owner", ["op", "batch"])
def test_a_table_that_a_later_foreign_key_refers_to_is_named(survey: SurveyOf, owner: str) -> None:
    table = '"users", ' if owner == "op" else ""
    first = FIRST.replace(
        'op.create_table("users",',
        f'{owner}.create_foreign_key("fk", {table}"teams", ["a"], ["b"])\n        op.create_table("users",',
    )
    assert survey(**{"migrations/versions/a1b2c3d4e5f6_users.py": first}).adoption().tables_before == ("teams",)


@pytest.mark.parametrize(
    "made",
    [
        'op.execute("CREATE TABLE teams (id INTEGER PRIMARY KEY)")',
        'op.create_table("teams", sa.Column("id", sa.Integer))',
        'TEAMS = "teams"\n        op.create_table(TEAMS, sa.Column("id", sa.Integer))',
        "Base.metadata.create_all(op.get_bind())",
    ],
)
def test_a_table_that_is_made_in_any_way_and_referred_to_is_not_named(survey: SurveyOf, made: str) -> None:
    first = FIRST.replace(
        'op.create_table("users",',
        f'{made}\n        op.create_table("users", sa.Column("team", sa.Integer, sa.ForeignKey("teams.id")),',
    )
    assert survey(**{"migrations/versions/a1b2c3d4e5f6_users.py": first}).adoption().tables_before == ()


def test_an_application_that_makes_its_tables_and_stamps_is_named(survey: SurveyOf) -> None:
    start = "def start():\n    Base.metadata.create_all(engine)\n    command.stamp(config, 'head')\n"
    unsure = survey(**{"shop/start.py": start}).adoption().unsure
    assert any("create_all() and stamps" in line for line in unsure)


def test_folders_that_alembic_ini_does_not_name_are_settings(survey: SurveyOf) -> None:
    later = FIRST.replace("a1b2c3d4e5f6", "b1b2c3d4e5f6").replace(
        "down_revision = None", 'down_revision = "a1b2c3d4e5f6"'
    )
    adoption = survey(**{"migrations/versions/2024/b_later.py": later}).adoption()
    assert 'VERSION_LOCATIONS = ["migrations/versions", "migrations/versions/2024"]' in adoption.text


def test_folders_that_env_py_computes_are_computed_in_the_settings(survey: SurveyOf) -> None:
    lines = "from shop.db import folder\ncontext.script.version_locations = [folder()]"
    adoption = survey(lines, **{"migrations/versions/x/a1b2c3d4e5f6_users.py": FIRST}).adoption()
    assert "VERSION_LOCATIONS = [folder()]" in adoption.text
    assert "from shop.db import folder" in adoption.text


# --- Names


@pytest.mark.parametrize(
    ("taken", "names"),
    [
        ({}, ("manage.py", "settings")),
        ({"manage.py": "import django"}, ("manage_alembic.py", "settings")),
        ({"manage.py": "", "manage_alembic.py": ""}, ("manage_alembic_2.py", "settings")),
        ({"settings.py": ""}, ("manage.py", "alembic_settings")),
        ({"settings/__init__.py": ""}, ("manage.py", "alembic_settings")),
        ({"settings.py": "", "alembic_settings.py": ""}, ("manage.py", "alembic_settings_2")),
    ],
)
def test_names_that_are_taken_are_left_alone(survey: SurveyOf, taken: dict[str, str], names: tuple[str, str]) -> None:
    adoption = survey(**taken).adoption()
    assert (adoption.manage, adoption.settings) == names
    adoption.write()
    assert f'"{names[1]}"' in (adoption.root / names[0]).read_text()
    for name, text in taken.items():
        assert (adoption.root / name).read_text() == text


def test_nothing_is_left_where_the_folder_cannot_be_written(survey: SurveyOf, monkeypatch: pytest.MonkeyPatch) -> None:
    adoption = survey().adoption()
    adoption_module = sys.modules["alembic_manage.adoption.adoption"]
    written: list[Path] = []

    def fail_second(path: Path, text: str) -> None:
        if written:
            raise OSError(30, "Read-only file system")
        written.append(path)
        path.write_text(text)

    monkeypatch.setattr(adoption_module, "write_atomically", fail_second)
    with pytest.raises(CommandError, match=r"Read-only file system. Nothing was written"):
        adoption.write()
    assert not (adoption.root / "settings.py").exists()


# --- Advanced Alchemy, Flask


def test_advanced_alchemy(survey: SurveyOf) -> None:
    adoption = survey(
        "from advanced_alchemy.base import metadata_registry",
        **{
            "shop/db.py": "alchemy = SQLAlchemyAsyncConfig(connection_string='x')\n",
            "shop/models.py": "from advanced_alchemy.base import UUIDBase\nclass User(UUIDBase):\n    pass\n",
        },
    ).adoption()
    assert 'METADATA = ["shop.models", "advanced_alchemy.base:orm_registry"]' in adoption.text
    assert "vars(AlembicCommands(alchemy).config)" in adoption.text
    compile(adoption.text, "settings.py", "exec")


@pytest.mark.parametrize(
    ("files", "app"),
    [
        ({"wsgi.py": "from flask import Flask\napp = Flask('shop')\n"}, "wsgi:app"),
        (
            {"shop/web.py": "from flask import Flask\ndef create_app(name=None):\n    return Flask(name)\n"},
            "shop.web:create_app()",
        ),
        ({".flaskenv": "FLASK_APP=shop.web:make\n", "shop/web.py": "def make():\n    pass\n"}, "shop.web:make()"),
        ({"shop/web.py": "from flask import Flask\ndef create_app(name):\n    return Flask(name)\n"}, ""),
    ],
)
def test_the_flask_application(survey: SurveyOf, files: dict[str, str], app: str) -> None:
    found = survey("from flask import current_app", **{"shop/ext.py": "db = SQLAlchemy()\n", **files})
    assert found.flask is not None
    assert (found.flask.app, found.flask.db) == (app, "shop.ext:db")
    compile(found.adoption().text, "settings.py", "exec")
    assert any("alembic-manage adopt --app" in line for line in found.adoption().unsure) == (app == "")


def test_what_env_py_does_besides_is_told(survey: SurveyOf) -> None:
    lines = """
        context.configure(include_object=print, version_table="shop_version", include_schemas=True)
        for tenant in ("a", "b"):
            context.run_migrations()
        """
    found = dict(survey(lines).adoption().found)
    assert found["env.py has"] == (
        "include_object, several schemas, version table shop_version, a loop: migrations run several times"
    )
