"""As tests/faults/bank: 0005_interest."""

from django.db import migrations, models


def pay(apps, editor):
    """Rows that are read and written."""
    for customer in apps.get_model("shop", "Customer").objects.filter(id__lt=5):
        customer.balance += 10 * customer.id
        customer.save()


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("shop", "0004_status")]
    operations = [
        migrations.RunSQL(
            "UPDATE shop_customer SET balance = balance + 1", "UPDATE shop_customer SET balance = balance - 1"
        ),
        migrations.RunPython(pay, migrations.RunPython.noop),
        migrations.AddField("Customer", "orders", models.IntegerField(null=True)),
        migrations.RunSQL(
            "UPDATE shop_customer SET orders = (SELECT count(*) FROM shop_order WHERE customer_id = shop_customer.id)",
            "",
        ),
        migrations.RunSQL("UPDATE shop_customer SET balance = balance * 2", ""),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0005')", "DELETE FROM shop_run WHERE migration = '0005'"
        ),
    ]
