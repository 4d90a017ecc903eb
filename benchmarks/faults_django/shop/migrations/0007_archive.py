"""As tests/faults/bank: 0007_archive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("shop", "0006_names")]
    operations = [
        migrations.CreateModel(
            "Note", [("order_id", models.IntegerField(primary_key=True)), ("note", models.CharField(max_length=40))]
        ),
        migrations.RunSQL("INSERT INTO shop_note (order_id, note) SELECT id, note FROM shop_order", ""),
        # On the way back the column is filled before it is closed.
        migrations.AlterField("Order", "note", models.CharField(max_length=40, null=True)),
        migrations.RunSQL(
            "", "UPDATE shop_order SET note = (SELECT note FROM shop_note WHERE order_id = shop_order.id)"
        ),
        migrations.RemoveField("Order", "note"),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0007')", "DELETE FROM shop_run WHERE migration = '0007'"
        ),
    ]
