"""As tests/faults/bank: 0004_status; Django has no enum types."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models

INDEX = models.Index(fields=["status"], name="ix_orders_status")
IS_POSTGRESQL = connection.vendor == "postgresql"


class Migration(migrations.Migration):
    """See above."""

    atomic = not IS_POSTGRESQL
    dependencies = [("shop", "0003_notes")]
    operations = [
        migrations.AddField("Order", "status", models.CharField(max_length=10, default="open")),
        migrations.RunSQL("UPDATE shop_order SET status = 'paid' WHERE id < 10", ""),
        (AddIndexConcurrently if IS_POSTGRESQL else migrations.AddIndex)("Order", INDEX),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0004')", "DELETE FROM shop_run WHERE migration = '0004'"
        ),
    ]
