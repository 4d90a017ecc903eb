"""Schemas before and after a change of models, and the renames that are offered between them."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from alembic_manage.autodetect.candidates import Offer
from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.objects import EnumType, Key
from alembic_manage.state.reflected import schema_of
from alembic_manage.state.schema import Schema


def schema(*tables: sa.Table, database: str = "postgresql") -> Schema:
    """The schema of tables that were made with `table`."""
    rules = dialect_named(database)
    made = Schema(rules, "shop" if database == "mysql" else None)
    for each in tables:
        if each.schema:
            made.schemas.add(each.schema)
        for column in each.columns:
            named = rules.enum_key(column.type)
            if named is not None and Key(*named) not in made.enums:
                made.create_enum(EnumType(Key(*named), tuple(column.type.enums)))
    return schema_of(tables, made, state_dialect(made, database))


def table(name: str, *items: sa.Column | sa.Constraint | sa.Index, of: str | None = None) -> sa.Table:
    """A table with a primary key, in the schema `of`."""
    return sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *items, schema=of)


def offered(
    stage: Callable[[Schema, Schema], list[Offer]], before: list[sa.Table], after: list[sa.Table], **options: str
) -> dict[str, list[str]]:
    """The paths of the candidates, by that of what is gone."""
    offers = stage(schema(*before, **options), schema(*after, **options))
    return {str(offer.old): [str(each.new) for each in offer.candidates] for offer in offers}
