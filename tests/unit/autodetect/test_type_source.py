"""Types in a revision file: imported, or written by what they are made of."""

import enum

import geoalchemy2
import pgvector.sqlalchemy
import pytest
import sqlalchemy as sa
import sqlalchemy_utils
import sqlmodel
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql, postgresql

from alembic_manage import alembic_api
from alembic_manage.autodetect.type_source import TypeSource
from alembic_manage.dialects import dialect_named

# GeoAlchemy2 compiles every computed column of the process in its own way for MySQL, without STORED.
sa.Computed._compiler_dispatch = sa.Computed._original_compiler_dispatch
del sa.Computed._compiler_dispatcher


class Colour(enum.Enum):
    red = "r"
    blue = "b"


class Money(sa.TypeDecorator):
    """Takes another argument than what it is made of."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, currency: str) -> None:
        super().__init__(12, 2)
        self.currency = currency


class Sealed(sa.TypeDecorator):
    """Holds a secret."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class Guid(sa.TypeDecorator):
    """Another type on each database."""

    impl = sa.CHAR(32)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else sa.CHAR(32))


class Line(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "LINE"


HERE = __name__


def written(type_, *kinds: str, implementation: bool = False, **options) -> tuple[str, set[str]]:
    """The source of a type, and its imports."""
    source = TypeSource([dialect_named(kind) for kind in kinds or ("postgresql",)], as_implementation=implementation)
    opts = {
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "user_module_prefix": None,
        "target_metadata": sa.MetaData(),
        **options,
    }
    context = MigrationContext.configure(dialect_name=(kinds or ("postgresql",))[0], opts=opts)
    rendering = AutogenContext(
        context,
        metadata=opts["target_metadata"],
        autogenerate=False,
        opts={**opts, "render_item": source.render_item},
    )
    rendering.imports = set()
    text = alembic_api.type_source(type_, rendering)
    return text, rendering.imports


FOREIGN = [
    (sqlmodel.AutoString(20), "sqlmodel.AutoString(length=20)"),
    (sqlalchemy_utils.URLType(), "sqlalchemy_utils.URLType()"),
    (sqlalchemy_utils.UUIDType(binary=False), "sqlalchemy_utils.UUIDType(binary=False)"),
    (pgvector.sqlalchemy.Vector(3), "pgvector.sqlalchemy.VECTOR(dim=3)"),
    (postgresql.ARRAY(pgvector.sqlalchemy.Vector(3)), "postgresql.ARRAY(pgvector.sqlalchemy.VECTOR(dim=3))"),
    (sa.ARRAY(sqlmodel.AutoString(), dimensions=2), "sa.ARRAY(sqlmodel.AutoString(), dimensions=2)"),
    (
        sa.String(5).with_variant(sqlmodel.AutoString(9), "sqlite"),
        "sa.String(length=5).with_variant(sqlmodel.AutoString(length=9), 'sqlite')",
    ),
    (
        sqlmodel.AutoString(9).with_variant(mysql.VARCHAR(9, charset="utf8mb4"), "mysql"),
        "sqlmodel.AutoString(length=9).with_variant(mysql.VARCHAR(charset='utf8mb4', length=9), 'mysql')",
    ),
    (Money("EUR"), f"{HERE}.Money('EUR')"),
    (Line(), f"{HERE}.Line()"),
]


@pytest.mark.parametrize(("type_", "source"), FOREIGN, ids=[source for _, source in FOREIGN])
def test_a_type_of_somebody_else_is_imported(type_, source):
    assert written(type_)[0] == source


EVERY = [type_ for type_, _ in FOREIGN] + [
    geoalchemy2.Geometry("POINT", srid=4326),
    sqlalchemy_utils.ChoiceType([("a", "A")]),
]
PAIRS = [(type_, "postgresql") for type_ in EVERY] + [
    (type_, "sqlite") for type_ in EVERY if not isinstance(type_, sa.ARRAY)
]


@pytest.mark.parametrize("implementation", [False, True], ids=["imported", "implementation"])
@pytest.mark.parametrize(("type_", "kind"), PAIRS, ids=str)
def test_what_is_written_gives_an_equal_type(type_, implementation, kind):
    source, imports = written(type_, kind, implementation=implementation)
    names: dict[str, object] = {"sa": sa}
    for line in imports:
        exec(line, names)
    found = eval(source, names)
    dialect = dialect_named(kind).dialect_class(kind)()
    assert str(found.compile(dialect=dialect)) == str(type_.compile(dialect=dialect))


def test_the_import_is_of_the_shortest_module_that_has_the_type():
    assert written(sqlmodel.AutoString())[1] == {"import sqlmodel"}
    assert written(pgvector.sqlalchemy.Vector(3))[1] == {"import pgvector.sqlalchemy"}


def test_a_type_that_prints_no_call_is_written_as_its_implementation():
    assert written(sqlalchemy_utils.ChoiceType(Colour)) == ("sa.Unicode(length=255)", set())


def test_a_boolean_is_written_without_what_sqlalchemy_knows_of_it():
    assert written(sa.Boolean().adapt(sa.Boolean))[0] == "sa.Boolean()"
    named = sa.Boolean(create_constraint=True, name="yes_or_no")
    assert written(named)[0] == "sa.Boolean(create_constraint=True, name='yes_or_no')"


def test_a_secret_never_reaches_the_file():
    source, _ = written(Sealed("hunter2"))
    assert source == "sa.LargeBinary()"


def test_a_type_that_cannot_be_imported_is_written_as_its_implementation():
    class Local(sa.TypeDecorator):
        impl = sa.String(7)
        cache_ok = True

    assert written(Local()) == ("sa.String(length=7)", set())


def test_an_implementation_may_be_another_one_on_each_database():
    assert written(Guid(), "sqlite", "postgresql", implementation=True)[0] == (
        "sa.CHAR(length=32).with_variant(sa.UUID(), 'postgresql')"
    )


def test_what_has_no_implementation_is_imported_anyway():
    assert written(Line(), implementation=True)[0] == f"{HERE}.Line()"


def test_values_of_an_enum_are_strings():
    assert written(sa.Enum(Colour), "sqlite")[0] == "sa.Enum('red', 'blue', name='colour')"


@pytest.mark.parametrize("kinds", [("postgresql",), ("sqlite", "postgresql")], ids=str)
def test_an_enum_makes_no_type_by_itself_where_one_of_the_databases_has_types(kinds):
    source, imports = written(sa.Enum(Colour, schema="shop"), *kinds)
    assert source == "postgresql.ENUM('red', 'blue', name='colour', schema='shop', create_type=False)"
    assert imports == {"from sqlalchemy.dialects import postgresql"}


def test_an_enum_that_is_text_is_no_type():
    assert "native_enum=False" in written(sa.Enum(Colour, native_enum=False))[0]


def test_what_env_py_says_comes_first():
    own = written(sqlmodel.AutoString(), render_item=lambda kind, item, context: "mine()" if kind == "type" else False)
    assert own == ("mine()", set())
    assert written(sqlmodel.AutoString(), user_module_prefix="mytypes.")[0] == "mytypes.AutoString()"
