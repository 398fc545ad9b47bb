from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """The outbox of years, read from its newest end, by kind, and by a part of a word."""

    dependencies = [
        ("messaging", "0002_notification_template"),
        ("tenants", "0011_word_parts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["-created_at", "-id"], name="message_newest"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["kind", "-created_at", "-id"], name="message_kind"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=GinIndex(
                OpClass(Upper("recipient"), name="gin_trgm_ops"),
                OpClass(Upper("subject"), name="gin_trgm_ops"),
                name="message_search",
            ),
        ),
    ]
