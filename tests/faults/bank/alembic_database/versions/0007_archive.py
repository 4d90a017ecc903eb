"""A column moves into a table of its own, and back."""

import sqlalchemy as sa
from alembic import op

revision = "0007_archive"
down_revision = "0006_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("order_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.String(40), nullable=False),
    )
    op.execute("INSERT INTO notes (order_id, note) SELECT id, note FROM orders")
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("note")
    op.execute("INSERT INTO runs (migration) VALUES ('0007')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0007'")
    op.add_column("orders", sa.Column("note", sa.String(40)))
    op.execute("UPDATE orders SET note = (SELECT note FROM notes WHERE order_id = orders.id)")
    with op.batch_alter_table("orders") as batch:
        batch.alter_column("note", existing_type=sa.String(40), nullable=False)
    op.drop_table("notes")
