"""Fingerprints of models: equal for equal models, different wherever a comparison could read something else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event, make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import functions, visitors
from support.perturbations import MODELS, PERTURBATIONS, made

from alembic_manage.unchanged.description import LEFT_OUT
from alembic_manage.unchanged.models import Fingerprints, fingerprints_of


def fingerprints(metadata: sa.MetaData, name: str = "postgresql+psycopg") -> Fingerprints:
    return fingerprints_of([metadata], make_url(f"{name}://").get_dialect()())


def test_equal_models_have_equal_fingerprints():
    assert fingerprints(made()) == fingerprints(made())
    assert fingerprints(made()).are_known


@pytest.mark.parametrize("perturbation", PERTURBATIONS, ids=str)
def test_every_small_change_changes_a_fingerprint(perturbation):
    assert fingerprints(perturbation.models()) != fingerprints(made())


def test_the_database_counts():
    assert fingerprints(made()) != fingerprints(made(), "sqlite") != fingerprints(made(), "mysql+pymysql")


def test_two_processes_find_the_same():
    here = Path(__file__).parent
    code = f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parents[1])!r}, {str(here.parents[2])!r}]\n"
    code += "from test_models import fingerprints, made\nprint(fingerprints(made()))"
    one, other = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "12"
    )
    assert one.stdout == other.stdout != ""


def _parts(metadata: sa.MetaData) -> Iterator[Any]:
    """Every object of SQLAlchemy's that belongs to a table, but for what is found in another table too."""
    waiting: list[Any] = [*metadata.tables.values(), *metadata._sequences.values()]
    seen: dict[int, Any] = {}
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, sa.MetaData):
            continue
        seen[id(value)] = value
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple | set | frozenset | sa.sql.base.ColumnCollection):
            waiting += value
        elif isinstance(value, visitors.Visitable | sa.types.TypeEngine | sa.schema.SchemaItem | sa.FetchedValue):
            yield value
            waiting += [each for name, each in vars(value).items() if name not in LEFT_OUT]


def _other(value: Any) -> Any:
    """Something else of the kind."""
    if value is None:
        return "something"
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}_"


def test_every_attribute_of_every_part_counts():
    metadata = made()
    before = fingerprints(metadata)
    count = 0
    for part in list(_parts(metadata)):
        for name, value in list(vars(part).items()):
            plain = value is None or isinstance(value, bool | int | str)
            if name in LEFT_OUT or not plain or (name == "key" and isinstance(part, sa.Table)):
                continue
            vars(part)[name] = _other(value)
            assert fingerprints(metadata) != before, f"{type(part).__name__}.{name}"
            vars(part)[name] = value
            count += 1
    assert fingerprints(metadata) == before
    assert count > 500


def test_a_table_does_not_count_for_the_others():
    before, after = (fingerprints(made(text)) for text in (MODELS, MODELS.replace("sa.String(30)", "sa.String(31)")))
    assert {key for key in before.tables if before.tables[key] != after.tables[key]} == {"0 child"}
    assert before.rest == after.rest


def test_the_order_of_tables_does_not_count():
    extra = 'Table("extra", metadata, Column("id", sa.Integer, primary_key=True))\n'
    after = fingerprints(made(MODELS.replace("Table(\n", f"{extra}Table(\n", 1)))
    before = fingerprints(made())
    assert {key: found for key, found in after.tables.items() if key != "0 extra"} == before.tables


def test_a_type_that_compares_itself_is_not_known():
    class Own(sa.types.UserDefinedType):
        def compare_against_backend(self, dialect, conn_type):
            return True

    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", Own()))
    assert fingerprints(metadata).tables == {"0 t": None}


def test_the_schema_of_a_table_counts():
    def found(schema: str | None) -> Fingerprints:
        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", sa.Integer), schema=schema)
        return fingerprints(metadata)

    assert len({str(found(schema)) for schema in ("one", "two", None)}) == 3


def test_an_object_that_tells_nothing_of_itself_makes_its_table_unknown():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer, info={"lock": iter(())}))
    sa.Table("u", metadata, sa.Column("a", sa.Integer))
    found = fingerprints(metadata)
    assert found.tables["0 t"] is None
    assert found.tables["0 u"] is not None
    assert not found.are_known


def test_the_code_of_a_type_counts():
    def found(text: str) -> Fingerprints:
        class Point(sa.types.UserDefinedType):
            def get_col_spec(self, **_):
                return text

        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", Point()))
        return fingerprints(metadata)

    assert found("POINT") == found("POINT") != found("BOX")


def test_a_function_that_makes_names_is_not_known():
    metadata = sa.MetaData(naming_convention={"own": lambda constraint, table: "x", "ix": "%(own)s"})
    assert fingerprints(metadata).rest is None


def test_what_a_class_compiles_itself_to_counts():
    class Moment(functions.FunctionElement):
        inherit_cache = True
        type = sa.DateTime()

    def found(text: str) -> Fingerprints:
        compiles(Moment)(lambda element, compiler, **_: text)
        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", sa.DateTime, server_default=Moment()))
        return fingerprints(metadata)

    assert found("now()") == found("now()") != found("later()")


def test_a_default_of_python_counts_by_being_there():
    def found(default: Any) -> Fingerprints:
        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", sa.Integer, default=default))
        return fingerprints(metadata)

    assert found(lambda: 1) == found(lambda: 2) != found(None)


def test_listeners_and_earlier_comparisons_leave_no_trace():
    metadata = made()
    before = fingerprints(metadata)
    event.listen(metadata.tables["child"], "before_create", lambda *_, **__: None)
    for table in metadata.sorted_tables:
        str(sa.schema.CreateTable(table).compile(dialect=make_url("postgresql+psycopg://").get_dialect()()))
        str(sa.select(table).where(table.c.id > 1))
    assert fingerprints(metadata) == before
