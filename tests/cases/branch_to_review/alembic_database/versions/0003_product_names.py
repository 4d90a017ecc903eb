"""A product name is unique"""

import sqlalchemy as sa
from alembic import op

revision = "0003_product_names"
down_revision = '0002_order_status'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("products") as batch_op:
        batch_op.alter_column("name", new_column_name="title", existing_type=sa.String(200), existing_nullable=False)
        batch_op.create_unique_constraint("uq_products_title", ["title"])
    op.execute("UPDATE products SET title = trim(title)")


def downgrade():
    with op.batch_alter_table("products") as batch_op:
        batch_op.drop_constraint("uq_products_title", type_="unique")
        batch_op.alter_column("title", new_column_name="name", existing_type=sa.String(200), existing_nullable=False)
