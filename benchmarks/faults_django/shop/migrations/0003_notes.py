"""As tests/faults/bank: 0003_notes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("shop", "0002_orders")]
    operations = [
        migrations.AddField("Order", "note", models.CharField(max_length=40, null=True)),
        migrations.RunSQL("UPDATE shop_order SET note = 'old'", ""),
        migrations.AlterField("Order", "note", models.CharField(max_length=40)),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0003')", "DELETE FROM shop_run WHERE migration = '0003'"
        ),
    ]
