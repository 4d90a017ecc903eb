"""The corpus of the linter: tests/lint/corpus/RULE.toml, small migrations and what their rule says about each.

database   the kind, for all cases of the file; a case may have `databases` instead, and runs on each
version    of the server, "15.4"; else the one that is assumed
given      SQL: what is there before the migration, a statement a line or with semicolons between them
case       name, upgrade, and downgrade (a body that does nothing, where it is left out)
rows       tables with their rows in the target database; else sizes are not known
finds      "SEVERITY SUBJECT" of each finding of the rule that the file is named after, in the order of the lines
no_lock_timeout  whether LOCK_TIMEOUT is not set
silenced   how many findings of the rule were silenced
fix        what the first finding says to write instead
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Size
from alembic_manage.lint.linter import Linter, LintResult
from alembic_manage.lint.rules import rule_named
from alembic_manage.lint.silences import Silence
from alembic_manage.lint.squawk import squawk_program, squawk_says
from alembic_manage.state.objects import Key
from support.projects import ROOT
from support.tiny_projects import TinyProject

FOLDER = ROOT / "tests" / "lint" / "corpus"
URLS = {
    "postgresql": "postgresql+psycopg://nobody@localhost:1/shop",
    "mariadb": "mysql+pymysql://nobody@localhost:1/shop",
    "sqlite": "sqlite://",
}
ROW_BYTES = 100
HEADER = """import sqlalchemy as sa
from alembic import op

revision = "b"
down_revision = "a"
branch_labels = None
depends_on = None


"""


@dataclass(frozen=True)
class Case:
    """One migration, on one kind of database."""

    rule: str
    database: str
    name: str
    values: Mapping[str, Any]

    @property
    def is_for_squawk(self) -> bool:
        """Whether squawk knows the database."""
        return self.database == "postgresql"

    @property
    def id(self) -> str:
        """For pytest."""
        return f"{self.rule}-{self.database}-{self.name}"


def cases() -> Iterator[Case]:
    """Every case of the corpus."""
    for path in sorted(FOLDER.glob("*.toml")):
        yield from cases_of(path)


def cases_of(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    common = tomllib.loads(path.read_text(encoding="utf-8"))
    for values in common.pop("case"):
        merged = {**common, **values}
        for database in merged.get("databases") or [merged.get("database", "postgresql")]:
            yield Case(path.stem.replace("_", "-"), database, merged["name"], merged)


def linted(case: Case, make: Any) -> tuple[LintResult, Sequence[str]]:
    """The result of the case's rule, and what squawk says where the rule stands for one of squawk's.

    Args:
        case: the case.
        make: the fixture make_tiny_project.
    """
    project: TinyProject = make(URLS[case.database])
    values = case.values
    given = [line for line in str(values.get("given", "")).replace(";", "\n").splitlines() if line.strip()]
    project.revision("a", "\n".join(f"op.execute({line.strip()!r})" for line in given) or "pass")
    path = project.revision("b", values["upgrade"], values.get("downgrade", "pass"), down="a")
    if "source" in values:
        path.write_text(HEADER + values["source"], encoding="utf-8")
    for id, body in values.get("heads", {}).items():
        project.revision(id, body, down="a")
    environment = project.environment
    database, history = environment.database, environment.history
    if "version" in values:
        database.server_version = tuple(map(int, str(values["version"]).split(".")))
    rows = values.get("rows")
    sizes = {Key(None, name): Size(count, count * ROW_BYTES) for name, count in rows.items()} if rows else None
    released = {"b": HEADER + values["released"]} if "released" in values else {}
    changed = frozenset(["b"]) if values.get("changed") else frozenset()
    has_timeout = not values.get("no_lock_timeout")
    context = Context(database.dialect, database.server_version, history, sizes, released, changed, has_timeout)
    ignored = [Silence((case.rule,), values["ignored"], None, None)] if "ignored" in values else []
    rules = [rule for name in (case.rule, *values.get("with", ())) if (rule := rule_named(name)) is not None]
    assert rules, f"no rule is called {case.rule}"
    linter = Linter(environment, context, ignored, rules, asks_squawk=False)
    views = linter.views([history.by_id["b"]])
    result = linter.judged(views)
    own = [finding for finding in result.findings if finding.rule == case.rule]
    program = squawk_program() if rules[0].squawk and database.dialect.is_known_to_squawk else None
    says = squawk_says(program, list(views.values()), database.server_version) if program else ()
    return result.with_findings(own), [said["rule_name"] for _, _, said in says]
