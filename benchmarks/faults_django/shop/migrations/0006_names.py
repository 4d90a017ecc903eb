"""As tests/faults/bank: 0006_names."""

from django.db import migrations


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("shop", "0005_interest")]
    operations = [
        migrations.RenameField("Order", "amount", "total"),
        migrations.AlterModelTable("Customer", "clients"),
        migrations.RunSQL("UPDATE clients SET balance = balance + 3", "UPDATE clients SET balance = balance - 3"),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0006')", "DELETE FROM shop_run WHERE migration = '0006'"
        ),
    ]
