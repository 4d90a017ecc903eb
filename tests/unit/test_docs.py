"""The pages of docs/ say what the code does: commands, JSON shapes, check ids, errors."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from support.projects import ROOT

from alembic_manage import Project, errors
from alembic_manage.adoption.adoption import Adoption
from alembic_manage.branches.fork import Branch, Fork
from alembic_manage.branches.inventory import Item
from alembic_manage.branches.local import Local
from alembic_manage.branches.moves import Move
from alembic_manage.branches.rows import RowWork
from alembic_manage.branches.touch import Touch
from alembic_manage.branches.verdict import Difference, Outcome, Verdict
from alembic_manage.catalog import find_commands
from alembic_manage.checks import known_tags
from alembic_manage.commands import adopt, check, diffsettings, historystate, makemigrations, showmigrations
from alembic_manage.console import OutputWrapper, Style
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import CommandError, ExitCode
from alembic_manage.execution.ledger import Entry
from alembic_manage.execution.missing import MissingRevision
from alembic_manage.execution.status import RevisionStatus
from alembic_manage.history import History, Revision
from alembic_manage.lint.finding import Finding, Severity, Size
from alembic_manage.lint.formats import renderer
from alembic_manage.lint.linter import LintResult
from alembic_manage.lint.run import LintRun
from alembic_manage.lint.selection import Selection
from alembic_manage.lock_trace.manual import trace_of_sql
from alembic_manage.outline.change import Change
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.questions import FixedQuestioner, RenameQuestion
from alembic_manage.reports.branch_report import BranchReport
from alembic_manage.reports.run_report import plan_as_json
from alembic_manage.settings.database_settings import KEYS, DatabaseSettings
from alembic_manage.settings.settings import DEFAULTS, Settings
from alembic_manage.state.engine import state_engine
from alembic_manage.state.replay import Opaque
from alembic_manage.state.schema import Schema
from alembic_manage.writing.draft import NewRevision

DOCS = ROOT / "docs"
REVISION = """
def upgrade():
    op.add_column("orders", sa.Column("note", sa.String()))


def downgrade():
    op.drop_column("orders", "note")
"""


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands below a heading of the second level."""
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


# The reference of the commands


def load_reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_of_the_commands_is_current() -> None:
    assert page("commands.md") == load_reference().reference(), "run: python docs/reference.py"


def test_reference_does_not_depend_on_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert page("commands.md") == load_reference().reference()


def commands_in_readme() -> set[str]:
    block = section((ROOT / "README.md").read_text(encoding="utf-8"), "All commands")
    return set(re.findall(r"^    (?:python manage\.py|alembic-manage) (\w+)", block, flags=re.MULTILINE))


def test_readme_names_every_command() -> None:
    assert not set(find_commands([])) - commands_in_readme()


def test_readme_names_no_command_that_is_not_there() -> None:
    example = {path.stem for path in (ROOT / "myproject/management/commands").glob("[a-z]*.py")}
    assert not commands_in_readme() - {"help", *find_commands([]), *example}


def test_start_page_has_the_set_up_commands_of_the_readme() -> None:
    commands = re.findall(r"^    python3 -m venv .*$", page("index.md"), flags=re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(commands) == 2
    assert all(command in readme for command in commands)


# The shapes of --json

CHANGE = Change("+", "add_column", "Add column note to orders", "orders", "note")
TYPES: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int),
    "number or null": lambda value: value is None or isinstance(value, int),
    "string or null": lambda value: value is None or isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "boolean or null": lambda value: value is None or isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "list of strings": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "object or null": lambda value: value is None or isinstance(value, dict),
    "any": lambda value: True,
}
OPAQUE = ("any", "object or null")
"""What is inside of them is described elsewhere."""
CHANGES = "list of [changes](#a-change)"


def fields_of(title: str) -> dict[str, str]:
    """The table of a section of json.md: the type of each field, those of a change included."""
    rows = re.findall(r"^\| `([\w.\[\]]+)` \| ([^|]+) \|", section(page("json.md"), title), flags=re.MULTILINE)
    fields: dict[str, str] = {}
    for path, kind in rows:
        fields[path] = "list" if kind == CHANGES else kind
        if kind == CHANGES:
            fields |= {f"{path}[].{name}": inner for name, inner in fields_of("A change").items()}
    return fields


def example_of(title: str) -> Any:
    """The example of a section of json.md."""
    return json.loads(section(page("json.md"), title).split("```json\n")[1].split("```")[0])


def values_of(document: Any, opaque: set[str], path: str = "") -> Iterator[tuple[str, object]]:
    """Every field of a document with its path; what is inside of an `opaque` field is left out."""
    if isinstance(document, dict):
        for name, value in document.items():
            field = f"{path}.{name}" if path else name
            yield field, value
            if field not in opaque:
                yield from values_of(value, opaque, field)
    elif isinstance(document, list):
        for item in document:
            yield from values_of(item, opaque, f"{path}[]")


def assert_described(document: Any, title: str) -> None:
    """The document has the fields of the section's table, all of them and no other, with their types."""
    fields = fields_of(title)
    found = list(values_of(document, {field for field, kind in fields.items() if kind in OPAQUE}))
    assert {field for field, _ in found} == set(fields)
    assert [(field, value) for field, value in found if not TYPES[fields[field]](value)] == []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without apps and without anything on disk."""
    settings = Settings(
        module="settings",
        root=tmp_path,
        databases={"default": DatabaseSettings("sqlite://")},
        installed_apps=(),
        migrations_dir=tmp_path / "alembic_database",
        migrations_dir_is_set=True,
        metadata=(),
        values={"DATABASES": {"default": {"URL": "sqlite://"}}, "DEBUG": True},
    )
    return Project(settings)


def showmigrations_document(project: Project) -> Any:
    out = StringIO()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    entry = Entry("0001_initial", "upgrade", at, "applied")
    applied = RevisionStatus("0001_initial", True, path="0001_initial.py", applied_at=at, entry=entry, changed=False)
    missing = RevisionStatus(
        "0002_gone",
        True,
        missing=MissingRevision("0002_gone"),
        down_revisions=("0001_initial",),
        branch_labels=("shop",),
    )
    showmigrations.Command(stdout=out)._write_json("default", [applied, missing])
    return json.loads(out.getvalue())


def plan_document(project: Project, direction: Direction) -> Any:
    path = project.root / "0002_note.py"
    path.write_text(REVISION, encoding="utf-8")
    return plan_as_json(Plan("head", (Step(Revision("0002_note", path), direction),)), "default")


def makemigrations_document(project: Project) -> Any:
    out = StringIO()
    command = makemigrations.Command(stdout=out)
    command.project = project
    command.options = {"dry_run": True, "check_changes": False, "database": "default"}
    command.questioner = FixedQuestioner()
    command.questioner.ask(RenameQuestion("orders.sent_via", "column", (("orders.shipped_via", ""),)))
    new = NewRevision("0002_note", project.root / "alembic_database" / "0002_note.py", "")
    command._write_json(new, (CHANGE,))
    return json.loads(out.getvalue())


def branches_with_everything(project: Project) -> tuple[Any, Verdict, BranchReport]:
    """Two branches, a verdict that has all there is to tell, and the report on them."""
    revisions = [Revision(id, project.root / f"{id}.py", ("0001_a",)) for id in ("0002_b", "0002_c")]
    branches = tuple(Branch(revision, (revision,)) for revision in revisions)
    column, orders = Item("column", "name", "authors"), (("0002_b", "0002_c"), ("0002_c", "0002_b"))
    verdict = Verdict(
        Outcome.CONFLICT,
        "why",
        (RowWork("0002_b", ("DELETE FROM authors",), (("authors", "0002_c"),)),),
        (Touch(column, (("0002_b", "changed"), ("0002_c", "removed"))),),
        (Difference(column, orders[0], "TEXT", orders[1], None),),
        ("authors",),
    )
    out = OutputWrapper(StringIO())
    return branches, verdict, BranchReport(project, out, out, Style(enabled=False), {})


def merge_document(project: Project) -> Any:
    branches, verdict, report = branches_with_everything(project)
    merge: Any = SimpleNamespace(fork=Fork((), branches), verdict=verdict)
    return {**makemigrations_document(project), "questions": [], "changes": [], **report.merge_json(merge)}


def rebase_document(project: Project) -> Any:
    (stays, moves), verdict, report = branches_with_everything(project)
    rebase: Any = SimpleNamespace(
        branch=moves, onto=stays, local=Local(moves, "you said so"), verdict=verdict, result=lambda: "It runs."
    )
    move = Move(moves.head, "0003_c", project.root / "0003_c.py", "0002_b")
    return report.rebase_json(rebase, [move], written=True)


def check_document(project: Project) -> Any:
    out = StringIO()
    command = check.Command(stdout=out)
    command.project = project
    options = {"list_tags": False, "databases": None, "tags": ["apps"], "deploy": False, "fail_level": "ERROR"}
    command.handle(json=True, **options)
    return json.loads(out.getvalue())


def diffsettings_document(project: Project) -> Any:
    out = StringIO()
    command = diffsettings.Command(stdout=out)
    command.project = project
    command.handle(all=True, default=None, output="hash", json=True)
    return json.loads(out.getvalue())


def historystate_document(project: Project) -> Any:
    schema = Schema(dialect_named("postgresql"))
    engine = state_engine(schema, "postgresql")
    with engine.connect() as connection:
        table = sa.Table(
            "tags", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text, index=True)
        )
        table.create(connection)
        for statement in ("CREATE TYPE mood AS ENUM ('good')", "CREATE SEQUENCE numbers"):
            connection.exec_driver_sql(statement)
    opaque = Opaque("0002_note", project.root / "0002_note.py", 14, "ddl", "why", "CALL x()")
    replay: Any = SimpleNamespace(replayed=1, is_exact=True, opaque=[opaque], engine=engine, schema=schema)
    environment: Any = SimpleNamespace(
        project=project, database=project.database(), history=History([]), without_secrets=lambda text: text
    )
    out = StringIO()
    command = historystate.Command(stdout=out, stderr=StringIO())
    command.project = project
    command.options = {"verify": False, "against": None, "verbosity": 1}
    command._write_json(environment, replay, [], [])
    return json.loads(out.getvalue())


def migrationlog_document(project: Project) -> Any:
    at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    who: dict[str, Any] = {"host": "web-1", "pid": 4711, "user_name": "deploy", "application_version": "2.4.1"}
    entry = Entry(
        "0002_note", "upgrade", at, "applied", at, duration_ms=2, batch="9f2c", checksum="53b0", statements=3, **who
    )
    return {"database": "default", "entries": [entry.as_json()]}


def locks_document(project: Project) -> Any:
    step = Step(Revision("0002_note", project.root / "0002_note.py"), Direction.UPGRADE)
    statements = ["CREATE INDEX ix ON notes (id)", "ALTER TABLE notes ADD COLUMN a int"]
    return {"database": "default", **trace_of_sql(dialect_named("postgresql"), step, statements).as_json()}


def lint_document(project: Project) -> Any:
    path = project.root / "0002_note.py"
    revision = Revision("0002_note", path)
    finding = Finding("a-rule", Severity.ERROR, "m", "0002_note", path, 3, "orders", "lock", "fix", Size(1, 2))
    opaque = Opaque("0002_note", path, 14, "ddl", "why", "CALL x()")
    result = LintResult((revision,), (finding,), 1, (opaque,), ("a note",))
    run = LintRun(Selection((revision,), frozenset(), "not in main"), result, 0, None)
    return json.loads(renderer("json")(run, project.root))


def adopt_document(project: Project) -> Any:
    found = [("migrations", "1 revision in migrations/versions, with hash ids")]
    adoption = Adoption(project.root, "manage.py", "settings", "DATABASES = {}\n", found, ["a doubt"], ["users"])
    out = StringIO()
    command = adopt.Command(stdout=out, stderr=StringIO())
    command._write_json(adoption.as_json(), adopted=False, written=True)
    return json.loads(out.getvalue())


DOCUMENTS: Mapping[str, Callable[[Project], Any]] = {
    "showmigrations --json": showmigrations_document,
    "migrate --plan --json": lambda project: plan_document(project, Direction.UPGRADE),
    "rollback --plan --json": lambda project: plan_document(project, Direction.DOWNGRADE),
    "makemigrations --dry-run --json": makemigrations_document,
    "makemigrations --merge --json": merge_document,
    "makemigrations --rebase --json": rebase_document,
    "check --json": check_document,
    "diffsettings --json": diffsettings_document,
    "historystate --json": historystate_document,
    "migrationlog --json": migrationlog_document,
    "locks --json": locks_document,
    "lint --format json": lint_document,
    "adopt --json": adopt_document,
}


@pytest.mark.parametrize("title", DOCUMENTS)
def test_example_of_json_is_as_the_page_describes_it(title: str) -> None:
    assert_described(example_of(title), title)


@pytest.mark.parametrize("title", DOCUMENTS)
def test_json_of_the_code_is_as_the_page_describes_it(title: str, project: Project) -> None:
    assert_described(DOCUMENTS[title](project), title)


def test_every_document_has_an_example() -> None:
    sections = [part.split("\n")[0] for part in page("json.md").split("\n## ")[1:] if "```json" in part]
    assert sections == list(DOCUMENTS)


# The settings


def test_table_of_the_settings_has_each_with_its_default() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \| `([^`]+)` \|", page("settings.md"), flags=re.MULTILINE)
    assert rows == [(name, name.lower(), repr(value)) for name, value in DEFAULTS.items()]


def test_every_setting_has_a_section() -> None:
    assert set(re.findall(r"^### (\w+)$", page("settings.md"), flags=re.MULTILINE)) == set(DEFAULTS)


def test_every_key_of_a_database_is_explained() -> None:
    entry = page("settings.md").split("\n### DATABASES\n")[1].split("\n### ")[0]
    titles = [line.partition(":")[0] for line in entry.splitlines() if line.startswith("- `")]
    explained = [name for title in titles for name in re.findall("`([A-Z_]+)`", title)]
    assert sorted(explained) == sorted(KEYS)


# The YAML of the pages


@pytest.mark.parametrize("name", ["containers.md", "github-actions.md"])
def test_yaml_of_the_page_is_yaml(name: str) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML: not installed; pip install 'alembic-manage[yaml]'")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page(name), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2
    assert all(isinstance(yaml.safe_load(block), dict) for block in blocks)


# The ids of the checks


def check_ids_of_the_code() -> set[str]:
    ids = {f"{tag}.E000" for tag in known_tags()}
    for path in (ROOT / "alembic_manage" / "checks").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        ids |= set(re.findall(r'"([a-z]+\.[A-Z]\d{3})"', source))
        ids |= {f"{path.stem}.W{number}" for number in re.findall(r'_warning\("(\d{3})"', source)}
    return ids


def test_every_check_id_is_on_its_page_and_no_other() -> None:
    assert set(re.findall(r"\b[a-z]+\.[EIW]\d{3}\b", page("checks.md"))) == check_ids_of_the_code()


def test_every_check_has_a_row_of_its_own() -> None:
    rows = re.findall(r"^\| ([a-z]+\.[EIW]\d{3}) \|", page("checks.md"), flags=re.MULTILINE)
    assert sorted(rows) == sorted(id for id in check_ids_of_the_code() if not id.endswith(".E000"))


# The errors


def test_every_error_has_a_row() -> None:
    classes = {
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, CommandError)
    }
    assert set(re.findall(r"^\| `(\w+)` \|", page("errors.md"), flags=re.MULTILINE)) == classes


def test_tree_of_the_errors_is_that_of_the_code() -> None:
    """Indentation as inheritance, and the exit code where a line has one."""
    names: list[str] = []
    for line in section(page("errors.md"), "The tree").strip("\n").split("\n\n")[0].splitlines():
        match = re.fullmatch(r"    ([│├└─ ]*)(\w+)(?: +(\d+))?.*", line)
        assert match is not None, line
        depth = len(match[1]) // 4
        names[depth:] = [match[2]]
        error = getattr(errors, match[2])
        assert error.__base__ is (getattr(errors, names[depth - 1]) if depth else Exception)
        assert match[3] is None or int(match[3]) == error.default_returncode


def test_every_exit_code_has_a_row() -> None:
    rows = re.findall(r"^\| (\d+) \|", section(page("errors.md"), "Exit codes"), flags=re.MULTILINE)
    assert [int(row) for row in rows] == [code.value for code in ExitCode]
