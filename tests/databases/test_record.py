"""The version table: it ends as plain Alembic leaves it, whatever the graph."""

import pytest
from alembic import command
from sqlalchemy.exc import DatabaseError

from alembic_manage import RefusedError, UnknownRevisionError
from alembic_manage.alembic_api import make_config
from alembic_manage.execution.fake import fake_all
from alembic_manage.execution.prune import prune

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'

DIAMOND = {"a": None, "b": "a", "c": "a", "merge": ("b", "c"), "last": "merge"}
TWO_TREES = {"a": None, "b": "a", "x": None, "y": "x"}


def write_graph(project, graph, depends_on=(), labels=()) -> None:
    """A revision with a table of its own for each node."""
    for id, down in graph.items():
        project.revision(
            id,
            CREATE.format(f"t_{id}"),
            DROP.format(f"t_{id}"),
            down=down,
            depends_on=dict(depends_on).get(id),
            labels=dict(labels).get(id),
        )


def version_table(project) -> list[str]:
    return sorted(id for (id,) in project.rows("SELECT version_num FROM alembic_version"))


def alembic(project, direction: str, target: str) -> None:
    """Plain Alembic, in this process."""
    config = make_config(project.project, "default")
    config.attributes["project"] = project.project
    getattr(command, direction)(config, target)


@pytest.mark.parametrize(
    ("graph", "depends_on", "targets"),
    [
        (DIAMOND, {}, ["+heads", "-merge", "-b", "+last", "-a", "+c", "+head", "-zero"]),
        ({"a": None, "b": "a", "c": "a"}, {}, ["+b", "+heads", "-a", "+c", "-zero"]),
        (TWO_TREES, {"b": "y"}, ["+a", "+heads", "-zero", "+b", "-zero"]),
        ({"a": None, "b": "a", "c": "b", "d": "b", "m": ("c", "d")}, {}, ["+c", "+heads", "-d", "+m", "-b"]),
    ],
    ids=["diamond", "two heads", "two trees", "late merge"],
)
def test_the_version_table_is_what_plain_alembic_leaves(make_tiny_project, new_database, graph, depends_on, targets):
    ours, theirs = (make_tiny_project(new_database("sqlite").render_as_string()) for _ in range(2))
    for project in (ours, theirs):
        write_graph(project, graph, depends_on)
    for target in targets:
        up, id = target[0] == "+", target[1:]
        ours.migrate(id)
        alembic(theirs, "upgrade" if up else "downgrade", "base" if id == "zero" else id)
        assert version_table(ours) == version_table(theirs), target
        assert ours.tables == theirs.tables, target


def test_branches_and_merges_run_on_every_database(tiny_project):
    write_graph(tiny_project, DIAMOND)
    assert tiny_project.migrate("b").done == ["a", "b"]
    assert version_table(tiny_project) == ["b"]
    assert tiny_project.migrate("c").done == ["c"]
    assert version_table(tiny_project) == ["b", "c"]
    assert tiny_project.migrate().done == ["merge", "last"]
    assert version_table(tiny_project) == ["last"]
    assert tiny_project.migrate("b").done == ["last", "merge"]
    assert version_table(tiny_project) == ["b", "c"]
    assert tiny_project.migrate("zero").done == ["c", "b", "a"]
    assert version_table(tiny_project) == []


def test_a_record_that_plain_alembic_made_is_read(tiny_project):
    write_graph(tiny_project, DIAMOND)
    alembic(tiny_project, "upgrade", "merge")
    assert tiny_project.recorded == {"merge"}
    assert tiny_project.migrate().done == ["last"]
    alembic(tiny_project, "downgrade", "-1")
    assert tiny_project.recorded == {"merge"}


def test_a_dependency_on_another_tree_is_recorded_as_alembic_does(tiny_project):
    write_graph(tiny_project, TWO_TREES, depends_on={"b": "shop"}, labels={"x": "shop"})
    assert tiny_project.migrate("b").done == ["a", "x", "b"]
    assert version_table(tiny_project) == ["b"]
    alembic(tiny_project, "upgrade", "heads")
    assert version_table(tiny_project) == ["b", "y"]


# Fake


def test_a_faked_revision_is_recorded_and_does_nothing(tiny_project):
    write_graph(tiny_project, DIAMOND)
    events = tiny_project.migrate(fake=fake_all)
    assert events.faked == ["a", "b", "c", "merge", "last"]
    assert tiny_project.recorded == {"last"}
    assert tiny_project.tables == set()
    assert tiny_project.migrate("zero", fake=fake_all).faked == ["last", "merge", "c", "b", "a"]
    assert tiny_project.recorded == set()


# Prune


@pytest.fixture
def lost(tiny_project):
    """A database at a revision whose file is gone, and at one that is there."""
    write_graph(tiny_project, TWO_TREES)
    tiny_project.migrate()
    (tiny_project.versions / "b.py").unlink()
    return tiny_project


def test_a_recorded_revision_without_a_file_is_forgotten(lost):
    assert prune(lost.environment, None) == ("b",)
    assert lost.recorded == {"y"}


def test_there_is_nothing_to_forget_where_all_files_are_there(tiny_project):
    write_graph(tiny_project, TWO_TREES)
    tiny_project.migrate()
    assert prune(tiny_project.environment, None) == ()
    assert tiny_project.recorded == {"b", "y"}


def test_the_last_record_is_not_forgotten_without_saying_where_the_database_is(lost):
    (lost.versions / "y.py").unlink()
    with pytest.raises(RefusedError, match="b, y") as caught:
        prune(lost.environment, None)
    assert caught.value.returncode == 4
    assert "--fake --prune" in caught.value.hint
    assert version_table(lost) == ["b", "y"]


def test_the_place_of_the_database_can_be_given(lost):
    (lost.versions / "y.py").unlink()
    assert prune(lost.environment, "x") == ("b", "y")
    assert lost.recorded == {"x"}
    assert lost.tables == {"t_a", "t_b", "t_x", "t_y"}


def test_the_place_of_the_database_can_be_zero(lost):
    (lost.versions / "y.py").unlink()
    assert prune(lost.environment, "zero") == ("b", "y")
    assert lost.recorded == set()


def test_a_place_that_does_not_exist_changes_nothing(lost):
    with pytest.raises(UnknownRevisionError):
        prune(lost.environment, "nope")
    assert version_table(lost) == ["b", "y"]


def test_pruning_works_where_env_py_began_a_transaction(lost):
    lost.env(
        """
        from alembic import context
        project = context.config.attributes["project"]
        with project.database().engine.begin() as connection:
            context.configure(connection=connection)
            context.run_migrations()
        """
    )
    assert prune(lost.environment, None) == ("b",)
    assert lost.recorded == {"y"}


# The ledger


def test_the_ledger_tells_when_a_revision_was_applied_and_may_be_missing(tiny_project):
    from alembic_manage.execution.ledger import Ledger

    def applied_at(context, heads):
        return Ledger(context).applied_at()

    write_graph(tiny_project, TWO_TREES)
    assert tiny_project.environment.read(applied_at) == [{}]
    tiny_project.migrate("a")
    (times,) = tiny_project.environment.read(applied_at)
    assert set(times) == {"a"}
    tiny_project.execute("DROP TABLE alembic_version_ledger")
    tiny_project.migrate()
    (times,) = tiny_project.environment.read(applied_at)
    assert set(times) == {"b", "x", "y"}


def test_a_failed_revision_is_in_the_ledger_with_its_error_and_not_applied(tiny_project):
    from alembic_manage.execution.ledger import Ledger

    tiny_project.revision("a", "raise ValueError('no such thing')")
    with pytest.raises(Exception, match="Migration a failed"):
        tiny_project.migrate()
    ((entries, applied),) = tiny_project.environment.read(
        lambda context, _: (Ledger(context).entries(), Ledger(context).applied())
    )
    assert applied == {}
    assert [(entry.revision, entry.outcome) for entry in entries] == [("a", "failed")]
    assert "no such thing" in str(entries[0].error)


def test_a_ledger_of_an_older_version_keeps_its_times(tiny_project):
    from alembic_manage.execution.ledger import Ledger

    write_graph(tiny_project, TWO_TREES)
    tiny_project.execute(
        "CREATE TABLE alembic_version_ledger (id INTEGER PRIMARY KEY, revision VARCHAR(255) NOT NULL, "
        "direction VARCHAR(10) NOT NULL, started_at TIMESTAMP NULL, finished_at TIMESTAMP NULL, "
        "outcome VARCHAR(10) NOT NULL)",
        "INSERT INTO alembic_version_ledger VALUES (1, 'x', 'upgrade', '2026-11-01 10:00:00', '2026-11-01 10:00:01', "
        "'applied')",
    )
    tiny_project.migrate("a")
    (applied,) = tiny_project.environment.read(lambda context, _: Ledger(context).applied())
    assert f"{applied['x'].finished_at:%Y-%m-%d %H:%M:%S}" == "2026-11-01 10:00:01"
    assert applied["x"].checksum is None
    assert len(str(applied["a"].checksum)) == 64


def test_every_run_is_a_batch_with_what_ran_where_and_by_whom(tiny_project):
    import os

    from alembic_manage.execution.ledger import Ledger

    write_graph(tiny_project, DIAMOND)
    tiny_project.migrate("b")
    tiny_project.migrate()
    (entries,) = tiny_project.environment.read(lambda context, _: Ledger(context).entries())
    assert [entry.revision for entry in entries] == ["a", "b", "c", "merge", "last"]
    assert len({entry.batch for entry in entries[:2]}) == len({entry.batch for entry in entries[2:]}) == 1
    assert entries[0].batch != entries[-1].batch
    assert {entry.pid for entry in entries} == {os.getpid()}
    assert all(entry.statements == 1 and entry.duration_ms is not None for entry in entries)
    (source,) = tiny_project.environment.read(lambda context, _: Ledger(context).source_of("merge"))
    assert source == (tiny_project.versions / "merge.py").read_text()


def test_at_head_nothing_is_written_and_no_lock_taken(tiny_project, monkeypatch):
    write_graph(tiny_project, TWO_TREES)
    tiny_project.migrate()
    before = tiny_project.rows("SELECT * FROM alembic_version_ledger")
    monkeypatch.setattr("alembic_manage.execution.executor.lock_for", lambda *_: pytest.fail("a lock was made"))
    assert tiny_project.migrate().done == []
    assert tiny_project.rows("SELECT * FROM alembic_version_ledger") == before


def test_reading_the_record_creates_no_table(tiny_project):
    write_graph(tiny_project, TWO_TREES)
    assert tiny_project.environment.recorded() == frozenset()
    with pytest.raises(DatabaseError):
        tiny_project.rows("SELECT * FROM alembic_version")
