"""The corpus of the linter: tests/lint/corpus/RULE.toml, small migrations and what their rule says about each.

database   the kind, for all cases of the file; a case may have `databases` instead, and runs on each
version    of the server, "15.4"; else the one that is assumed
given      SQL: what is there before the migration, a statement a line or with semicolons between them
case       name, upgrade, and downgrade (a body that does nothing, where it is left out)
rows       tables with their rows in the target database; else sizes are not known
finds      "SEVERITY SUBJECT" of each finding of the rule that the file is named after, in the order of the lines
silenced   how many findings of the rule were silenced
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Size
from alembic_manage.lint.linter import Linter, LintResult
from alembic_manage.lint.rules import rule_named
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


@dataclass(frozen=True)
class Case:
    """One migration, on one kind of database."""

    rule: str
    database: str
    name: str
    values: Mapping[str, Any]

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


def linted(case: Case, make: Any) -> LintResult:
    """The result of the case's rule.

    Args:
        case: the case.
        make: the fixture make_tiny_project.
    """
    project: TinyProject = make(URLS[case.database])
    given = [line for line in str(case.values.get("given", "")).replace(";", "\n").splitlines() if line.strip()]
    project.revision("a", "\n".join(f"op.execute({line.strip()!r})" for line in given) or "pass")
    project.revision("b", case.values["upgrade"], case.values.get("downgrade", "pass"), down="a")
    environment = project.environment
    database = environment.database
    if "version" in case.values:
        database.server_version = tuple(map(int, str(case.values["version"]).split(".")))
    rows = case.values.get("rows")
    sizes = {Key(None, name): Size(count, count * ROW_BYTES) for name, count in rows.items()} if rows else None
    context = Context(database.dialect, database.server_version, environment.history, sizes)
    rule = rule_named(case.rule)
    assert rule is not None, f"no rule is called {case.rule}"
    return Linter(environment, context, rules=[rule], asks_squawk=False).run([environment.history.by_id["b"]])
