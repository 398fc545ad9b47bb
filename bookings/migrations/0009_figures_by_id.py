from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of figures tells rows by their id, too: what money belongs to is joined by it."""

    dependencies = [
        ("bookings", "0008_figures"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="booking", name="booking_figures"),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                fields=["local_date"],
                include=(
                    "id",
                    "status",
                    "source",
                    "team_member",
                    "customer",
                    "start_at",
                    "cancellation_fee_cents",
                    "price_cents",
                    "currency_code",
                ),
                name="booking_figures",
            ),
        ),
    ]
