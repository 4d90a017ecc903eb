"""As tests/faults/bank: 0001_customers."""

from django.db import migrations, models


def fill(apps, editor):
    """Rows."""
    customer = apps.get_model("shop", "Customer")
    rows = [customer(id=number, name=f"customer {number}", balance=number) for number in range(20)]
    customer.objects.bulk_create(rows)


class Migration(migrations.Migration):
    """See above."""

    initial = True
    dependencies = []
    operations = [
        # Not a model: its number of each row would tell of a transaction that was rolled back.
        migrations.RunSQL("CREATE TABLE shop_run (migration varchar(40) NOT NULL)", "DROP TABLE shop_run"),
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.IntegerField(primary_key=True)),
                ("name", models.CharField(max_length=40)),
                ("balance", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("INSERT INTO shop_customer (id, name, balance) VALUES (100, 'nobody', 0)", ""),
        migrations.RunSQL("INSERT INTO shop_run (migration) VALUES ('0001')", "DELETE FROM shop_run"),
    ]
