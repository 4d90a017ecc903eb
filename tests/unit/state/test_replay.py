"""Revisions run on the state."""

import pytest
import sqlalchemy as sa

from alembic_manage import EnvironmentFailedError
from alembic_manage.alembic_api import connection_of
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.sources.source import upgrade_plan
from alembic_manage.state.cache import StateCache
from alembic_manage.state.replay import Replay

URL = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
CREATE = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.fixture
def project(make_tiny_project):
    made = make_tiny_project(URL)
    made.revision("a", CREATE, 'op.drop_table("t")')
    return made


def replayed(project, *, cache=False, **options) -> Replay:
    environment = project.environment
    replay = Replay(environment, cache=StateCache.of(environment) if cache else None)
    replay.run(upgrade_plan(environment, [head.id for head in environment.history.heads]), **options)
    return replay


def tables(replay) -> list[str]:
    return sorted(str(key) for key in replay.schema.shown_tables)


def test_revisions_run_without_a_server(project):
    project.revision("b", 'op.add_column("t", sa.Column("name", sa.Text))', down="a")
    replay = replayed(project)
    assert tables(replay) == ["t"]
    assert list(next(iter(replay.schema.shown_tables.values())).columns) == ["id", "name"]
    assert (replay.is_exact, replay.replayed) == (True, 2)


def test_downgrades_run_too(project):
    replay = replayed(project)
    revision = project.environment.history.find("a")
    replay.run(Plan("", (Step(revision, Direction.DOWNGRADE),)))
    assert tables(replay) == []


def test_the_result_of_what_looks_at_the_end(project):
    environment = project.environment
    replay = Replay(environment)
    plan = upgrade_plan(environment, ["a"])
    assert replay.run(plan, then=lambda context: sa.inspect(connection_of(context)).has_table("t")) is True


def test_each_step_is_told(project):
    project.revision("b", down="a")
    told = []
    replayed(project, after_each=lambda step: told.append(step.revision.id))
    assert told == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ('op.execute("ALTER TABLE t FROBNICATE x")', "ddl", ""),
        ('op.get_bind().execute(sa.text("SELECT id FROM t")).one()', "rows", "it needs rows"),
        ('raise RuntimeError("no")', "raises", "RuntimeError: no"),
        ('op.drop_table("absent")', "raises", "absent"),
    ],
)
def test_what_cannot_be_replayed_is_told_with_its_line(project, body, kind, reason):
    path = project.revision("b", f"x = 1\n{body}", down="a")
    replay = replayed(project)
    (opaque,) = replay.opaque
    assert (opaque.revision, opaque.path, opaque.line, opaque.kind) == ("b", path, 14, kind)
    assert reason in opaque.reason
    assert not replay.is_exact
    assert tables(replay) == ["t"]


def test_state_upgrade_stands_in_for_upgrade(project):
    path = project.revision("b", 'raise RuntimeError("no")', 'raise RuntimeError("no")', down="a")
    path.write_text(
        path.read_text()
        + '\n\ndef state_upgrade():\n    op.drop_table("t")\n'
        + f"\n\ndef state_downgrade():\n    {CREATE}\n"
    )
    replay = replayed(project)
    assert (replay.opaque, tables(replay)) == ([], [])
    replay.run(Plan("", (Step(project.environment.history.find("b"), Direction.DOWNGRADE),)))
    assert tables(replay) == ["t"]


def test_the_baseline_comes_first_and_once(project):
    (project.folder / "baseline.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n"
        '    op.create_table("old", sa.Column("id", sa.Integer, primary_key=True))\n'
    )
    project.revision("b", 'op.add_column("old", sa.Column("x", sa.Text))', down="a")
    replay = replayed(project)
    assert (replay.opaque, tables(replay)) == ([], ["old", "t"])
    replay.run(Plan("", ()))
    assert tables(replay) == ["old", "t"]


def test_a_kept_state_saves_the_revisions(project):
    path = project.root / "ran"
    project.revision("b", f'with open({str(path)!r}, "a") as file:\n    file.write("b")', down="a")
    assert tables(replayed(project, cache=True)) == ["t"]
    again = replayed(project, cache=True)
    assert (tables(again), again.replayed) == (["t"], 2)
    assert path.read_text() == "b"
    project.revision("c", 'op.drop_table("t")', down="b")
    assert tables(replayed(project, cache=True)) == []


def test_what_is_opaque_is_not_kept(project):
    project.revision("b", 'raise RuntimeError("no")', down="a")
    assert replayed(project, cache=True).opaque
    assert not list((project.root / ".alembic_manage_cache").glob("*.state"))


def test_what_a_revision_prints_is_not_shown(project, capsys):
    project.revision("b", 'print("hello")', down="a")
    replayed(project)
    assert capsys.readouterr().out == ""


def test_a_loop_over_tenants_is_one_history(project):
    project.change_env(
        "        context.run_migrations()\n\n\nif context",
        "        context.run_migrations()\n    with context.begin_transaction():\n"
        "        context.run_migrations()\n\n\nif context",
    )
    replay = replayed(project)
    assert (replay.replayed, tables(replay)) == (1, ["t"])


def test_a_connection_from_before_is_refused(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("a", CREATE)
    kept = project.project.database().engine.connect()
    project.settings.values["kept"] = kept
    project.env(
        """
        from alembic import context

        kept = context.config.attributes["project"].settings.values["kept"]
        context.configure(connection=kept)
        context.run_migrations()
        """
    )
    with kept, pytest.raises(EnvironmentFailedError, match="opened before the command began"):
        replayed(project)
