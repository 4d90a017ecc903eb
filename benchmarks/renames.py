"""What is offered as a rename, measured on labelled cases: `python benchmarks/renames.py [-v] [--write]`.

The cases are in benchmarks/renames/, one a line, written for this after the patterns of public projects. A case has the
tables before and after, and what was renamed. It is answered like a person would: what the label says is renamed first
tables, then columns, then enum values and indexes, each on the schema with the answers so far. Beside it runs the naive
rule: exactly one is gone, exactly one has come, and the definition is the same.

How a table is written: `orders(id int pk, total num(10,2)!, customer_id int >customers, index ix(total))`. `!` is
NOT NULL, `u` unique, `>table` a foreign key to its `id`, `=0` a default. `enum(a b)` is a type named after table and
column.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic_manage.autodetect.candidates import (  # noqa: E402
    Offer,
    column_renames,
    enum_value_renames,
    index_and_constraint_renames,
    table_renames,
)
from alembic_manage.dialects import dialect_named  # noqa: E402
from alembic_manage.state.engine import state_dialect  # noqa: E402
from alembic_manage.state.objects import EnumType, Key  # noqa: E402
from alembic_manage.state.reflected import schema_of  # noqa: E402
from alembic_manage.state.schema import Schema, Table  # noqa: E402

CASES = Path(__file__).with_suffix("")
REPORT = Path(__file__).with_suffix(".md")
STAGES: Sequence[Callable[[Schema, Schema], list[Offer]]] = (
    table_renames,
    column_renames,
    enum_value_renames,
    index_and_constraint_renames,
)
TYPES: dict[str, Callable[..., Any]] = {
    "int": sa.Integer,
    "big": sa.BigInteger,
    "str": sa.String,
    "text": sa.Text,
    "bool": sa.Boolean,
    "dt": sa.DateTime,
    "date": sa.Date,
    "num": sa.Numeric,
    "float": sa.Float,
    "json": sa.JSON,
    "uuid": sa.Uuid,
    "blob": sa.LargeBinary,
}


@dataclass(frozen=True)
class Case:
    """Two schemas, and what was renamed between them."""

    text: str
    before: Schema
    after: Schema
    renames: frozenset[tuple[str, str]]
    """Pairs of paths."""


@dataclass
class Figures:
    """What was offered in several cases."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    questions: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The part of the labelled renames that was offered."""
        return self.right / (self.right + self.missed)

    @property
    def precision(self) -> float:
        """The part of the offered pairs that is labelled a rename."""
        return self.right / (self.right + self.wrong)

    def count(self, case: Case, offered: set[tuple[str, str]], questions: int) -> None:
        """Add a case; a pair counts once, however often it was offered."""
        self.right += len(offered & case.renames)
        self.wrong += len(offered - case.renames)
        self.missed += len(case.renames - offered)
        self.questions += questions
        self.mistakes += [f"wrong: {old} to {new}: {case.text}" for old, new in sorted(offered - case.renames)]
        self.mistakes += [f"missed: {old} to {new}: {case.text}" for old, new in sorted(case.renames - offered)]


def read_cases(name: str) -> list[Case]:
    """The cases of a file in benchmarks/renames/: "positive" or "negative"."""
    lines = (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_case(line) for line in lines if line and not line.startswith("#")]


def measure(cases: Sequence[Case]) -> tuple[Figures, Figures]:
    """The figures of the suite, and those of the naive rule."""
    ours, naive = Figures(), Figures()
    for case in cases:
        offers = list(_asked(case))
        ours.count(case, {(str(each.old), str(one.new)) for each in offers for one in each.candidates}, len(offers))
        pairs = set(_naive(case))
        naive.count(case, pairs, len(pairs))
    return ours, naive


def _asked(case: Case) -> Iterator[Offer]:
    """The offers of each stage, on the schema in which the labelled renames of the stages before are done."""
    schema = case.before.copy()
    for number, stage in enumerate(STAGES):
        yield from stage(schema, case.after)
        if number == 0:
            _rename_tables(schema, case)
        if number == 1:
            _rename_columns(schema, case)


def _rename_tables(schema: Schema, case: Case) -> None:
    schema.schemas.update(case.after.schemas)
    pairs = [(_key(old), _key(new)) for old, new in sorted(case.renames)]
    found = [(old, new) for old, new in pairs if old in schema.tables and new in case.after.tables]
    # By way of a name of their own: two may swap theirs.
    for number, (old, _) in enumerate(found):
        schema.rename_table(old, Key(None, f"renamed_{number}"))
    for number, (_, new) in enumerate(found):
        schema.rename_table(Key(None, f"renamed_{number}"), new)


def _rename_columns(schema: Schema, case: Case) -> None:
    found = []
    for old, new in sorted(case.renames):
        table, _, column = old.rpartition(".")
        if table and _key(table) in schema.tables and column in schema.tables[_key(table)].columns:
            found.append((_key(table), column, new.rpartition(".")[2]))
    # By way of a name of their own: two may swap theirs.
    for number, (key, old, _) in enumerate(found):
        schema.rename_column(key, old, f"renamed_{number}")
    for number, (key, _, new) in enumerate(found):
        schema.rename_column(key, f"renamed_{number}", new)


def _key(path: str) -> Key:
    schema, _, name = path.rpartition(".")
    return Key(schema or None, name)


# The naive rule


def _naive(case: Case) -> Iterator[tuple[str, str]]:
    schema = case.before.copy()
    gone, come = _differing(list(schema.tables), list(case.after.tables))
    if gone and come and _columns(schema.tables[gone[0]]) == _columns(case.after.tables[come[0]]):
        yield str(gone[0]), str(come[0])
    _rename_tables(schema, case)
    for key in schema.tables:
        if key in case.after.tables:
            yield from _naive_columns(key, schema.tables[key], case.after.tables[key])
    for key in schema.enums:
        if key in case.after.enums:
            labels = _differing(list(schema.enums[key].labels), list(case.after.enums[key].labels))
            yield from ((f"{key}.{one}", f"{key}.{other}") for one, other in zip(*labels, strict=True))


def _naive_columns(key: Key, old: Table, new: Table) -> Iterator[tuple[str, str]]:
    gone, come = _differing(list(old.columns), list(new.columns))
    if gone and come and _columns(old)[gone[0]] == _columns(new)[come[0]]:
        yield f"{key}.{gone[0]}", f"{key}.{come[0]}"
    for names in ("indexes", "constraints"):
        one = {each.name: repr(each).replace(repr(each.name), "", 1) for each in getattr(old, names)}
        other = {each.name: repr(each).replace(repr(each.name), "", 1) for each in getattr(new, names)}
        gone, come = _differing(list(one), list(other))
        if gone and come and one[gone[0]] == other[come[0]]:
            yield f"{key}.{gone[0]}", f"{key}.{come[0]}"


def _differing(before: list[Any], after: list[Any]) -> tuple[list[Any], list[Any]]:
    """The one that is gone and the one that has come; two empty lists where there are none or several."""
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    return (gone, come) if len(gone) == len(come) == 1 else ([], [])


def _columns(table: Table) -> dict[str, str]:
    return {name: repr(column.type) for name, column in table.columns.items()}


# Reading


def _case(line: str) -> Case:
    before, after, *renames = (part.strip() for part in line.split(" | "))
    pairs = [pair.split(":") for pair in (renames[0].split() if renames else ())]
    return Case(line, _schema(before), _schema(after), frozenset((old, new) for old, new in pairs))


def _schema(text: str) -> Schema:
    metadata = sa.MetaData()
    for name, body in _called(text):
        schema, _, table = name.rpartition(".")
        sa.Table(table, metadata, *_items(table, body), schema=schema or None)
    made = Schema(dialect_named("postgresql"))
    made.schemas.update(table.schema for table in metadata.tables.values() if table.schema)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                key = Key(None, str(column.type.name))
                made.create_enum(EnumType(key, tuple(column.type.enums)))
    return schema_of(metadata.sorted_tables, made, state_dialect(made, "postgresql"))


def _called(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a name and what is in the parentheses after it."""
    while text:
        name, _, rest = text.partition("(")
        depth, end = 1, 0
        while depth:
            depth += {"(": 1, ")": -1}.get(rest[end], 0)
            end += 1
        yield name.strip(), rest[: end - 1]
        text = rest[end:].strip()


def _items(table: str, body: str) -> Iterator[Any]:
    for item in re.split(r", (?![^(]*\))", body):
        found = re.fullmatch(r"(index|unique|check)(?: (\w+))?\((.*)\)", item)
        yield _constraint(*found.groups()) if found else _column(table, item)


def _constraint(kind: str, name: str | None, body: str) -> Any:
    if kind == "check":
        return sa.CheckConstraint(body, name=name)
    if kind == "unique":
        return sa.UniqueConstraint(*body.split(), name=name)
    return sa.Index(name or f"ix_{body.replace(' ', '_')}", *body.split())


def _column(table: str, item: str) -> Any:
    found = re.fullmatch(r"(\w+) (\w+)(?:\(([^)]*)\))?(!?)(?:=(\w+))?(.*)", item)
    if found is None:
        raise ValueError(f"no column: {item}")
    name, type_, arguments, required, default, rest = found.groups()
    if type_ == "enum":
        made: Any = sa.Enum(*arguments.split(), name=f"{table}_{name}")
    else:
        made = TYPES[type_](*map(int, (arguments or "").split(",") if arguments else ()))
    words = rest.replace("!", " ! ").split()
    target = next((word[1:] for word in words if word.startswith(">")), None)
    keys = [sa.ForeignKey(target if "." in target else f"{target}.id")] if target else []
    return sa.Column(
        name,
        made,
        *keys,
        primary_key="pk" in words,
        unique="u" in words or None,
        nullable=not (required or "!" in words or "pk" in words),
        server_default=default,
    )


# Report

INTRODUCTION = """# Renames that are offered

Written by `python benchmarks/renames.py --write`, which says how it is done. Recall: labelled renames that were
offered, of all that are labelled. Precision: offered pairs that are labelled renames, of all that were offered; each
candidate of a question is a pair. Questions: how often a person would be asked. Naive: exactly one is gone, exactly
one has come, and the definition is the same.

"""


def table_of(rows: Sequence[tuple[str, Figures]]) -> str:
    """The report's table."""
    lines = [
        "| rule | renames | offered | recall | precision | questions |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, figures in rows:
        counts = f"{figures.right + figures.missed} | {figures.right + figures.wrong}"
        lines.append(f"| {name} | {counts} | {figures.recall:.2f} | {figures.precision:.2f} | {figures.questions} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="print what was wrong or missed")
    parser.add_argument("--write", action="store_true", help="write benchmarks/renames.md")
    options = parser.parse_args()
    positive, negative = read_cases("positive"), read_cases("negative")
    cases = [*positive, *negative]
    ours, naive = measure(cases)
    text = table_of([("ours", ours), ("naive", naive)])
    counts = f"{len(positive)} cases with renames, {len(negative)} without."
    print(f"{counts}\n{text}")
    if options.v:
        print(*ours.mistakes, sep="\n")
    if options.write:
        mined = (CASES / "mined.md").read_text(encoding="utf-8")
        REPORT.write_text(f"{INTRODUCTION}## Cases of our own\n\n{counts}\n\n{text}\n\n{mined}", encoding="utf-8")


if __name__ == "__main__":
    main()
