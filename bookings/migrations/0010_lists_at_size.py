from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Lists of years of visits by state, by what is over, and by a part of a word."""

    dependencies = [
        ("bookings", "0009_figures_by_id"),
        ("tenants", "0011_word_parts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["status", "-start_at"], name="booking_status_start"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["end_at"], name="booking_end"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=GinIndex(
                OpClass(Upper("ref"), name="gin_trgm_ops"),
                OpClass(Upper("contact_name"), name="gin_trgm_ops"),
                OpClass(Upper("contact_email"), name="gin_trgm_ops"),
                OpClass(models.F("contact_phone"), name="gin_trgm_ops"),
                name="booking_search",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=GinIndex(
                OpClass(Upper("display_name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                OpClass(models.F("phone"), name="gin_trgm_ops"),
                name="customer_search",
            ),
        ),
    ]
