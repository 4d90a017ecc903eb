"""As tests/faults/bank: 0002_orders."""

from django.db import migrations, models


def fill(apps, editor):
    """Rows."""
    order = apps.get_model("shop", "Order")
    order.objects.bulk_create(order(id=number, customer_id=number % 20, amount=number * 1.5) for number in range(50))


class Migration(migrations.Migration):
    """See above."""

    # PostgreSQL refuses DDL on a table whose new rows wait for the check of a deferred key.
    dependencies = [("shop", "0001_customers")]
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.IntegerField(primary_key=True)),
                ("customer", models.ForeignKey("shop.Customer", models.CASCADE)),
                ("amount", models.DecimalField(max_digits=10, decimal_places=2)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            "INSERT INTO shop_run (migration) VALUES ('0002')", "DELETE FROM shop_run WHERE migration = '0002'"
        ),
    ]
