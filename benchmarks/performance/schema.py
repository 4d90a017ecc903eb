"""The one description that every tool's project is made from: tables of two columns and an index, a migration each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Schema:
    """So many tables, each with a column `name` that has an index."""

    size: int

    @property
    def numbers(self) -> range:
        """Of the tables, and of the migrations."""
        return range(1, self.size + 1)

    @property
    def expected(self) -> frozenset[str]:
        """What a database holds once everything is applied, a line a thing."""
        return frozenset(line for number in self.numbers for line in table_lines(f"t{number}"))


def table_lines(table: str) -> Iterable[str]:
    """A table, its columns and its index."""
    return (f"{table}.id", f"{table}.name", f"{table} index ix_{table}_name on name")


def migration_id(number: int) -> str:
    """The same name for every tool."""
    return f"{number:05d}_t{number}"


def revision_source(number: int) -> str:
    """A revision of Alembic's."""
    parent = migration_id(number - 1) if number > 1 else None
    return f'''"""table {number}"""

import sqlalchemy as sa
from alembic import op

revision = "{migration_id(number)}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "t{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_t{number}_name", "t{number}", ["name"])


def downgrade() -> None:
    op.drop_index("ix_t{number}_name", table_name="t{number}")
    op.drop_table("t{number}")
'''


def migration_source(number: int) -> str:
    """The same as a migration of Django's."""
    parent = f'("shop", "{migration_id(number - 1)}")' if number > 1 else ""
    return f"""from django.db import migrations, models


class Migration(migrations.Migration):
    initial = {number == 1}
    dependencies = [{parent}]
    operations = [
        migrations.CreateModel(
            name="T{number}",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=50, null=True)),
            ],
            options={{"db_table": "t{number}"}},
        ),
        migrations.AddIndex(model_name="t{number}", index=models.Index(fields=["name"], name="ix_t{number}_name")),
    ]
"""


def metadata_source(schema: Schema) -> str:
    """The models of SQLAlchemy."""
    tables = "\n".join(
        f'Table("t{n}", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)), '
        f'Index("ix_t{n}_name", "name"))'
        for n in schema.numbers
    )
    return (
        f"from sqlalchemy import Column, Index, Integer, MetaData, String, Table\n\nmetadata = MetaData()\n{tables}\n"
    )


def models_source(schema: Schema) -> str:
    """The models of Django."""
    models = "\n".join(
        f"""
class T{n}(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=50, null=True)

    class Meta:
        db_table = "t{n}"
        indexes = [models.Index(fields=["name"], name="ix_t{n}_name")]
"""
        for n in schema.numbers
    )
    return f"from django.db import models\n{models}"
