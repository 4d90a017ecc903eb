"""sqlacodegen's generators, made to keep what they leave out. Checked with sqlacodegen 4.0.4."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import CommandError
from alembic_manage.inspection.tables import escaped

if TYPE_CHECKING:
    from sqlalchemy import Connection

KINDS = {
    "declarative": "DeclarativeGenerator",
    "dataclasses": "DataclassGenerator",
    "sqlmodel": "SQLModelGenerator",
    "tables": "TablesGenerator",
}
"""sqlacodegen's class by the word of the command line."""
OPTIONS = ("nojoined", "nosyntheticenums")
"""No inheritance is guessed from keys, and no Enum from a CHECK: its VARCHAR would have another length."""
_RESERVED = ("registry", "model_config", "model_fields")
_ACTIONS = ("ondelete", "onupdate", "deferrable", "initially", "match")


def source_of(metadata: sa.MetaData, connection: Connection, kind: str) -> str:
    """The Python source of models for the tables of a MetaData, which is changed by that.

    Raises:
        CommandError: sqlacodegen, or SQLModel where that is wanted, is not installed.
    """
    generator = _generator(kind)
    options = [option for option in OPTIONS if option in generator.valid_options]
    return str(generator(metadata, connection, options).generate())


def _generator(kind: str) -> Any:
    try:
        from sqlacodegen import generators
    except ImportError as error:
        raise CommandError(
            f"inspectdb needs the package sqlacodegen, which is not installed ({error}).",
            hint="pip install 'alembic-manage[inspectdb]'",
        ) from error
    base = getattr(generators, KINDS[kind])
    return type(base.__name__, (_Complete if kind == "tables" else _InColumnOrder, base), {})


class _Complete:
    """What is mixed into a generator of sqlacodegen."""

    metadata: sa.MetaData
    bind: Connection
    add_literal_import: Any
    add_import: Any

    def should_ignore_table(self, table: sa.Table) -> bool:
        return False

    def fix_column_types(self, table: sa.Table) -> None:
        """Adapt the types; CHECKs stay, and so does the default of a column that a sequence numbers."""
        checks = {each for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        defaults = {column: column.server_default for column in table.columns}
        table.constraints -= checks
        super().fix_column_types(table)  # type: ignore[misc]
        table.constraints |= checks
        for column in table.columns:
            if isinstance(column.default, sa.Sequence):
                column.server_default = defaults[column]
                column.default = self._sequence(column.default)

    def _sequence(self, found: sa.Sequence) -> sa.Sequence:
        rules = dialect_named(self.bind.dialect.name)
        said = dict(rules.sequences(self.bind, found.schema).get(found.name, {}))
        usual = {"increment": 1, "minvalue": 1, "start": 1, "cache": 1, "cycle": False}
        options = {name: said[name] for name, value in usual.items() if said.get(name, value) != value}
        return sa.Sequence(found.name, schema=found.schema, **options)

    def find_free_name(self, name: str, *taken: Any) -> str:
        """Also where a base class has the name, or Pydantic would not have it; prefixes as Django's."""
        prefix = "number_" if name[:1].isdigit() else "field" if name.startswith("_") else ""
        suffix = "_" if name in _RESERVED else ""
        return str(super().find_free_name(f"{prefix}{name}{suffix}", *taken))  # type: ignore[misc]

    def render_column(self, column: sa.Column[Any], *args: Any, **options: Any) -> str:
        """As it is; and where a key of one whole number is not numbered, says so."""
        text = str(super().render_column(column, *args, **options))  # type: ignore[misc]
        is_key = list(column.table.primary_key) == [column] and isinstance(column.type, sa.Integer)
        is_plain = column.autoincrement is False and column.server_default is None and not column.foreign_keys
        return f"{text.removesuffix(')')}, autoincrement=False)" if is_key and is_plain else text

    def render_table(self, table: sa.Table) -> str:
        text = str(super().render_table(table))  # type: ignore[misc]
        return f"{text.removesuffix(chr(10) + ')')},\n    info={table.info!r}\n)" if table.info else text

    def render_constraint(self, constraint: Any) -> str:
        if isinstance(constraint, sa.ForeignKey):
            for name in _ACTIONS:
                setattr(constraint, name, getattr(constraint.constraint, name))
        if isinstance(constraint, sa.CheckConstraint):
            words = [repr(escaped(constraint.sqltext.text))]
            words += [f"name={constraint.name!r}"] if constraint.name else []
            return f"CheckConstraint({', '.join(words)})"
        text = str(super().render_constraint(constraint))  # type: ignore[misc]
        options = getattr(constraint, "dialect_kwargs", {}).items()
        said = [f"{name}={value!r}" for name, value in sorted(options) if value]
        return ", ".join([text.removesuffix(")"), *said]) + ")"

    def render_index(self, index: sa.Index) -> str:
        parts = [repr(str(index.name)), *map(self._part, index.expressions)]
        parts += ["unique=True"] if index.unique else []
        return f"Index({', '.join([*parts, *self._options(index)])})"

    def _part(self, part: Any) -> str:
        if isinstance(part, sa.Column):
            return repr(str(part.name))
        return self._text(part.text if isinstance(part, sa.TextClause) else self._sql(part))

    def _options(self, index: sa.Index) -> Iterator[str]:
        for name, value in sorted(index.kwargs.items()):
            if name.endswith("_where") and value is not None:
                yield f"{name}={self._text(str(getattr(value, 'text', value)))}"
            elif value:
                yield f"{name}={value!r}"

    def _text(self, sql: str) -> str:
        self.add_literal_import("sqlalchemy", "text")
        return f"text({escaped(sql)!r})"

    def _sql(self, part: Any) -> str:
        # Another paramstyle than the driver's, which may double percent signs.
        make: Any = type(self.bind.dialect)
        dialect = make(paramstyle="named")
        return str(part.compile(dialect=dialect, compile_kwargs={"include_table": False, "literal_binds": True}))


class _InColumnOrder(_Complete):
    """Keeps the order of the columns, instead of those that are NOT NULL first."""

    indentation: str
    render_column_attribute: Any

    def render_class(self, model: Any) -> str:
        text = str(super().render_class(model))  # type: ignore[misc]
        lines = [self.render_column_attribute(each) for each in model.columns]
        moved = sorted(range(len(lines)), key=lambda place: bool(model.columns[place].column.nullable))
        found = indent("\n".join(lines[place] for place in moved), self.indentation)
        return text.replace(found, indent("\n".join(lines), self.indentation))
