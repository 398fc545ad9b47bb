from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of payments, read from its newest end."""

    dependencies = [
        ("payments", "0006_figures"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["-created_at", "-id"], name="payment_newest"),
        ),
    ]
