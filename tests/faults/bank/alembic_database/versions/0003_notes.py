"""A column that is added, filled and closed; in a batch on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0003_notes"
down_revision = "0002_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.String(40)))
    op.execute("UPDATE orders SET note = 'old'")
    with op.batch_alter_table("orders") as batch:
        batch.alter_column("note", existing_type=sa.String(40), nullable=False)
    op.execute("INSERT INTO runs (migration) VALUES ('0003')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0003'")
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("note")
