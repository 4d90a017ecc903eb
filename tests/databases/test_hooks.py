"""Hooks: when they are called, with what, and what stays when one raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from support.databases import where
from support.projects import MakeProject, ProjectFolder
from support.tiny_projects import Events, TinyProject

from alembic_manage import hooks
from alembic_manage.errors import CommandError, HookFailedError
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.fake import FakePolicy, fake_all, run_all
from alembic_manage.execution.go_on import GoOn
from alembic_manage.execution.hook_sender import HookSender
from alembic_manage.execution.observer import Observers
from alembic_manage.hooks import HookEvent
from alembic_manage.plan import Direction, make_plan

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))'
DROP = 'op.drop_table("{0}")'
ALL = (hooks.pre_migrate, hooks.before_revision, hooks.after_revision, hooks.post_migrate, hooks.migrate_failed)


@pytest.fixture
def shop(tiny_project: TinyProject) -> TinyProject:
    """Two revisions."""
    tiny_project.revision("0001_orders", CREATE.format("orders"), DROP.format("orders"))
    tiny_project.revision("0002_tags", CREATE.format("tags"), DROP.format("tags"), down="0001_orders")
    return tiny_project


class Log:
    """What was called, in order."""

    def __init__(self) -> None:
        self.events: list[HookEvent] = []

    def __call__(self, event: HookEvent) -> None:
        self.events.append(event)

    @property
    def lines(self) -> list[str]:
        return [f"{event.hook} {event.step.revision.id}" if event.step else event.hook for event in self.events]


@pytest.fixture
def log() -> Iterator[Log]:
    """Connected to every hook."""
    log = Log()
    for hook in ALL:
        hook.connect(log)
    yield log
    for hook in ALL:
        hook.disconnect(log)


@pytest.fixture
def connect() -> Iterator[Callable[[hooks.Hook, hooks.HookFunction], None]]:
    """Connects a function for the time of the test."""
    connected: list[tuple[hooks.Hook, hooks.HookFunction]] = []

    def connect(hook: hooks.Hook, function: hooks.HookFunction) -> None:
        connected.append((hook, hook.connect(function)))

    yield connect
    for hook, function in connected:
        hook.disconnect(function)


def run(
    project: TinyProject,
    target: str = "heads",
    fake: FakePolicy = run_all,
    warn: Callable[[str], object] = lambda line: None,
) -> Events:
    """Migrate with hooks; what the executor told."""
    environment, events = project.environment, Events()
    history = environment.history.require_sound()
    sender = HookSender({}, "default", is_fake=fake is fake_all, root=project.root, warn=warn, go_on=GoOn())
    with sender:
        Executor(environment).run(
            lambda recorded: make_plan(history, recorded, target), Observers(sender, events), fake=fake
        )
    return events


def test_they_are_called_around_the_run_and_each_revision(shop, log):
    run(shop)
    assert log.lines == [
        "pre_migrate",
        "before_revision 0001_orders",
        "after_revision 0001_orders",
        "before_revision 0002_tags",
        "after_revision 0002_tags",
        "post_migrate",
    ]
    first, last = log.events[0], log.events[-1]
    assert [revision.id for revision in first.plan.revisions] == ["0001_orders", "0002_tags"]
    assert (first.database, first.direction, first.is_fake, first.done) == ("default", Direction.UPGRADE, False, ())
    assert [len(event.done) for event in log.events] == [0, 0, 1, 1, 2, 2]
    assert first.seconds is None
    assert last.seconds is not None
    assert last.seconds >= 0


def test_nothing_to_do_calls_none(shop, log):
    shop.migrate()
    run(shop)
    assert log.lines == []


def test_a_way_down_sends_the_same(shop, log):
    shop.migrate()
    run(shop, "0001_orders")
    assert log.lines == ["pre_migrate", "before_revision 0002_tags", "after_revision 0002_tags", "post_migrate"]
    assert {event.direction for event in log.events} == {Direction.DOWNGRADE}


def test_what_is_faked_is_flagged(shop, log):
    run(shop, fake=fake_all)
    assert {event.is_fake for event in log.events} == {True}
    assert shop.tables == set()


def test_only_after_a_revision_is_it_known_what_a_policy_has_faked(shop, log):
    run(shop, fake=lambda connection, step: step.revision.id == "0001_orders")
    assert [event.is_fake for event in log.events if event.hook == "before_revision"] == [False, False]
    assert [event.is_fake for event in log.events if event.hook == "after_revision"] == [True, False]


@pytest.mark.parametrize(
    ("hook", "tables", "says"),
    [
        (hooks.pre_migrate, set(), r"Nothing was applied\."),
        (hooks.before_revision, set(), r"Nothing was applied\."),
        (hooks.after_revision, {"orders"}, r"0001_orders is applied and stays so; 1 more were not begun\."),
        (hooks.post_migrate, {"orders", "tags"}, r"2 migrations are applied and stay so\."),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_one_that_raises_stops_the_run_there(shop, connect, hook, tables, says):
    def angry(event: HookEvent) -> None:
        raise ValueError("not today")

    connect(hook, angry)
    with pytest.raises(HookFailedError, match=rf"angry \({hook.name}\) failed at .*: ValueError: not today") as caught:
        run(shop)
    assert caught.match(says)
    assert caught.value.returncode == 1
    assert shop.tables == tables
    hook.disconnect(angry)
    run(shop)
    assert shop.tables == {"orders", "tags"}


def test_a_command_error_keeps_its_code_and_its_hint(shop, connect):
    def closed(event: HookEvent) -> None:
        raise CommandError("Not on a Friday.", returncode=4, hint="wait for Monday")

    connect(hooks.pre_migrate, closed)
    with pytest.raises(HookFailedError, match=r": Not on a Friday\.") as caught:
        run(shop)
    assert (caught.value.returncode, caught.value.hint) == (4, "wait for Monday")


def test_a_run_that_fails_tells_it_once(shop, log):
    shop.revision("0003_broken", "raise ValueError('no such thing')", down="0002_tags")
    with pytest.raises(CommandError, match="0003_broken failed") as caught:
        run(shop)
    assert log.lines[-2:] == ["before_revision 0003_broken", "migrate_failed 0003_broken"]
    last = log.events[-1]
    assert last.error is caught.value
    assert [step.revision.id for step in last.done] == ["0001_orders", "0002_tags"]
    assert last.connection is None


def test_a_hook_that_raises_is_a_run_that_failed(shop, log, connect):
    def angry(event: HookEvent) -> None:
        raise ValueError("not today")

    connect(hooks.before_revision, angry)
    with pytest.raises(HookFailedError):
        run(shop)
    assert log.lines == ["pre_migrate", "before_revision 0001_orders", "migrate_failed 0001_orders"]


def test_the_error_of_the_run_outlives_one_of_the_hook(shop, connect):
    shop.revision("0003_broken", "raise ValueError('no such thing')", down="0002_tags")

    def angry(event: HookEvent) -> None:
        raise KeyError("gone")

    connect(hooks.migrate_failed, angry)
    warnings: list[str] = []
    with pytest.raises(CommandError, match="0003_broken failed"):
        run(shop, warn=warnings.append)
    (warning,) = warnings
    assert "angry (migrate_failed) failed at" in warning
    assert "KeyError: 'gone'" in warning


@pytest.mark.parametrize(
    "hook", [hooks.pre_migrate, hooks.before_revision, hooks.after_revision, hooks.post_migrate], ids=lambda h: h.name
)
def test_what_a_hook_writes_is_committed(shop, connect, hook):
    shop.execute("CREATE TABLE notes (text VARCHAR(50))")

    def note(event: HookEvent) -> None:
        assert not event.connection.in_transaction() or event.hook == "pre_migrate"
        event.connection.execute(sa.text("INSERT INTO notes VALUES ('seen')"))

    connect(hook, note)
    run(shop, "0001_orders")
    assert shop.rows("SELECT text FROM notes") == [("seen",)]


def test_what_a_hook_that_raises_has_written_is_rolled_back(shop, connect):
    shop.execute("CREATE TABLE notes (text VARCHAR(50))")

    def note(event: HookEvent) -> None:
        event.connection.execute(sa.text("INSERT INTO notes VALUES ('seen')"))
        raise ValueError("after all not")

    connect(hooks.after_revision, note)
    with pytest.raises(HookFailedError):
        run(shop)
    assert shop.rows("SELECT text FROM notes") == []
    assert shop.recorded == {"0001_orders"}


@where(lambda dialect: dialect.transactional_ddl)
def test_within_a_transaction_of_env_py_nothing_is_committed(shop, connect):
    shop.change_env("context.configure(", "connection.begin()\n    context.configure(")
    seen: list[bool] = []
    connect(hooks.after_revision, lambda event: seen.append(event.connection.in_transaction()))
    with pytest.raises(CommandError, match="never committed"):
        run(shop)
    assert seen == [True, True]


PROJECT_HOOKS = """
from sqlalchemy import text


def tell(event):
    id = event.step.revision.id if event.step else "-"
    rows = None if event.connection is None else event.connection.execute(text("SELECT 1")).scalar()
    print(f"[{event.hook} {id} {event.direction.value} {rows}]")


def refuse(event):
    raise RuntimeError("not now")
"""
NAMED = """
HOOKS = {
    name: ["project_hooks.tell"]
    for name in ("pre_migrate", "before_revision", "after_revision", "post_migrate", "migrate_failed")
}
"""


def with_hooks(make_project: MakeProject, url: str, settings: str = NAMED) -> ProjectFolder:
    """A project whose settings name hooks."""
    project = make_project("slow_revision", url)
    project.write("project_hooks.py", PROJECT_HOOKS)
    project.write("settings.py", f"{project.read('settings.py')}\n{settings}")
    return project


def told(text: str) -> list[str]:
    return [line[1:-1] for line in text.splitlines() if line.startswith("[")]


def assert_hooks_are_called(project: ProjectFolder) -> None:
    for command in ("migrate --plan", "migrate --sql", "sqlmigrate 0001", "showmigrations"):
        assert told(project.ok(*command.split())) == []
    assert told(project.ok("migrate", "0001")) == [
        "pre_migrate - upgrade 1",
        "before_revision 0001_initial upgrade 1",
        "after_revision 0001_initial upgrade 1",
        "post_migrate - upgrade 1",
    ]
    assert told(project.ok("rollback", "--no-input")) == [
        "pre_migrate - downgrade 1",
        "before_revision 0001_initial downgrade 1",
        "after_revision 0001_initial downgrade 1",
        "post_migrate - downgrade 1",
    ]


def test_the_settings_name_them(make_project, database_url):
    assert_hooks_are_called(with_hooks(make_project, database_url))


def test_they_use_the_connection_with_an_asyncio_driver_too(make_project, async_database_url):
    assert_hooks_are_called(with_hooks(make_project, async_database_url))


def test_env_py_may_connect_them(make_project, sqlite_url):
    project = with_hooks(make_project, sqlite_url, settings="")
    connected = (
        "from alembic_manage.hooks import pre_migrate\nfrom project_hooks import tell\n\npre_migrate.connect(tell)"
    )
    project.replace("alembic_database/env.py", "config = context.config\n", f"config = context.config\n{connected}\n")
    assert told(project.ok("migrate", "0001")) == ["pre_migrate - upgrade 1"]


@pytest.mark.parametrize(
    ("path", "says"),
    [("project_hooks.nobody", "but project_hooks has no 'nobody'"), ("nowhere.x", "but there is no module 'nowhere'")],
)
def test_one_that_is_not_there_is_told_before_anything_runs(make_project, sqlite_url, path, says):
    project = with_hooks(make_project, sqlite_url, f"HOOKS = {{'post_migrate': ['{path}']}}")
    for command in ("migrate", "check"):
        result = project.run(command)
        assert result.returncode == 1
        assert f"HOOKS['post_migrate'] names '{path}', {says}." in result.stderr + result.stdout
    assert "[ ] 0001_initial" in project.ok("showmigrations")


def test_one_that_raises_is_one_line_with_its_place_and_what_stays(make_project, sqlite_url):
    project = with_hooks(make_project, sqlite_url, "HOOKS = {'after_revision': ['project_hooks.refuse']}")
    result = project.run("migrate")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "CommandError: The hook project_hooks.refuse (after_revision) failed at project_hooks.py:12: "
        "RuntimeError: not now",
        "0001_initial is applied and stays so; 2 more were not begun.",
        "Hint: mend it, then: python manage.py migrate",
    ]
